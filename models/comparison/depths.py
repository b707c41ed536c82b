"""Two runs read at every depth through one lens: how far apart what they would say is, by relative depth."""

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from jaxtyping import Float32, Float64
from numpy import ndarray

from models.comparison.distances import LOGIT_ROWS, js_rows, kl_rows, log_shares
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.lenses.grid import depth_logits, refuse_unread

Divergence = Literal["kl", "js"]
Side = tuple[LanguageModel, Trace]


def depth_pairs(trace: Trace, other: Trace, lens: str = "logit") -> list[tuple[int, int]]:
    """Each depth of the one run with the depth of the other at the same fraction of its way, 0 the embedding."""
    last, other_last = trace.lens_depths(lens) - 1, other.lens_depths(lens) - 1
    return [(depth, int(depth / last * other_last + 0.5) if last else other_last) for depth in range(last + 1)]


def divergences(
    one: Side, other: Side, lens: str, counterparts: Sequence[int | None], of: Divergence = "kl"
) -> Float64[ndarray, "depth position"]:
    """KL(one ‖ other), or the Jensen–Shannon divergence, in bits at each depth and position of the one run.

    NaN where the other has no counterpart. Raises `Unsupported` where the depths of one of them cannot be read.
    """
    pairs = depth_pairs(one[1], other[1], lens)
    found = np.full((len(pairs), len(counterparts)), np.nan)
    measure = kl_rows if of == "kl" else js_rows
    for row, (depth, other_depth) in enumerate(pairs):
        for here, there in _matched(counterparts):
            found[row, here] = measure(
                log_shares(_logits(one, lens, depth, here)), log_shares(_logits(other, lens, other_depth, there))
            )
    return found


def probabilities(
    side: Side, lens: str, depths: Sequence[int], positions: Sequence[int | None], tokens: Sequence[int | None]
) -> Float64[ndarray, "depth position"]:
    """The probability of one token at each position, through the lens at each of these depths.

    NaN where there is no such position or no such token.
    """
    found = np.full((len(depths), len(positions)), np.nan)
    for row, depth in enumerate(depths):
        for here, there in _matched(positions):
            shares = np.exp(log_shares(_logits(side, lens, depth, there)))
            for place, at in enumerate(here):
                wanted = tokens[at]
                if wanted is not None:
                    found[row, at] = shares[place, wanted]
    return found


def _matched(counterparts: Sequence[int | None]) -> Iterator[tuple[ndarray, ndarray]]:
    """Positions with their counterparts, few enough for their logits to be in memory at once."""
    matched = [(here, there) for here, there in enumerate(counterparts) if there is not None]
    for first in range(0, len(matched), LOGIT_ROWS):
        here, there = (np.array(places) for places in zip(*matched[first : first + LOGIT_ROWS], strict=True))
        yield here, there


def _logits(side: Side, lens: str, depth: int, positions: ndarray) -> Float32[ndarray, "row vocab"]:
    model, trace = side
    refuse_unread(trace)
    first, last = int(positions.min()), int(positions.max())
    rows = depth_logits(model, trace, lens, depth, slice(first, last + 1)).cpu().numpy()
    return np.asarray(rows[positions - first])
