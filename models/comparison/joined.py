"""Two next-token distributions joined by what their tokens spell, whatever vocabularies they are over.

Within one vocabulary a token is itself. Across two, entries that spell the same text are one: where several entries of
one side spell it, their probabilities add up. A WordPiece entry that begins a word is read with a space before it.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float64, Int64
from numpy import ndarray

from models.engine.cache import derived
from models.engine.language_model import LanguageModel
from models.generation.sampling import Candidate, Distribution, largest

Order = Literal["probability", "difference"]
Places = Int64[ndarray, " vocab"]
"""For each entry of a vocabulary the number of its spelling, −1 where it spells nothing."""


@dataclass(frozen=True, eq=False)
class Side:
    """A model and its distribution."""

    model: LanguageModel
    found: Distribution


@dataclass(frozen=True, kw_only=True)
class JoinedToken:
    """One spelling and what each side says of it, None where a side has no such token."""

    text: str
    special: bool
    sides: tuple[Candidate | None, Candidate | None]


def joined(one: Side, other: Side, limit: int, order: Order, *, same_vocabulary: bool) -> tuple[JoinedToken, ...]:
    """At most `limit` tokens: those that either side draws most likely, or whose probabilities differ most.

    Both are meant after the rules of each side; a token that a side does not have has a probability of 0 there.
    """
    sides = (one, other)
    places, count = _places(one, other, same_vocabulary=same_vocabulary)
    finals = np.stack([_sums(side.found, numbers, count) for side, numbers in zip(sides, places, strict=True)])
    weight = finals.max(axis=0) if order == "probability" else np.abs(finals[0] - finals[1])
    return tuple(_row(sides, places, int(at)) for at in largest(weight, min(limit, int((weight > 0).sum()))))


def spelling(model: LanguageModel, token: int) -> tuple[bool, str]:
    """Whether an entry is special, and what it adds to a text: "" for nothing."""
    decoder = model.token_decoder
    if token in decoder.special:
        return True, decoder.piece(token)
    text = decoder.display(token)
    begins = decoder.style == "wordpiece" and text[:1].isalnum() and not decoder.piece(token).startswith("##")
    return False, f" {text}" if begins else text


def _places(one: Side, other: Side, *, same_vocabulary: bool) -> tuple[tuple[Places, Places], int]:
    """The numbers of both vocabularies' spellings, and how many there are."""
    sizes = [len(side.found.logits) for side in (one, other)]
    if same_vocabulary:
        return (np.arange(sizes[0]), np.arange(sizes[1])), sizes[0]
    known: dict[tuple[bool, str], int] = {}
    spelled = [_spellings(side.model, size) for side, size in zip((one, other), sizes, strict=True)]
    found = [[known.setdefault(name, len(known)) if name[1] else -1 for name in names] for names in spelled]
    return (np.array(found[0]), np.array(found[1])), len(known)


def _spellings(model: LanguageModel, size: int) -> Sequence[tuple[bool, str]]:
    return derived(model, ("spellings", size), lambda: tuple(spelling(model, token) for token in range(size)))


def _sums(found: Distribution, places: Places, count: int) -> Float64[ndarray, " spelling"]:
    spelled = places >= 0
    return np.bincount(places[spelled], weights=found.final_probability[spelled], minlength=count)


def _row(sides: tuple[Side, Side], places: tuple[Places, Places], at: int) -> JoinedToken:
    ids = [np.flatnonzero(numbers == at) for numbers in places]
    named = next((side.model, int(mine[0])) for side, mine in zip(sides, ids, strict=True) if len(mine))
    special, text = spelling(*named)
    one, other = (_candidate(side.found, mine) for side, mine in zip(sides, ids, strict=True))
    return JoinedToken(text=text, special=special, sides=(one, other))


def _candidate(found: Distribution, ids: Int64[ndarray, " entry"]) -> Candidate | None:
    """The likeliest of the entries that spell one text, with the probability of them all."""
    if not len(ids):
        return None
    best = found.of(int(ids[found.logits[ids].argmax()]))
    if len(ids) == 1:
        return best
    own, final = (float(shares[ids].sum(dtype=np.float64)) for shares in (found.probability, found.final_probability))
    return dataclasses.replace(best, probability=own, final_probability=final)
