"""What a text cost two models, stretch by stretch, whatever tokens each of them cuts it into.

A text that both read is cut where the tokens of both end: a segment is the shortest stretch that both spell with whole
tokens, and its bits are the sum over its tokens, in each model. Two different texts are cut into words, and words that
correspond stand beside each other. Bits per byte divide by the UTF-8 bytes of the same stretches; perplexities per
token of different vocabularies cannot be compared, and are not given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from models.comparison.cuts import borders
from models.generation.scoring import TokenScores
from models.text.word_alignment import Word, pairs, words_of


@dataclass(frozen=True, kw_only=True)
class Part:
    """One side of a segment: its text, the positions of its tokens, its surprisal in bits.

    `bits` is None where a token of it has no score: the first of a text, which has nothing before it, or a special one.
    """

    text: str
    positions: tuple[int, ...]
    bits: float | None


Segment = tuple[Part | None, Part | None]


@dataclass(frozen=True, eq=False, kw_only=True)
class Comparison:
    """The segments of two runs in order; None beside a stretch that the other text does not have.

    `bits_per_byte` of each side: over the segments that both have a score for if it is one text, which are the same
    bytes, else over all that is scored. None where nothing is.
    """

    segments: tuple[Segment, ...]
    is_one_text: bool
    bits_per_byte: tuple[float | None, float | None]


def compared(scores: TokenScores, text: str, other: TokenScores, other_text: str) -> Comparison:
    """Put two scored texts beside each other."""
    is_one = text == other_text
    here, there = _Side(scores, text), _Side(other, other_text)
    segments = _of_one_text(here, there) if is_one else _of_words(here, there)
    counted = [(one, two) for one, two in segments if not is_one or (_is_scored(one) and _is_scored(two))]
    rates = [_bits_per_byte([segment[place] for segment in counted]) for place in (0, 1)]
    return Comparison(segments=tuple(segments), is_one_text=is_one, bits_per_byte=(rates[0], rates[1]))


class _Side:
    """A scored text by its tokens."""

    def __init__(self, scores: TokenScores, text: str) -> None:
        self.text = text
        self.tokens = scores.tokens
        self._bits = dict(zip(scores.positions.tolist(), scores.surprisal.tolist(), strict=True))

    @property
    def borders(self) -> set[int]:
        """Where one may cut without cutting a token."""
        return borders(self.tokens, self.text)

    def within(self, start: int, end: int) -> Part:
        """What the tokens that begin in a stretch cost."""
        here = [
            place for place, token in enumerate(self.tokens) if token.start < token.end and start <= token.start < end
        ]
        return self.part(self.text[start:end], here)

    def part(self, text: str, positions: Sequence[int]) -> Part:
        known = [place in self._bits and not self.tokens[place].special for place in positions]
        bits = sum(self._bits[place] for place in positions) if known and all(known) else None
        return Part(text=text, positions=tuple(positions), bits=bits)


def _of_one_text(here: _Side, there: _Side) -> list[Segment]:
    cuts = sorted(here.borders & there.borders)
    return [(here.within(start, end), there.within(start, end)) for start, end in pairwise(cuts)]


def _of_words(here: _Side, there: _Side) -> list[Segment]:
    def part(side: _Side, word: Word | None) -> Part | None:
        return None if word is None else side.part(word.text, word.positions)

    matched = pairs(words_of(here.tokens, here.text), words_of(there.tokens, there.text))
    return [(part(here, one), part(there, two)) for one, two in matched]


def _is_scored(part: Part | None) -> bool:
    return part is not None and part.bits is not None


def _bits_per_byte(parts: Sequence[Part | None]) -> float | None:
    scored = [part for part in parts if part and part.bits is not None]
    size = sum(len(part.text.encode("utf-8", "surrogatepass")) for part in scored)
    return sum(part.bits or 0.0 for part in scored) / size if size else None
