"""Sentences for people: each passes through one function, English in place as the key, as gettext does it.

`_("The text has {count} characters.", count=20_500)` looks the English sentence up in the catalogue of the language in
use, then puts the values in; whole numbers are grouped as that language groups them. Babel finds the sentences in
Python and in scripts alike. A language is one file, `locales/<language>.po`, read when the app starts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import SupportsFloat

from babel import Locale
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LOCALES = Path(__file__).with_name("locales")
Forms = Sequence[str]
PLURAL_FORMS = ("zero", "one", "two", "few", "many", "other")  # in the order catalogues keep them


@dataclass(frozen=True, eq=False)
class Language:
    """One language: how it writes numbers, and its sentences by their English ones (several where a count decides)."""

    locale: Locale
    sentences: Mapping[str, Forms] = field(default_factory=lambda: MappingProxyType({}))

    def sentence(self, english: str) -> str:
        return next(iter(self.sentences.get(english, ())), "") or english

    def counted(self, one: str, many: str, count: int) -> str:
        """The form this language uses for `count` things."""
        forms = self.sentences.get(one, ())
        if not forms:
            return one if count == 1 else many
        rule = self.locale.plural_form
        order = [form for form in PLURAL_FORMS if form in rule.tags or form == "other"]
        return forms[min(order.index(rule(count)), len(forms) - 1)] or many

    def number(self, value: SupportsFloat, digits: int | None = None) -> str:
        """A number as this language writes it, with exactly `digits` decimals if given."""
        pattern = None if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
        return str(format_decimal(float(value), format=pattern, locale=self.locale))


ENGLISH = Language(Locale("en"))
_in_use = [ENGLISH]


def read_language(code: str) -> Language:
    """The language of this code (`de`, `pt_BR`); a code without a catalogue raises FileNotFoundError."""
    if code == "en":
        return ENGLISH
    with (LOCALES / f"{code}.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    forms = {
        message.id if isinstance(message.id, str) else message.id[0]: _forms(message.string)
        for message in catalogue
        if message.id and message.string
    }
    return Language(Locale.parse(code), forms)


def use(language: Language) -> None:
    """Speak this language from now on, in the whole process."""
    _in_use[0] = language


def in_use() -> Language:
    """The language spoken now."""
    return _in_use[0]


def _(english: str, **values: object) -> str:
    """A sentence in the language in use, its `{names}` replaced by `values`."""
    return _filled(in_use().sentence(english), values)


def _n(one: str, many: str, count: int, **values: object) -> str:
    """A sentence about `count` things; `{count}` may stand in it."""
    return _filled(in_use().counted(one, many, count), {"count": count, **values})


def number(value: SupportsFloat, digits: int | None = None) -> str:
    """A number in the language in use."""
    return in_use().number(value, digits)


def _filled(sentence: str, values: Mapping[str, object]) -> str:
    return sentence.format_map({name: _written(value) for name, value in values.items()}) if values else sentence


def _written(value: object) -> str:
    return number(value) if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _forms(string: str | Sequence[str]) -> Forms:
    return (string,) if isinstance(string, str) else tuple(string)
