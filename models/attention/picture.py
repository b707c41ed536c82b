"""A pattern as a picture: exact where it fits on a screen, the largest weight of each cell where it does not."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Int
from numpy import ndarray

from models.attention import patterns
from models.attention.pattern_spec import PatternSpec, is_causal, rows_of
from models.engine.trace import Trace
from models.errors import InputError
from models.translation import _

SIDE = 256
"""Rows and columns of a picture at most."""
BLOCK_BYTES = 32 << 20
"""How much of a pattern is held at a time while a long text is reduced."""

Window = tuple[int, int]


@dataclass(frozen=True, eq=False, kw_only=True)
class Axis:
    """Which tokens the rows or columns of a picture stand for.

    `groups` are edges in tokens of the units counted along the axis (tokens, or words); `edges` are edges in units of
    the rows drawn.
    """

    groups: Int[ndarray, " unit"]
    edges: Int[ndarray, " edge"]

    @property
    def count(self) -> int:
        return len(self.groups) - 1

    @property
    def is_exact(self) -> bool:
        return bool((np.diff(self.edges) == 1).all())

    def positions(self, first: int, last: int) -> slice:
        """The tokens of the units `first` to `last`."""
        return slice(int(self.groups[first]), int(self.groups[last]))


@dataclass(frozen=True, eq=False, kw_only=True)
class Picture:
    """Values to draw, NaN where there is nothing: left out, or later than the query."""

    values: Float32[ndarray, "row column"]
    rows: Axis
    columns: Axis
    causal: bool

    @property
    def is_exact(self) -> bool:
        return self.rows.is_exact and self.columns.is_exact


def picture(trace: Trace, spec: PatternSpec, rows: Window | None = None, columns: Window | None = None) -> Picture:
    """The picture of `spec`, or of a window of it given in units (tokens, or words when `by_words`)."""
    row_axis, column_axis = axes(trace, spec, rows, columns)
    causal = is_causal(trace, spec.kind)
    blocks = [
        _reduced(block, spec, bins, row_axis, column_axis, causal=causal)
        for block, bins in _blocks(trace, spec, row_axis)
    ]
    return Picture(values=np.concatenate(blocks), rows=row_axis, columns=column_axis, causal=causal)


def row_of(trace: Trace, spec: PatternSpec, unit: int) -> Float32[ndarray, " key"]:
    """What one query (token or word) attends to, over the units of the keys."""
    rows, columns = _groups(trace, spec)
    axis = Axis(groups=rows, edges=np.array([unit, unit + 1]))
    pattern = rows_of(trace, spec, axis.positions(unit, unit + 1))
    return patterns.merged(pattern, np.array([0, len(pattern)]), columns)[0]


def column_of(trace: Trace, spec: PatternSpec, unit: int) -> Float32[ndarray, " query"]:
    """What attends to one key (token or word), over the units of the queries."""
    rows, columns = _groups(trace, spec)
    axis, here = Axis(groups=rows, edges=np.arange(len(rows))), columns[unit : unit + 2] - columns[unit]
    wanted = slice(int(columns[unit]), int(columns[unit + 1]))
    parts = [
        patterns.merged(pattern[:, wanted], rows[first : last + 1] - rows[first], here)[:, 0]
        for pattern, (first, last) in _blocks(trace, spec, axis)
    ]
    return np.concatenate(parts)


def _groups(trace: Trace, spec: PatternSpec) -> tuple[Int[ndarray, " row"], Int[ndarray, " column"]]:
    """Edges in tokens of the units along rows and columns."""
    queries, keys = trace.queries(spec.kind), trace.keys(spec.kind)
    if not spec.by_words:
        return np.arange(len(queries) + 1), np.arange(len(keys) + 1)
    of_queries = trace.target if spec.kind in ("decoder", "cross") else trace.text
    of_keys = trace.target if spec.kind == "decoder" else trace.text
    return patterns.words(queries, of_queries), patterns.words(keys, of_keys)


def axes(
    trace: Trace, spec: PatternSpec, rows: Window | None = None, columns: Window | None = None
) -> tuple[Axis, Axis]:
    """The rows and columns to draw for a window, or for everything."""
    row_groups, column_groups = _groups(trace, spec)
    return _axis(row_groups, rows, "rows"), _axis(column_groups, columns, "columns")


def _axis(groups: Int[ndarray, " unit"], window: Window | None, name: str) -> Axis:
    first, last = window or (0, len(groups) - 1)
    if not 0 <= first < last < len(groups):
        raise InputError(
            _(
                "{name} must be a pair within 0 and {last}, the first smaller than the second.",
                name=name,
                last=len(groups) - 1,
            )
        )
    return Axis(groups=groups, edges=patterns.bins(last - first, SIDE) + first)


def _blocks(trace: Trace, spec: PatternSpec, axis: Axis) -> Iterator[tuple[Float32[ndarray, "query key"], Window]]:
    """Runs of rows small enough to hold, each with the first and last of the axis's bins it covers."""
    keys = len(trace.keys(spec.kind))
    limit = max(1, BLOCK_BYTES // (4 * keys))
    first = 0
    while first < len(axis.edges) - 1:
        last = first + 1
        while last < len(axis.edges) - 1 and _tokens(axis, first, last + 1) <= limit:
            last += 1
        positions = axis.positions(int(axis.edges[first]), int(axis.edges[last]))
        yield rows_of(trace, spec, positions), (first, last)
        first = last


def _tokens(axis: Axis, first: int, last: int) -> int:
    return int(axis.groups[axis.edges[last]] - axis.groups[axis.edges[first]])


def _reduced(
    pattern: Float32[ndarray, "query key"], spec: PatternSpec, bins: Window, rows: Axis, columns: Axis, *, causal: bool
) -> Float32[ndarray, "row column"]:
    """Tokens to units (words), later keys blanked, units to drawn cells."""
    edges = rows.edges[bins[0] : bins[1] + 1]
    first, last = int(edges[0]), int(edges[-1])
    if spec.by_words:
        groups = rows.groups[first : last + 1]
        pattern = patterns.merged(pattern, groups - groups[0], columns.groups)
    left, right = int(columns.edges[0]), int(columns.edges[-1])
    pattern = pattern[:, left:right]
    if causal:
        later = np.arange(left, right)[None, :] > np.arange(first, last)[:, None]
        pattern = np.where(later, np.float32(np.nan), pattern)
    if len(edges) - 1 == last - first and columns.is_exact:
        return np.ascontiguousarray(pattern)
    return patterns.pooled(pattern, edges - first, columns.edges - left)
