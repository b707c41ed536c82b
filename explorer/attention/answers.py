"""What the attention views ask the server: one object in, one object of plain values out."""

import base64
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy import ndarray

from explorer.attention.overview import layer_summary, sampled_rows
from explorer.attention.picture import Axis, Picture, Window, axes, column_of, picture, row_of
from explorer.attention.request import is_causal, request_of, whole_number
from models.errors import InputError
from models.induction import induction_scores
from models.pool import Pool
from models.trace import Trace

Answer: TypeAlias = dict[str, Any]
TraceOf: TypeAlias = Callable[[Mapping[str, Any]], Trace]


def trace_of(pool: Pool, payload: Mapping[str, Any]) -> Trace:
    """The trace a payload is about; computed again if memory was needed for others."""
    return pool.trace(str(payload.get("model", "")), str(payload.get("text", "")), str(payload.get("target", "")))


def packed(array: ndarray) -> str:
    """An array as base64: bytes as they are, everything else as little-endian float32."""
    plain = array if array.dtype == np.uint8 else array.astype("<f4")
    return base64.b64encode(np.ascontiguousarray(plain).tobytes()).decode("ascii")


def overview(pool: Pool, payload: Mapping[str, Any]) -> Answer:
    """Small pictures and scores of the layers `first` to `last` (exclusive)."""
    trace = trace_of(pool, payload)
    request = request_of({**payload, "layer": 0, "head": 0, "chosen": (), "combination": "one"}, trace)
    layers = trace.layers_of(request.kind)
    first = whole_number(payload.get("first", 0), "first", layers)
    last = whole_number(payload.get("last", layers), "last", layers + 1)
    summaries = [layer_summary(trace, request, layer) for layer in range(first, last)]
    if not summaries:
        raise InputError("'last' must be greater than 'first'.")
    queries = len(trace.queries(request.kind))
    rows = len(sampled_rows(queries))
    return {
        "first": first,
        "layers": layers,
        "heads": trace.heads_of(request.kind),
        "rows": summaries[0].cells.shape[1],
        "columns": summaries[0].cells.shape[2],
        "causal": is_causal(trace, request.kind),
        "cells": packed(np.stack([summary.cells for summary in summaries])),
        "peaks": [_numbers(summary.peaks) for summary in summaries],
        "scores": [{key: _numbers(values) for key, values in summary.scores.items()} for summary in summaries],
        "sampled": rows if rows < queries else None,
        "queries": queries,
    }


def induction(pool: Pool, payload: Mapping[str, Any]) -> Answer:
    """The induction score of every head, measured on the model, not on the text."""
    model = pool.model(str(payload.get("model", "")))
    scores = induction_scores(model, str(payload.get("kind", "self")))
    return {"scores": [_numbers(layer) for layer in scores]}


def heatmap(pool: Pool, payload: Mapping[str, Any]) -> Answer:
    """The picture of a request, or of the window given by `rows` and `columns` (pairs of units)."""
    trace = trace_of(pool, payload)
    request = request_of(payload, trace)
    drawn = picture(trace, request, window(payload, "rows"), window(payload, "columns"))
    return {
        "values": packed(drawn.values),
        "rows": _axis(drawn.rows, by_words=request.by_words),
        "columns": _axis(drawn.columns, by_words=request.by_words),
        "exact": drawn.is_exact,
        "causal": drawn.causal,
        "peak": _peak(drawn),
        "name": request.name,
        "unit": request.unit,
    }


def shading(pool: Pool, payload: Mapping[str, Any]) -> Answer:
    """What one token (or its word) attends to, `direction` "from", or what attends to it, "to"."""
    trace = trace_of(pool, payload)
    request = request_of(payload, trace)
    toward = payload.get("direction") == "to"
    tokens = trace.keys(request.kind) if toward else trace.queries(request.kind)
    position = whole_number(payload.get("position", 0), "position", len(tokens))
    rows, columns = axes(trace, request)
    here, there = (columns, rows) if toward else (rows, columns)
    unit = int(np.searchsorted(here.groups, position, side="right")) - 1
    weights = column_of(trace, request, unit) if toward else row_of(trace, request, unit)
    return {
        "weights": packed(weights),
        "groups": there.groups.tolist() if request.by_words else None,
        "chosen": [int(here.groups[unit]), int(here.groups[unit + 1])],
        "name": request.name,
        "unit": request.unit,
    }


def _peak(drawn: Picture) -> float:
    """The largest value, the first row of a causal pattern aside: it can look at itself only, which tells nothing."""
    telling = drawn.values[1:] if drawn.causal and len(drawn.values) > 1 and drawn.rows.edges[0] == 0 else drawn.values
    finite = telling[np.isfinite(telling)]
    return float(finite.max()) if len(finite) else 0.0


def window(payload: Mapping[str, Any], name: str) -> Window | None:
    """The window a payload asks for along one axis, None for everything."""
    pair = payload.get(name)
    if pair is None:
        return None
    if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(edge, int) for edge in pair):
        raise InputError(f"'{name}' must be a pair of whole numbers: the first, and one past the last.")
    return pair[0], pair[1]


def _axis(axis: Axis, *, by_words: bool) -> Answer:
    """An axis as plain values: the drawn cells start at `first` and are `step` units wide, the last perhaps less."""
    edges = axis.edges
    return {
        "count": axis.count,
        "first": int(edges[0]),
        "last": int(edges[-1]),
        "step": int(edges[1] - edges[0]),
        "drawn": len(edges) - 1,
        "groups": axis.groups.tolist() if by_words else None,
    }


def _numbers(values: ndarray) -> list[float | None]:
    """Four decimals are more than anyone reads; NaN, not measured, becomes null."""
    return [round(float(value), 4) if np.isfinite(value) else None for value in values]
