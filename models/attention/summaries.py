"""Summaries of whole layers: each head's pattern made small, and its scores, on a sample of rows in long texts."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Int, UInt8
from numpy import ndarray

from models.attention import head_scores, patterns
from models.attention.pattern_spec import PatternSpec, hidden_keys, is_causal
from models.engine.cache import derived
from models.engine.trace import Trace

GRID_BYTES = 590_000
"""All cells together, before they are written as text (a third more)."""
CELL_SIDE = 64
WHOLE_ROWS = 256
SAMPLED_ROWS = 128
RUN = 8
"""Texts longer than `WHOLE_ROWS` are measured on `SAMPLED_ROWS` of their rows, in runs of neighbours, spread evenly."""


@dataclass(frozen=True, eq=False, kw_only=True)
class LayerSummary:
    """The heads of one layer in small: `cells` grow with the square root of weight / `peaks`.

    The first row of a causal pattern does not count for the peak: it can look at itself only, which tells nothing.
    """

    cells: UInt8[ndarray, "head row column"]
    peaks: Float32[ndarray, " head"]
    scores: dict[str, Float32[ndarray, " head"]]


def side(heads: int) -> int:
    """Pixels along a cell at most, so that a grid of so many heads stays within its bytes."""
    return int(min(CELL_SIDE, max(8, (GRID_BYTES / heads) ** 0.5)))


def sampled_rows(length: int) -> Int[ndarray, " query"]:
    """The queries measured: all of them, or runs spread evenly from the first to the last."""
    if length <= WHOLE_ROWS:
        return np.arange(length)
    starts = np.linspace(0, length - RUN, SAMPLED_ROWS // RUN).round().astype(np.int64)
    return (starts[:, None] + np.arange(RUN)).reshape(-1)


def layer_summary(trace: Trace, spec: PatternSpec, layer: int) -> LayerSummary:
    """The summary of one layer; computed once, because a class that looks at one text asks once for each of its seats.

    Only the kind of attention and what is left out matter.
    """
    return derived(trace, ("layer summary", spec.kind, layer, spec.left_out), lambda: _summary(trace, spec, layer))


def _summary(trace: Trace, spec: PatternSpec, layer: int) -> LayerSummary:
    keys = trace.keys(spec.kind)
    rows = sampled_rows(len(trace.queries(spec.kind)))
    sampled = sampled_patterns(trace, spec.kind, layer, rows)
    ids = np.array([token.id for token in keys])
    across = spec.kind == "cross"
    scores = head_scores.measured(sampled, rows, ids, across=across) if len(sampled) else head_scores.nothing(across)
    hidden = hidden_keys(spec, keys)
    if hidden:
        sampled = sampled.copy()
        sampled[:, :, hidden] = 0
    pixels = side(trace.layers_of(spec.kind) * trace.heads_of(spec.kind))
    small = patterns.pooled(sampled, patterns.spread_bins(len(rows), pixels), patterns.spread_bins(len(keys), pixels))
    telling = sampled[:, 1:] if is_causal(trace, spec.kind) and len(rows) > 1 else sampled
    peaks = telling.max(axis=(1, 2))
    shades = np.sqrt(np.minimum(small / np.maximum(peaks, np.finfo(np.float32).tiny)[:, None, None], 1))
    return LayerSummary(cells=(shades * 255).round().astype(np.uint8), peaks=peaks, scores=scores)


def sampled_patterns(
    trace: Trace, kind: str, layer: int, rows: Int[ndarray, " query"]
) -> Float32[ndarray, "head query key"]:
    """The patterns of one layer at the rows that `sampled_rows` gives."""
    if len(rows) == len(trace.queries(kind)):
        return trace.attention(layer, kind=kind)
    runs = rows.reshape(-1, RUN)
    return np.concatenate(
        [trace.attention(layer, kind=kind, queries=slice(int(run[0]), int(run[-1]) + 1)) for run in runs], axis=1
    )
