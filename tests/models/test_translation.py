"""Sentences and numbers in the language in use."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models import translation
from models.translation import ENGLISH, _, _n, number, read_language, use

GERMAN = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "The text has {count} characters."
msgstr "Der Text hat {count} Zeichen."

msgid "{count} token"
msgid_plural "{count} tokens"
msgstr[0] "{count} Stück"
msgstr[1] "{count} Stücke"
"""


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "de.po").write_text(GERMAN, "utf-8")
    monkeypatch.setattr(translation, "LOCALES", tmp_path)
    use(read_language("de"))
    yield
    use(ENGLISH)


def test_english_is_the_key_and_the_sentence() -> None:
    assert _("The text has {count} characters.", count=20_500) == "The text has 20,500 characters."
    assert _n("{count} token", "{count} tokens", 1) == "1 token"
    assert _n("{count} token", "{count} tokens", 1200) == "1,200 tokens"
    assert (number(0.5, 2), number(1234.5, 1), number(7)) == ("0.50", "1,234.5", "7")


def test_braces_in_a_value_stay_text() -> None:
    assert _("No model is called {name}.", name="{count}") == "No model is called {count}."
    assert _("Braces {like these} stay without values.") == "Braces {like these} stay without values."


@pytest.mark.usefixtures("german")
def test_another_language_is_one_file() -> None:
    assert _("The text has {count} characters.", count=20_500) == "Der Text hat 20.500 Zeichen."
    assert (_n("{count} token", "{count} tokens", 1), _n("{count} token", "{count} tokens", 2)) == (
        "1 Stück",
        "2 Stücke",
    )
    assert number(0.5, 2) == "0,50"
    assert _("Not translated yet.") == "Not translated yet."


def test_a_language_of_three_forms_takes_them_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forms = "\n".join(
        f'msgstr[{place}] "{{count}} {word}"' for place, word in enumerate(["token", "tokeny", "tokenów"])
    )
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    text = f'{head}msgid "{{count}} token"\nmsgid_plural "{{count}} tokens"\n{forms}\n'
    (tmp_path / "pl.po").write_text(text, "utf-8")
    monkeypatch.setattr(translation, "LOCALES", tmp_path)
    polish = read_language("pl")
    spoken = [polish.counted("{count} token", "{count} tokens", count) for count in (1, 2, 5)]
    assert spoken == ["{count} token", "{count} tokeny", "{count} tokenów"]
