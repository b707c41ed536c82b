"""What the Layers tab asks for two sides: what each would say by relative depth, and how far apart that is."""

from typing import Literal

import numpy as np
from numpy import ndarray
from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, PairRequest, Whole, call
from explorer.features.layers.readings import EntryAnswer, entry, lenses_of
from models.comparison.correspondence import has_same_vocabulary, read_counterparts
from models.comparison.depths import Side, depth_pairs, divergences, probabilities
from models.errors import InputError
from models.lenses.grid import LensGrid, lens_grid
from models.lenses.names import Lens
from models.text.vocabulary import vocabulary
from models.translation import _

DIGITS = 4


class CompareLayersRequest(PairRequest):
    """One lens over two runs; a lens that one of them does not have gives way to the logit lens."""

    lens: Lens = "logit"
    distance: Literal["kl", "js"] = "kl"
    position: Whole | None = Field(None, ge=0)


class GuessAnswer(EntryAnswer):
    """The likeliest token of a reading."""

    probability: float


class PairDepthAnswer(TypedDict):
    """A depth of A, that of B beside it, and what each would say at the position asked about; `same` if one word."""

    depth: int
    other_depth: int
    one: GuessAnswer
    other: GuessAnswer | None
    same: bool


class CompareLayersAnswer(TypedDict):
    """Two runs by relative depth. Values are by depth and position of A; null where nothing corresponds.

    `distances` (bits) are there for one vocabulary; for two, `shares` and `other_shares` are the probability of A's
    last word at that position in A and in B. `other_position` is null where the position has no counterpart.
    """

    lens: str
    lenses: list[str]
    same_vocabulary: bool
    position: int
    other_position: int | None
    last: int
    other_last: int
    depths: list[PairDepthAnswer]
    distances: list[list[float | None]]
    shares: list[list[float | None]]
    other_shares: list[list[float | None]]


@call
def compare_layers(context: Context, request: CompareLayersRequest) -> CompareLayersAnswer:
    """Read both runs at every depth."""
    one = (context.model(request.run), context.trace(request.run))
    other = (context.model(request.other), context.trace(request.other))
    lenses = [lens for lens in lenses_of(*one) if lens in lenses_of(*other)]
    lens = request.lens if request.lens in lenses else "logit"
    same = has_same_vocabulary(one[0], other[0])
    counterparts = read_counterparts(one[1], other[1], same_vocabulary=same)
    position = _position(one, request.position)
    pairs = depth_pairs(one[1], other[1], lens)
    told = _shares(one, other, lens, counterparts) if not same else ([], [])
    return {
        "lens": lens,
        "lenses": lenses,
        "same_vocabulary": same,
        "position": position,
        "other_position": counterparts[position],
        "last": pairs[-1][0],
        "other_last": other[1].lens_depths(lens) - 1,
        "depths": _depths(one, other, lens, (position, counterparts[position]), same=same),
        "distances": _numbers(divergences(one, other, lens, counterparts, request.distance)) if same else [],
        "shares": told[0],
        "other_shares": told[1],
    }


def _position(side: Side, asked: int | None) -> int:
    trace = side[1]
    last = len(trace.target_tokens or trace.tokens) - 1
    if asked is None:
        return trace.mask_positions[0] if trace.mask_positions else last
    if asked > last:
        raise InputError(_("position must be from 0 to {last}.", last=last))
    return asked


def _depths(one: Side, other: Side, lens: str, at: tuple[int, int | None], *, same: bool) -> list[PairDepthAnswer]:
    grids = [lens_grid(*side, lens, 1) for side in (one, other)]
    found: list[PairDepthAnswer] = []
    for depth, beside in depth_pairs(one[1], other[1], lens):
        first = _guess(one, grids[0], depth, at[0])
        second = None if at[1] is None else _guess(other, grids[1], beside, at[1])
        alike = second is not None and _says(first, same=same) == _says(second, same=same)
        found.append({"depth": depth, "other_depth": beside, "one": first, "other": second, "same": alike})
    return found


def _says(guess: GuessAnswer, *, same: bool) -> int | str:
    """The token of one vocabulary; of two, its text without the space that one of them may write before it."""
    return guess["id"] if same else guess["text"].strip() or guess["text"]


def _guess(side: Side, grid: LensGrid, depth: int, position: int) -> GuessAnswer:
    share = float(grid.probabilities[depth, position, 0])
    return {**entry(side[0], int(grid.ids[depth, position, 0])), "probability": round(share, DIGITS + 1)}


def _shares(
    one: Side, other: Side, lens: str, counterparts: tuple[int | None, ...]
) -> tuple[list[list[float | None]], list[list[float | None]]]:
    """The probability of A's last word at each position and depth, in A and in B."""
    own = lens_grid(*one, lens, 1).own.tolist()
    there = [_spelled_alike(one, other, token) for token in own]
    pairs = depth_pairs(one[1], other[1], lens)
    mine = probabilities(one, lens, [depth for depth, _other in pairs], range(len(own)), own)
    theirs = probabilities(other, lens, [depth for _one, depth in pairs], counterparts, there)
    return _numbers(mine), _numbers(theirs)


def _spelled_alike(one: Side, other: Side, token: int) -> int | None:
    """The token of the other vocabulary that spells the same, by a word's rules where that is clear."""
    text = one[0].token_text(token)
    try:
        return vocabulary(other[0]).entry(text)
    except InputError:
        return None


def _numbers(values: ndarray) -> list[list[float | None]]:
    return [[None if np.isnan(one) else round(float(one), DIGITS) for one in row] for row in values]
