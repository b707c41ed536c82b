"""What the Embeddings tab asks for two sides: one model's residuals in one projection, or two models' CKA by depth."""

from collections.abc import Sequence

import numpy as np
from numpy import ndarray
from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, PairRequest, Whole, call
from explorer.features.embeddings.vector_set import MAX_DEPTH, Stack, rounded
from models.comparison.cka import LEAST_TOKENS, cka_by_depth
from models.comparison.correspondence import counterparts, has_same_vocabulary
from models.comparison.states import apart
from models.engine.trace import Trace
from models.projection.methods import ProjectionSettings, principal_components
from models.vectors.embedding_tables import contextual
from models.vectors.similarity import Vectors

DIGITS = 6


class CompareStatesRequest(PairRequest):
    """Two runs at one depth; none is the last, and so is one beyond it."""

    depth: Whole | None = Field(None, ge=0, le=MAX_DEPTH)


class StatePairAnswer(TypedDict):
    """Two tokens that correspond; null where a residual has no length."""

    position: int
    other: int
    cosine: float | None
    relative: float | None


class CompareStatesAnswer(TypedDict):
    """The residuals of `stack`: "encoder" where an encoder-decoder takes part and not both sides have a target.

    Of one model: `points` (x and y by position) of both sides in one projection with the share of the variance that
    each axis holds, and the pairs, farthest first. Of two models these are empty and `cka` is by depth of A and of B;
    it is empty too for fewer than four of the `counted` tokens that correspond.
    """

    same_model: bool
    stack: Stack
    is_target: bool
    depth: int
    last: int
    other_last: int
    points: list[list[float | None]]
    other_points: list[list[float | None]]
    explained: list[float | None]
    pairs: list[StatePairAnswer]
    cka: list[list[float | None]]
    counted: int


@call
def compare_states(context: Context, request: CompareStatesRequest) -> CompareStatesAnswer:
    """Lay the states of two runs over each other, or say how alike they are where they share no space."""
    model, other = context.model(request.run), context.model(request.other)
    sides = (context.trace(request.run), context.trace(request.other))
    stack, is_target = _stack(sides)
    same_vocabulary = has_same_vocabulary(model, other)
    found = counterparts(*sides, "target" if is_target else "source", same_vocabulary=same_vocabulary)
    pairs = [(here, there) for here, there in enumerate(found) if there is not None]
    last, other_last = (_last(trace, stack) for trace in sides)
    same = (model.name, model.revision) == (other.name, other.revision)
    depth = last if request.depth is None else min(request.depth, last)
    states = tuple(contextual(trace, depth, stack).rows for trace in sides) if same else ()
    points, explained = _laid_out(states) if same else (([], []), [])
    return {
        "same_model": same,
        "stack": stack,
        "is_target": is_target,
        "depth": depth,
        "last": last,
        "other_last": other_last,
        "points": points[0],
        "other_points": points[1],
        "explained": explained,
        "pairs": _pairs(states, pairs) if same else [],
        "cka": [] if same or len(pairs) < LEAST_TOKENS else _alike(sides, stack, pairs),
        "counted": len(pairs),
    }


def _stack(sides: Sequence[Trace]) -> tuple[Stack, bool]:
    """Which stack is read, and whether its tokens are those of the target."""
    if not any(trace.kind == "encoder-decoder" for trace in sides):
        return "decoder", False
    both = all(len(trace.target_tokens) > 1 for trace in sides)  # the first is the start token
    return ("decoder", True) if both else ("encoder", False)


def _last(trace: Trace, stack: Stack) -> int:
    stream = trace.encoder_residual if stack == "encoder" and trace.encoder_residual is not None else trace.residual
    return len(stream) - 1


def _laid_out(states: Sequence[ndarray]) -> tuple[tuple[list, list], list[float | None]]:
    """Both sides on the principal components of both together."""
    found = principal_components(Vectors(np.concatenate(states)), ProjectionSettings())
    points = [[rounded(value, DIGITS) for value in row] for row in found.points[:, :2].tolist()]
    count = len(states[0])
    return (points[:count], points[count:]), [rounded(share, DIGITS) for share in found.explained[:2].tolist()]


def _pairs(states: Sequence[ndarray], pairs: Sequence[tuple[int, int]]) -> list[StatePairAnswer]:
    if not pairs:
        return []
    here, there = (np.array(side) for side in zip(*pairs, strict=True))
    found = apart(states[0][here], states[1][there])
    order = np.lexsort((-found.relative, found.cosine))  # NaN comes last
    return [
        {
            "position": int(here[at]),
            "other": int(there[at]),
            "cosine": rounded(found.cosine[at], DIGITS),
            "relative": rounded(found.relative[at], DIGITS),
        }
        for at in order
    ]


def _alike(sides: Sequence[Trace], stack: Stack, pairs: Sequence[tuple[int, int]]) -> list[list[float | None]]:
    rows = [np.array(side) for side in zip(*pairs, strict=True)]
    streams = [
        [contextual(trace, depth, stack).rows[at] for depth in range(_last(trace, stack) + 1)]
        for trace, at in zip(sides, rows, strict=True)
    ]
    return [[rounded(value, DIGITS) for value in row] for row in cka_by_depth(*streams)]
