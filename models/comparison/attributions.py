"""Attributions of two runs beside each other, over the stretches of text that both spell with whole tokens.

What a stretch counts on one side is the sum over its tokens there. Leaving out is measured token by token, so the sum
over several tokens is not what leaving out the whole stretch would give.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Float64
from numpy import ndarray

from models.comparison.cuts import Stretch, cuts
from models.engine.trace import Trace


def stretches_read(trace: Trace, position: int, other: Trace, other_position: int) -> tuple[Stretch, ...]:
    """The stretches that either run has read where it is asked, with places among all tokens, source before target.

    A causal stack has read nothing after its position; a stretch that goes on there is none on that side.
    """
    found = list(cuts(trace.tokens, trace.text, other.tokens, other.text).stretches)
    if trace.target_tokens or other.target_tokens:
        targets = cuts(trace.target_tokens, trace.target, other.target_tokens, other.target).stretches
        shifts = len(trace.tokens), len(other.tokens)
        found += [
            Stretch(text=one.text, positions=_shifted(one.positions, shifts[0]), others=_shifted(one.others, shifts[1]))
            for one in targets
        ]
    ends = _read(trace, position), _read(other, other_position)
    kept = [
        Stretch(text=one.text, positions=_until(one.positions, ends[0]), others=_until(one.others, ends[1]))
        for one in found
    ]
    return tuple(one for one in kept if one.positions or one.others)


def summed(values: Float[ndarray, " token"], stretches: Sequence[Sequence[int]]) -> Float64[ndarray, " stretch"]:
    """What each stretch counts by the values of its tokens; NaN where it has none, or one of them has no value."""
    return np.array([np.sum(values[list(places)], dtype=np.float64) if places else np.nan for places in stretches])


def _shifted(positions: Sequence[int], by: int) -> tuple[int, ...]:
    return tuple(position + by for position in positions)


def _read(trace: Trace, position: int) -> int:
    """How many of all tokens can matter at a position."""
    if trace.kind == "encoder":
        return len(trace.tokens)
    return position + 1 + (len(trace.tokens) if trace.target_tokens else 0)


def _until(places: tuple[int, ...], end: int) -> tuple[int, ...]:
    return places if all(place < end for place in places) else ()
