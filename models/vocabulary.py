"""The entries of a model's vocabulary as a reader sees them: their text, their kind, and how to find one."""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np
from jaxtyping import Int32, UInt8
from numpy import ndarray

from models.errors import InputError
from models.language_model import LanguageModel
from models.spelling import Spelling

KINDS = (
    "word start",
    "continuation",
    "word or part of one",
    "number",
    "punctuation or space",
    "another script",
    "part of a character",
    "special",
    "unused",
)
START, PART, WORD, NUMBER, MARK, SCRIPT, BYTES, SPECIAL, UNUSED = range(len(KINDS))

LONGEST_QUERY = 200


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Every entry of one vocabulary, by id. `kinds` are places in `KINDS`; `lengths` count characters and spaces."""

    texts: tuple[str, ...]
    kinds: UInt8[ndarray, " vocab"]

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def lengths(self) -> Int32[ndarray, " vocab"]:
        return np.array([len(text) for text in self.texts], dtype=np.int32)

    @cached_property
    def _folded(self) -> tuple[str, ...]:
        return tuple(text.casefold() for text in self.texts)

    @cached_property
    def _ids(self) -> dict[str, int]:
        """Text → its first id."""
        return {text: number for number, text in reversed(list(enumerate(self.texts)))}

    def search(self, query: str) -> list[int]:
        """Ids of every entry that holds `query` (case ignored), the best first; "#12" finds the entry with that id.

        First what is exactly the query, then the same without its leading space, then what begins with it, then the
        rest; each in order of id, which in most vocabularies is roughly from common to rare.
        """
        if not query or len(query) > LONGEST_QUERY:
            raise InputError(f"Search for 1 to {LONGEST_QUERY} characters.")
        number = query.removeprefix("#")
        if query != number and number.isascii() and number.isdigit() and int(number) < len(self):
            return [int(number)]
        wanted = query.casefold()
        found = [number for number, text in enumerate(self._folded) if wanted in text]
        return sorted(found, key=lambda number: (self._rank(number, query), number))

    def find(self, word: str) -> int | None:
        """The entry that spells `word`, the one with a space before it if there are two; None if there is none."""
        return self._ids.get(" " + word, self._ids.get(word))

    def entry(self, typed: str) -> int:
        """The entry a person means: the word as it stands after a space, else exactly what they typed, else "#id"."""
        word = typed.strip()
        found = self.find(word) if word else None
        if found is None and typed:
            found = self._ids.get(typed)
        if found is None and word.startswith("#") and word[1:].isdigit():
            found = next(iter(self.search(word)), None)
        if found is None:
            raise InputError(f"“{typed}” is not one token of this model. Try a shorter or more common word.")
        return found

    def extended(self, size: int) -> "Vocabulary":
        """The same with unused entries up to `size`."""
        more = size - len(self)
        return Vocabulary(self.texts + ("",) * more, np.append(self.kinds, np.full(more, UNUSED, dtype=np.uint8)))

    def _rank(self, number: int, query: str) -> int:
        text, folded, wanted = self.texts[number], self._folded[number], query.casefold()
        bare = wanted.strip()
        orders = (text == query, text.strip() == query, folded.strip() == bare, folded.lstrip().startswith(bare))
        return orders.index(True) if True in orders else len(orders)


def vocabulary(model: LanguageModel) -> Vocabulary:
    """The model's vocabulary, one entry per row of its input embedding; read once per model."""
    with _LOCK:
        if model not in _KEPT:
            _KEPT[model] = _read(model.spelling, len(model.embedding("input")))
        return _KEPT[model]


_KEPT: WeakKeyDictionary[LanguageModel, Vocabulary] = WeakKeyDictionary()
_LOCK = Lock()


def _read(spelling: Spelling, size: int) -> Vocabulary:
    texts = tuple(spelling.display(number) for number in range(size))
    script = _main_script(texts)
    kinds = [_kind(spelling, number, texts[number], script) for number in range(size)]
    return Vocabulary(texts, np.array(kinds, dtype=np.uint8))


def _kind(spelling: Spelling, number: int, text: str, main: str) -> int:
    if number >= spelling.size or (text == "" and spelling.piece(number) == ""):
        return UNUSED
    if number in spelling.special:
        return SPECIAL
    if not _whole(spelling.spell(number)):
        return BYTES
    bare = text.strip()
    if bare and all(character.isnumeric() for character in bare):
        return NUMBER
    scripts = list(_scripts(bare))
    if not scripts:
        return MARK
    return _place_in_word(spelling, number, text) if main in scripts else SCRIPT


def _place_in_word(spelling: Spelling, number: int, text: str) -> int:
    """Whether letters begin a word or go on with one, as far as this kind of vocabulary says."""
    if spelling.style in {"bytes", "metaspace"}:
        return START if text.startswith(" ") else PART
    if spelling.style == "wordpiece":
        return PART if spelling.piece(number).startswith("##") else START
    return WORD


def _whole(spelled: bytes) -> bool:
    try:
        spelled.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _scripts(text: str) -> Iterator[str]:
    """The script of each letter: the first word of its Unicode name, as in LATIN SMALL LETTER A."""
    for character in text:
        if character.isalpha():
            yield unicodedata.name(character, "UNNAMED").split()[0]


def _main_script(texts: tuple[str, ...]) -> str:
    counted = Counter(script for text in texts for script in _scripts(text))
    return counted.most_common(1)[0][0] if counted else "LATIN"
