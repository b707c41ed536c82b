"""Attention of two runs beside each other: which rows and columns correspond, and how far patterns are apart there."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Int
from numpy import ndarray

from models.attention import patterns
from models.attention.pattern_spec import LeftOut, PatternSpec, hidden_keys, is_causal, rows_of
from models.attention.picture import BLOCK_BYTES, axes
from models.attention.summaries import RUN, sampled_rows
from models.comparison.correspondence import counterparts, has_same_vocabulary
from models.engine.trace import Trace, kind_name
from models.errors import Unsupported
from models.translation import _

BLOCK = 64
"""Rows of all heads of a layer in memory at once."""

Pairs = Int[ndarray, "pair 2"]
"""Positions in the one run, and of their counterparts in the other."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Matching:
    """One kind of attention of two runs, and the queries and keys that both have."""

    kind: str
    other_kind: str
    queries: Pairs
    keys: Pairs


def kind_beside(kind: str, other: Trace) -> str:
    """The other run's kind of attention that does what `kind` does: a text reading itself is that in every model.

    Unsupported where the other model has nothing like it.
    """
    for name in (kind, {"self": "encoder", "encoder": "self"}.get(kind)):
        if name in other.attention_kinds:
            return name
    raise Unsupported(
        _("{model} on side B has no {kind}; a text that reads itself can be compared.", model=other.model,
          kind=kind_name(kind))
    )  # fmt: skip


def matching(trace: Trace, other: Trace, kind: str) -> Matching:
    """Find what corresponds in one kind of attention of two runs."""
    same = has_same_vocabulary(trace.language_model, other.language_model)

    def pairs(stack: str) -> Pairs:
        found = counterparts(trace, other, stack, same_vocabulary=same)
        listed = [(here, there) for here, there in enumerate(found) if there is not None]
        return np.array(listed, dtype=np.int64).reshape(-1, 2)

    queries = pairs("target" if kind in {"decoder", "cross"} else "source")
    keys = pairs("target" if kind == "decoder" else "source")
    return Matching(kind=kind, other_kind=kind_beside(kind, other), queries=queries, keys=keys)


def difference(
    trace: Trace, spec: PatternSpec, other: Trace, other_spec: PatternSpec, matched: Matching
) -> Float32[ndarray, "row column"]:
    """The one pattern minus the other, on the rows and columns in which the one is drawn (`picture.axes`).

    From −1 to 1; NaN where a token has no counterpart, and where neither can look. Where a long text is drawn in fewer
    cells than it has weights, a cell is the difference of its largest magnitude.
    """
    rows, columns = axes(trace, spec)
    step = int(rows.edges[1] - rows.edges[0])
    per_block = max(1, BLOCK_BYTES // (4 * columns.count * step))
    drawn = []
    for first in range(0, len(rows.edges) - 1, per_block):
        edges = rows.edges[first : first + per_block + 1]
        part = _part(trace, spec, other, other_spec, matched, (int(edges[0]), int(edges[-1])))
        cells = edges - edges[0], columns.edges
        high, low = patterns.pooled(part, *cells), -patterns.pooled(-part, *cells)
        drawn.append(np.where(high >= -low, high, low))
    return np.concatenate(drawn).astype(np.float32)


def _part(
    trace: Trace, spec: PatternSpec, other: Trace, other_spec: PatternSpec, matched: Matching, rows: tuple[int, int]
) -> Float32[ndarray, "query key"]:
    """The difference token by token, of the queries `rows[0]` to `rows[1]` (exclusive)."""
    first, last = rows
    found = np.full((last - first, len(trace.keys(spec.kind))), np.nan, dtype=np.float32)
    pairs = matched.queries[(matched.queries[:, 0] >= first) & (matched.queries[:, 0] < last)]
    if not len(pairs) or not len(matched.keys):
        return found
    here = rows_of(trace, spec, slice(first, last))[pairs[:, 0] - first]
    low, high = int(pairs[:, 1].min()), int(pairs[:, 1].max())
    there = rows_of(other, other_spec, slice(low, high + 1))[pairs[:, 1] - low]
    found[np.ix_(pairs[:, 0] - first, matched.keys[:, 0])] = here[:, matched.keys[:, 0]] - there[:, matched.keys[:, 1]]
    if is_causal(trace, spec.kind) and is_causal(other, other_spec.kind):
        found[np.arange(found.shape[1])[None, :] > np.arange(first, last)[:, None]] = np.nan
    return found


def head_distances(
    trace: Trace, other: Trace, matched: Matching, left_out: LeftOut = "nothing"
) -> Float32[ndarray, "layer head"]:
    """How differently each head of one model looks in two runs: 0, the same, to 1, never at the same place.

    The total variation distance of a row, ½ Σ |a − b| over the keys that both texts have, in the mean over the queries
    that both have; of many queries over a sample of them (`sampled_rows`). NaN where nothing corresponds. Keys that are
    left out take no part, and each row is divided by what remains of it; a row of which nothing does is not counted.
    """
    pairs = matched.queries[sampled_rows(len(matched.queries))]
    size = BLOCK if len(pairs) == len(matched.queries) else RUN
    layers = (
        _layer_distance((trace, other), matched, layer, _blocks(pairs, size), left_out)
        for layer in range(trace.layers_of(matched.kind))
    )
    return patterns.by_layer(layers, trace.heads_of(matched.kind))


def _layer_distance(
    traces: tuple[Trace, Trace], matched: Matching, layer: int, blocks: Iterator[Pairs], left_out: LeftOut
) -> Float32[ndarray, " head"]:
    heads = traces[0].heads_by_layer(matched.kind)[layer]
    total, counted = np.zeros(heads), np.zeros(heads)
    if not len(matched.keys):
        return np.full(heads, np.nan, dtype=np.float32)
    specs = [PatternSpec(kind=kind, layer=layer, left_out=left_out) for kind in (matched.kind, matched.other_kind)]
    for block in blocks:
        here, there = (
            _heads_at(run, spec, block[:, side])[:, :, matched.keys[:, side]].astype(np.float64)
            for side, (run, spec) in enumerate(zip(traces, specs, strict=True))
        )
        known = ~(np.isnan(here).all(axis=2) | np.isnan(there).all(axis=2))
        total += np.where(known, 0.5 * np.nansum(np.abs(here - there), axis=2), 0).sum(axis=1)
        counted += known.sum(axis=1)
    return np.divide(total, counted, out=np.full(heads, np.nan), where=counted > 0).astype(np.float32)


def _blocks(pairs: Pairs, size: int) -> Iterator[Pairs]:
    return (pairs[first : first + size] for first in range(0, len(pairs), size))


def _heads_at(trace: Trace, spec: PatternSpec, positions: Int[ndarray, " query"]) -> Float32[ndarray, "head query key"]:
    """All heads of a layer at neighbouring queries, read in one piece, without the keys that are left out."""
    low, high = int(positions.min()), int(positions.max())
    found = trace.attention(spec.layer, kind=spec.kind, queries=slice(low, high + 1))[:, positions - low]
    hidden = np.array(hidden_keys(spec, trace.keys(spec.kind)), dtype=np.int64)
    return np.stack([patterns.without_keys(head, hidden) for head in found]) if len(hidden) else found
