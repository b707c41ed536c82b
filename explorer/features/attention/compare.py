"""Attention of two runs beside each other: one head of each and their difference, and how all heads compare."""

import numpy as np
from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, PairRequest, Whole, call
from explorer.calls.answers import numbers, packed
from explorer.features.attention.pictures import HeatmapAnswer, heatmap_of
from explorer.features.attention.requests import kind_in
from models.attention.head_scores import BEHAVIOUR
from models.attention.pattern_spec import LeftOut, PatternSpec
from models.attention.summaries import sampled_rows
from models.comparison.attention import Matching, difference, head_distances, matching
from models.comparison.heads import Behaviour, behaviour, likeness
from models.engine.trace import Trace
from models.errors import Unsupported
from models.translation import _


class PairedKindRequest(PairRequest):
    """One kind of attention of side A, and what does the same on side B."""

    kind: str = Field("self", description="self; for encoder-decoder models encoder, decoder or cross.")


class PairedPatternRequest(PairedKindRequest):
    """The same, with keys that are not shown: each row is divided by what remains."""

    left_out: LeftOut = "nothing"


class PairedHeadRequest(PairedPatternRequest):
    """One head of each side."""

    layer: Whole = Field(0, ge=0)
    head: Whole = Field(0, ge=0)
    other_layer: Whole = Field(0, ge=0)
    other_head: Whole = Field(0, ge=0)


class HeadPairAnswer(TypedDict):
    """Both heads' pictures, and float32 `difference`, A − B, on the rows and columns of side A's picture.

    NaN where a token has no counterpart. `peak` is the largest magnitude of a difference, `rows` and `columns` pair the
    positions that correspond.
    """

    one: HeatmapAnswer
    other: HeatmapAnswer
    kind: str
    other_kind: str
    difference: str
    peak: float
    rows: list[list[int]]
    columns: list[list[int]]


class HeadDistancesAnswer(TypedDict):
    """How differently each head looks on both sides, by layer and head; measured on `measured` of `rows` pairs."""

    distances: list[list[float | None]]
    measured: int
    rows: int


class BehavingHead(TypedDict):
    """One head, and its measures in the order of the answer's; null where one was not measured."""

    layer: int
    head: int
    values: list[float | None]


class HeadLikenessAnswer(TypedDict):
    """All heads of both sides; `nearest` counts `others`, −1 for none, and `apart` says how far it is."""

    measures: list[str]
    counted: list[str]
    heads: list[BehavingHead]
    others: list[BehavingHead]
    nearest: list[int]
    apart: list[float | None]


@call
def head_pair(context: Context, request: PairedHeadRequest) -> HeadPairAnswer:
    """Give one head of each side, and their difference where they correspond."""
    trace, other, matched = _matched(context, request)
    hidden = request.left_out
    spec = PatternSpec(kind=matched.kind, layer=request.layer, head=request.head, left_out=hidden)
    beside = PatternSpec(kind=matched.other_kind, layer=request.other_layer, head=request.other_head, left_out=hidden)
    spec.check(trace)
    beside.check(other)
    values = difference(trace, spec, other, beside, matched)
    known = np.abs(values[np.isfinite(values)])
    return {
        "one": heatmap_of(trace, spec),
        "other": heatmap_of(other, beside),
        "kind": matched.kind,
        "other_kind": matched.other_kind,
        "difference": packed(values),
        "peak": float(known.max()) if len(known) else 0.0,
        "rows": matched.queries.tolist(),
        "columns": matched.keys.tolist(),
    }


@call
def paired_distances(context: Context, request: PairedPatternRequest) -> HeadDistancesAnswer:
    """Say how differently each head of one model looks in two runs."""
    trace, other, matched = _matched(context, request)
    if (trace.model, trace.revision) != (other.model, other.revision):
        raise Unsupported(_("Heads of two models have no common number; they are compared by what they do."))
    found = head_distances(trace, other, matched, request.left_out)
    return {
        "distances": [numbers(layer, 6) for layer in found],
        "measured": len(sampled_rows(len(matched.queries))),
        "rows": len(matched.queries),
    }


@call
def head_likeness(context: Context, request: PairedKindRequest) -> HeadLikenessAnswer:
    """Find for each head of side A the head of side B that behaves most like it."""
    trace, other, matched = _matched(context, request)
    one = behaviour(context.model(request.run), trace, matched.kind)
    two = behaviour(context.model(request.other), other, matched.other_kind)
    found = likeness(one, two)
    return {
        "measures": list(BEHAVIOUR),
        "counted": list(found.counted),
        "heads": _heads(one),
        "others": _heads(two),
        "nearest": found.nearest.tolist(),
        "apart": numbers(found.apart),
    }


def _matched(context: Context, request: PairedKindRequest) -> tuple[Trace, Trace, Matching]:
    trace, other = context.trace(request.run), context.trace(request.other)
    kind = kind_in(trace, request.kind)
    trace.heads_of(kind)  # refuses a kind this model does not have
    return trace, other, matching(trace, other, kind)


def _heads(side: Behaviour) -> list[BehavingHead]:
    return [
        {"layer": layer, "head": head, "values": numbers(values)}
        for (layer, head), values in zip(side.places.tolist(), side.values, strict=True)
    ]
