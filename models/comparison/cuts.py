"""How two tokenizers cut a text, or one of them two texts: stretches that both spell with whole tokens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from models.text.tokens import Token
from models.text.word_alignment import Word, pairs, words_of


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """The tokens of both sides that spell one stretch, by position; none on a side whose text does not have it.

    `text` is that of the first side, or of the other where the first has none; "" for tokens that stand for no text.
    """

    text: str
    positions: tuple[int, ...]
    others: tuple[int, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class Cuts:
    """Two cuts beside each other, in order.

    `borders`, `other_borders` and `shared_borders` count the places inside the text where a token ends and no other
    goes on: of each side, and of both. They are None for two different texts.
    """

    stretches: tuple[Stretch, ...]
    borders: int | None = None
    other_borders: int | None = None
    shared_borders: int | None = None


def cuts(tokens: Sequence[Token], text: str, others: Sequence[Token], other_text: str) -> Cuts:
    """One text is cut where tokens of both end, so that no shorter stretches are spelled whole by both.

    Two texts are cut into words, which stand beside each other as `word_alignment` pairs them.
    """
    if text != other_text:
        return Cuts(stretches=tuple(_by_words(tokens, text, others, other_text)))
    here, there = borders(tokens, text), borders(others, text)
    ends = {0, len(text)}
    return Cuts(
        stretches=tuple(_by_borders(tokens, others, text, sorted(here & there))),
        borders=len(here - ends),
        other_borders=len(there - ends),
        shared_borders=len((here & there) - ends),
    )


def borders(tokens: Sequence[Token], text: str) -> set[int]:
    """Where one may cut without cutting a token, both ends of the text among them.

    Tokens that share a character are cut together.
    """
    inside = {place for token in tokens for place in range(token.start + 1, token.end)}
    ends = {place for token in tokens if token.end > token.start for place in (token.start, token.end)}
    return (ends | {0, len(text)}) - inside


def _by_borders(tokens: Sequence[Token], others: Sequence[Token], text: str, places: Sequence[int]) -> list[Stretch]:
    """A stretch between any two neighbouring places; before each, one of what stands there for no text."""
    found: list[Stretch] = []
    here, there = _Side(tokens), _Side(others)
    for start, end in [*pairwise(places), (len(text), len(text))]:
        empty = Stretch(text="", positions=here.empty_at(start), others=there.empty_at(start))
        whole = Stretch(text=text[start:end], positions=here.before(end), others=there.before(end))
        found += [one for one in (empty, whole) if one.positions or one.others]
    return found


class _Side:
    """Tokens that are handed out in their order."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._next = 0

    def empty_at(self, place: int) -> tuple[int, ...]:
        """Those that stand for no text, next in the order, at this place or before it."""
        return self._while(lambda token: token.start == token.end <= place)

    def before(self, end: int) -> tuple[int, ...]:
        """Those that begin before `end`."""
        return self._while(lambda token: token.start < end)

    def _while(self, holds: Callable[[Token], bool]) -> tuple[int, ...]:
        first = self._next
        while self._next < len(self._tokens) and holds(self._tokens[self._next]):
            self._next += 1
        return tuple(range(first, self._next))


def _by_words(tokens: Sequence[Token], text: str, others: Sequence[Token], other_text: str) -> list[Stretch]:
    def stretch(one: Word | None, two: Word | None) -> Stretch:
        named = one or two
        return Stretch(
            text=named.text if named else "",
            positions=one.positions if one else (),
            others=two.positions if two else (),
        )

    return [stretch(one, two) for one, two in pairs(words_of(tokens, text), words_of(others, other_text))]
