"""One pattern, as a heatmap and as shades of the text."""

import numpy as np
from typing_extensions import TypedDict

from explorer.calls import Context, call
from explorer.calls.answers import packed
from explorer.features.attention.labels import Unit, name_of, unit_of
from explorer.features.attention.requests import PictureRequest, ShadingRequest, traced, window
from models.attention.pattern_spec import PatternSpec
from models.attention.picture import Axis, Picture, Window, axes, column_of, picture, row_of
from models.engine.trace import Trace
from models.errors import InputError
from models.translation import _


class AxisAnswer(TypedDict):
    """The drawn cells start at unit `first` and are `step` units wide, the last perhaps less.

    `groups` are the edges of words in tokens; null where a unit is a token.
    """

    count: int
    first: int
    last: int
    step: int
    drawn: int
    groups: list[int] | None


class HeatmapAnswer(TypedDict):
    """Float32 `values`, row after row, NaN where there is nothing; `name` says whose they are."""

    values: str
    rows: AxisAnswer
    columns: AxisAnswer
    exact: bool
    causal: bool
    peak: float
    name: str
    unit: Unit


class ShadingAnswer(TypedDict):
    """Float32 `weights` of the other tokens, or words if `groups` has their edges; `chosen` is a span of tokens."""

    weights: str
    groups: list[int] | None
    chosen: list[int]
    name: str
    unit: Unit


@call
def heatmap(context: Context, request: PictureRequest) -> HeatmapAnswer:
    """Give the picture of a pattern, or a window of it."""
    trace, spec = traced(context, request)
    return heatmap_of(trace, spec, window(request.rows), window(request.columns))


def heatmap_of(
    trace: Trace, spec: PatternSpec, rows: Window | None = None, columns: Window | None = None
) -> HeatmapAnswer:
    """The picture of a pattern, or a window of it, as it is sent."""
    drawn = picture(trace, spec, rows, columns)
    return {
        "values": packed(drawn.values),
        "rows": _axis(drawn.rows, by_words=spec.by_words),
        "columns": _axis(drawn.columns, by_words=spec.by_words),
        "exact": drawn.is_exact,
        "causal": drawn.causal,
        "peak": _peak(drawn),
        "name": name_of(spec),
        "unit": unit_of(spec),
    }


@call
def shading(context: Context, request: ShadingRequest) -> ShadingAnswer:
    """Give what one token (or its word) attends to, or what attends to it."""
    trace, spec = traced(context, request)
    toward = request.direction == "to"
    count = len(trace.keys(spec.kind) if toward else trace.queries(spec.kind))
    if request.position >= count:
        raise InputError(
            _("position must be from {low} to {high}, not {value}.", low=0, high=count - 1, value=request.position)
        )
    rows, columns = axes(trace, spec)
    here, there = (columns, rows) if toward else (rows, columns)
    unit = int(np.searchsorted(here.groups, request.position, side="right")) - 1
    weights = column_of(trace, spec, unit) if toward else row_of(trace, spec, unit)
    return {
        "weights": packed(weights),
        "groups": there.groups.tolist() if spec.by_words else None,
        "chosen": [int(here.groups[unit]), int(here.groups[unit + 1])],
        "name": name_of(spec),
        "unit": unit_of(spec),
    }


def _peak(drawn: Picture) -> float:
    """The largest value, the first row of a causal pattern aside: it can look at itself only, which tells nothing."""
    telling = drawn.values[1:] if drawn.causal and len(drawn.values) > 1 and drawn.rows.edges[0] == 0 else drawn.values
    finite = telling[np.isfinite(telling)]
    return float(finite.max()) if len(finite) else 0.0


def _axis(axis: Axis, *, by_words: bool) -> AxisAnswer:
    edges = axis.edges
    return {
        "count": axis.count,
        "first": int(edges[0]),
        "last": int(edges[-1]),
        "step": int(edges[1] - edges[0]),
        "drawn": len(edges) - 1,
        "groups": axis.groups.tolist() if by_words else None,
    }
