"""Which token of another text stands for each token of a text: aligned by words, through character spans."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from models.text.tokens import Token

WORD = re.compile(r"\w+|[^\w\s]+")


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word, a run of punctuation, or one token that stands for no text; `positions` are its tokens'."""

    text: str
    positions: tuple[int, ...]


def aligned(
    tokens: Sequence[Token], text: str, others: Sequence[Token], other_text: str, *, by_position: bool = True
) -> tuple[int | None, ...]:
    """For each token the position of its counterpart among `others`; None where there is none.

    Texts of one length in tokens correspond position by position, unless two tokenizers cut them (not `by_position`).
    Else words correspond: in their order where both texts have as many, otherwise equal words, and replaced stretches
    of as many words. Of two words of different length in tokens only the last tokens correspond, for they alone have
    read all of their word.
    """
    if by_position and len(tokens) == len(others):
        return tuple(range(len(tokens)))
    found: list[int | None] = [None] * len(tokens)
    for word, other in pairs(words_of(tokens, text), words_of(others, other_text)):
        if word is None or other is None:
            continue
        count = len(word.positions) if len(word.positions) == len(other.positions) else 1
        for position, counterpart in zip(word.positions[-count:], other.positions[-count:], strict=True):
            found[position] = counterpart
    return tuple(found)


def words_of(tokens: Sequence[Token], text: str) -> list[Word]:
    """The tokens gathered into words; a token belongs to the word of its first character that is no space."""
    places = [(match.start(), match.end()) for match in WORD.finditer(text)]
    words: list[Word] = []
    last = -1
    for position, token in enumerate(tokens):
        spelled = text[token.start : token.end]
        first = token.start + len(spelled) - len(spelled.lstrip())
        spells = bool(spelled.strip())
        here = next((at for at, (start, end) in enumerate(places) if start <= first < end), -1) if spells else -1
        if here >= 0 and here == last:
            words[-1] = Word(text=words[-1].text, positions=(*words[-1].positions, position))
        else:
            start, end = places[here] if here >= 0 else (0, 0)
            words.append(Word(text=text[start:end] or token.piece, positions=(position,)))
        last = here
    return words


def pairs(words: Sequence[Word], others: Sequence[Word]) -> list[tuple[Word | None, Word | None]]:
    """The words of two texts beside each other, in order; None beside a word that has no counterpart.

    Texts of as many words correspond in their order; else by their longest common stretches (Ratcliff and Obershelp, as
    Python's `difflib` finds them), and a replaced stretch corresponds where it has as many words as before.
    """
    if len(words) == len(others):
        return list(zip(words, others, strict=True))
    matcher = SequenceMatcher(None, [word.text for word in words], [word.text for word in others], autojunk=False)
    found: list[tuple[Word | None, Word | None]] = []
    for _tag, first, last, other_first, other_last in matcher.get_opcodes():
        here, there = words[first:last], others[other_first:other_last]
        if len(here) == len(there):
            found += zip(here, there, strict=True)
        else:
            found += [*((word, None) for word in here), *((None, word) for word in there)]
    return found
