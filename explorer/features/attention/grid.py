"""All heads at a glance: small pictures and scores, layer by layer."""

import numpy as np
from typing_extensions import TypedDict

from explorer.calls import Context, call
from explorer.calls.answers import numbers, packed
from explorer.features.attention.requests import KindRequest, OverviewRequest
from models.attention.induction import induction_scores
from models.attention.pattern_spec import PatternSpec, is_causal
from models.attention.summaries import LayerSummary, layer_summary, sampled_rows
from models.errors import InputError
from models.translation import _

Scores = dict[str, list[float | None]]


class OverviewAnswer(TypedDict):
    """The layers from `first` on; `cells` are bytes, heads of a layer one after the other, layer after layer.

    Cells and scores of a long text are measured on `sampled` of its `queries` rows; null means on all.
    """

    first: int
    layers: int
    heads: int
    rows: int
    columns: int
    causal: bool
    cells: str
    scores: list[Scores]
    sampled: int | None
    queries: int


class InductionAnswer(TypedDict):
    """The induction score of every head, layer by layer."""

    scores: list[list[float | None]]


@call
def overview(context: Context, request: OverviewRequest) -> OverviewAnswer:
    """Give small pictures and scores of some layers."""
    trace = context.trace(request)
    spec = PatternSpec(kind=request.kind_of(trace), left_out=request.left_out)
    layers = trace.layers_of(spec.kind)
    last = layers if request.last is None else request.last
    if not request.first < last <= layers:
        raise InputError(_("last must be greater than first, and at most {layers}.", layers=layers))
    summaries = [layer_summary(trace, spec, layer) for layer in range(request.first, last)]
    queries = len(trace.queries(spec.kind))
    rows = len(sampled_rows(queries))
    return {
        "first": request.first,
        "layers": layers,
        "heads": trace.heads_of(spec.kind),
        "rows": summaries[0].cells.shape[1],
        "columns": summaries[0].cells.shape[2],
        "causal": is_causal(trace, spec.kind),
        "cells": packed(_padded([summary.cells for summary in summaries], trace.heads_of(spec.kind))),
        "scores": [_scores(summary, trace.heads_of(spec.kind)) for summary in summaries],
        "sampled": rows if rows < queries else None,
        "queries": queries,
    }


@call
def induction(context: Context, request: KindRequest) -> InductionAnswer:
    """Measure how much every head follows a repetition: on the model, not on the text."""
    kind = request.kind_of(context.trace(request))
    return {"scores": [numbers(layer) for layer in induction_scores(context.model(request), kind)]}


def _scores(summary: LayerSummary, heads: int) -> Scores:
    return {key: [*numbers(values), *[None] * (heads - len(values))] for key, values in summary.scores.items()}


def _padded(layers: list[np.ndarray], heads: int) -> np.ndarray:
    """Empty pictures for heads that a layer does not have."""
    return np.stack([np.pad(cells, ((0, heads - len(cells)), (0, 0), (0, 0))) for cells in layers])
