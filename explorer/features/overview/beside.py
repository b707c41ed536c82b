"""Two runs' ways to what they say: the guess at each depth of both, how far they are apart, what comes out."""

import numpy as np
from typing_extensions import TypedDict

from explorer.calls import Context, PairRequest, call
from explorer.calls.answers import CandidateAnswer, candidate, numbers, packed
from explorer.features.overview.flow import CANDIDATES, DepthAnswer, followed, read_depths
from models.comparison.correspondence import has_same_vocabulary, read_counterparts
from models.comparison.streams import depth_kl, residual_distances
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.generation.sampling import Sampling, distribution


class DepthsOfSide(TypedDict):
    """One side: the position followed, what comes out, the guesses at each depth; only the last where `unread`."""

    position: int
    depths: list[DepthAnswer]
    unread: str
    candidates: list[CandidateAnswer]


class WaysAnswer(TypedDict):
    """Both sides. `kl` is in bits by depth, null where depths or vocabularies differ or cannot be read.

    `apart` are float32 relative distances of the residual stream, depth by pair of corresponding tokens, for two runs
    of one model, else null; `pairs` their positions on both sides.
    """

    one: DepthsOfSide
    other: DepthsOfSide
    kl: list[float | None] | None
    apart: str | None
    pairs: list[list[int]]


@call
def ways(context: Context, request: PairRequest) -> WaysAnswer:
    """Follow what two runs predict through their depths."""
    model, other = context.model(request.run), context.model(request.other)
    trace, beside = context.trace(request.run), context.trace(request.other)
    same = has_same_vocabulary(model, other)
    one, two = _side(model, trace), _side(other, beside)
    readable = same and trace.layers == beside.layers and not (one["unread"] or two["unread"])
    found = enumerate(read_counterparts(trace, beside, same_vocabulary=same))
    pairs = np.array([(here, there) for here, there in found if there is not None], dtype=np.int64).reshape(-1, 2)
    of_one_model = (trace.model, trace.revision) == (beside.model, beside.revision)
    return {
        "one": one,
        "other": two,
        "kl": numbers(depth_kl(trace, beside, one["position"], two["position"])) if readable else None,
        "apart": packed(residual_distances(trace, beside, pairs)) if of_one_model and len(pairs) else None,
        "pairs": pairs.tolist(),
    }


def _side(model: LanguageModel, trace: Trace) -> DepthsOfSide:
    position = followed(trace)
    depths, unread = read_depths(model, trace, position)
    top = distribution(trace.logits_at(position), Sampling()).top(CANDIDATES)
    return {
        "position": position,
        "depths": depths,
        "unread": unread,
        "candidates": [candidate(model, one) for one in top],
    }
