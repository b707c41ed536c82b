"""Heads of two models by what they do: which of one behaves most like one of the other. Their numbers mean nothing."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float64, Int
from numpy import ndarray

from models.attention.head_scores import BEHAVIOUR
from models.attention.induction import induction_scores
from models.attention.pattern_spec import PatternSpec
from models.attention.patterns import by_layer
from models.attention.summaries import layer_summary
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.errors import ModelError


@dataclass(frozen=True, eq=False, kw_only=True)
class Behaviour:
    """The heads of one kind of attention: where each is, and what was measured of it; NaN where it could not be."""

    places: Int[ndarray, "head 2"]
    values: Float[ndarray, "head measure"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Likeness:
    """For each head of one model the head of the other that behaves most like it.

    `counted` are the measures that both sides have. `nearest` counts the other's heads, −1 where nothing is measured;
    `apart` is the distance to it: Euclidean, each measure in standard deviations over the heads of both models.
    """

    counted: tuple[str, ...]
    nearest: Int[ndarray, " head"]
    apart: Float64[ndarray, " head"]


def behaviour(model: LanguageModel, trace: Trace, kind: str) -> Behaviour:
    """Measure every head: on the text that was run, and induction on repeated random words."""
    layers = [layer_summary(trace, PatternSpec(kind=kind), layer).scores for layer in range(trace.layers_of(kind))]
    own = trace.heads_by_layer(kind)
    measured = {
        key: by_layer([scores[key] for scores in layers], max(own))
        for key in BEHAVIOUR
        if all(key in one for one in layers)
    }
    try:
        measured["induction"] = induction_scores(model, kind)
    except ModelError:  # too few whole words, or a kind that does not look back in its own text
        measured["induction"] = np.full((len(own), max(own)), np.nan, dtype=np.float32)
    places = np.array([(layer, head) for layer, heads in enumerate(own) for head in range(heads)], dtype=np.int64)
    unknown = np.full((len(own), max(own)), np.nan)
    values = np.stack([measured.get(key, unknown)[places[:, 0], places[:, 1]] for key in BEHAVIOUR], axis=1)
    return Behaviour(places=places, values=values)


def likeness(one: Behaviour, other: Behaviour) -> Likeness:
    """Find for each head of the one the nearest of the other."""
    both = np.concatenate([one.values, other.values]).astype(np.float64)
    usable = np.isfinite(both).all(axis=0)
    spread = np.where(usable, both.std(axis=0), 0)
    used = spread > 0
    if not used.any():
        nothing = np.full(len(one.values), -1)
        return Likeness(counted=(), nearest=nothing, apart=np.full(len(nothing), np.nan))
    here, there = (side.values[:, used] / spread[used] for side in (one, other))
    apart = np.sqrt(((here[:, None] - there[None]) ** 2).sum(axis=2))
    counted = tuple(key for key, known in zip(BEHAVIOUR, used, strict=True) if known)
    return Likeness(counted=counted, nearest=apart.argmin(axis=1), apart=apart.min(axis=1))
