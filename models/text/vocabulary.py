"""The entries of a model's vocabulary as a reader sees them: their text, their kind, and how to find one."""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import UInt8
from numpy import ndarray

from models.engine.cache import bytes_of, derived
from models.engine.language_model import LanguageModel
from models.errors import InputError
from models.limits import MAX_QUERY_LENGTH
from models.text.token_decoder import TokenDecoder
from models.translation import _

START, PART, WORD, NUMBER, MARK, SCRIPT, BYTES, SPECIAL, UNUSED = range(9)


def kind_names() -> tuple[str, ...]:
    """The kinds of entries as a person reads them, in the order of their numbers."""
    return (
        _("word start"),
        _("continuation"),
        _("word or part of one"),
        _("number"),
        _("punctuation or space"),
        _("another script"),
        _("part of a character"),
        _("special"),
        _("unused"),
    )


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Every entry of one vocabulary, by id. `kinds` are indices into `kind_names()`."""

    texts: tuple[str, ...]
    kinds: UInt8[ndarray, " vocab"]

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def nbytes(self) -> int:
        """The bytes of the texts, counted twice more for what searching and finding keep, and of the kinds."""
        return 3 * bytes_of(self.texts) + self.kinds.nbytes

    @cached_property
    def _folded(self) -> tuple[str, ...]:
        return tuple(text.casefold() for text in self.texts)

    @cached_property
    def _ids(self) -> dict[str, int]:
        """Text → its first id."""
        return {text: token_id for token_id, text in reversed(list(enumerate(self.texts)))}

    def search(self, query: str) -> list[int]:
        """Ids of every entry that holds `query` (case ignored), the best first; "#12" finds the entry with that id.

        First the query as a word of its own, then the same in other letters, then as the inside of a word, then what
        begins with it, then the rest; each in order of id, which in most vocabularies is roughly from common to rare.
        """
        if not query or len(query) > MAX_QUERY_LENGTH:
            raise InputError(_("Search for 1 to {most} characters.", most=MAX_QUERY_LENGTH))
        digits = query.removeprefix("#")
        if query != digits and digits.isascii() and digits.isdigit() and int(digits) < len(self):
            return [int(digits)]
        wanted = query.casefold()
        found = [token_id for token_id, text in enumerate(self._folded) if wanted in text]
        return sorted(found, key=lambda token_id: (self._rank(token_id, query), token_id))

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
            raise InputError(
                _("“{typed}” is not one token of this model. Try a shorter or more common word.", typed=typed)
            )
        return found

    def extended(self, size: int) -> "Vocabulary":
        """The same with unused entries up to `size`."""
        more = size - len(self)
        return Vocabulary(self.texts + ("",) * more, np.append(self.kinds, np.full(more, UNUSED, dtype=np.uint8)))

    def _rank(self, token_id: int, query: str) -> int:
        text, folded, wanted = self.texts[token_id], self._folded[token_id], query.casefold()
        bare = wanted.strip()
        same, same_letters = text.strip() == query.strip(), folded.strip() == bare
        begins = self.kinds[token_id] != PART
        orders = (begins and same, begins and same_letters, same_letters, folded.lstrip().startswith(bare))
        return orders.index(True) if True in orders else len(orders)


def vocabulary(model: LanguageModel) -> Vocabulary:
    """The model's vocabulary, one entry per row of its input embedding; read once per model."""
    return derived(model, "vocabulary", lambda: _read(model.token_decoder, len(model.embedding("input"))))


def _read(token_decoder: TokenDecoder, size: int) -> Vocabulary:
    texts = tuple(token_decoder.display(token_id) for token_id in range(size))
    script = _main_script(texts)
    kinds = [_kind(token_decoder, token_id, texts[token_id], script) for token_id in range(size)]
    return Vocabulary(texts, np.array(kinds, dtype=np.uint8))


def _kind(token_decoder: TokenDecoder, token_id: int, text: str, main: str) -> int:
    if token_id >= token_decoder.size or (text == "" and token_decoder.piece(token_id) == ""):
        return UNUSED
    if token_id in token_decoder.special:
        return SPECIAL
    if not _whole(token_decoder.decode_bytes(token_id)):
        return BYTES
    bare = text.strip()
    if bare and all(character.isnumeric() for character in bare):
        return NUMBER
    scripts = list(_scripts(bare))
    if not scripts:
        return MARK
    return _place_in_word(token_decoder, token_id, text) if main in scripts else SCRIPT


def _place_in_word(token_decoder: TokenDecoder, token_id: int, text: str) -> int:
    """The kind of an entry of letters: begins a word or continues one, as far as this kind of vocabulary says."""
    if token_decoder.style in {"bytes", "metaspace"}:
        return START if text.startswith(" ") else PART
    if token_decoder.style == "wordpiece":
        return PART if token_decoder.piece(token_id).startswith("##") else START
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
