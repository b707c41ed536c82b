"""Figures of the Embeddings tab: arrays in, Plotly figures out."""

import json
from html import escape

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float32
from numpy import ndarray
from typing_extensions import TypedDict

from explorer.theme import diverging_scale, plotly_scale, sequential_scale
from models.translation import _
from models.vectors.position_cosines import position_cosines
from models.vectors.positions import PositionScheme

INDIGO, GREY = "#6d66ea", "#8a8a8a"
MAX_CURVES = 12
PALEST = 0.3  # of the scale: the first of many curves still stands out from the page
MARGIN = {"l": 60, "r": 20, "t": 20, "b": 50}


class FigureAnswer(TypedDict):
    """A Plotly figure in plain values."""

    data: list[dict[str, object]]
    layout: dict[str, object]


def plain(figure: go.Figure) -> FigureAnswer:
    """A figure as JSON has it."""
    written = json.loads(figure.to_json())
    return {"data": written["data"], "layout": written["layout"]}


def cosine_figure(
    values: Float32[ndarray, " depth"], baseline: Float32[ndarray, " depth"] | None, *, names: tuple[str, ...]
) -> go.Figure:
    """The cosine of two tokens by depth, with the mean of all pairs as a yardstick."""
    depths = np.arange(len(values))
    figure = go.Figure(layout=_layout(_("depth (0 = embedding)"), _("cosine")))
    # Plotly reads some markup in names; a token is shown as it is.
    title = _("{left} and {right}", **dict(zip(("left", "right"), map(escape, names), strict=True)))
    figure.add_scatter(x=depths, y=values, name=title, mode="lines+markers", line={"color": INDIGO, "width": 3})
    if baseline is not None:
        style = {"color": GREY, "dash": "dash"}
        figure.add_scatter(x=depths, y=baseline, name=_("mean of all pairs of tokens"), mode="lines", line=style)
        end = {"x": len(values) - 1, "y": float(np.nan_to_num(baseline[-1])), "xanchor": "right", "yanchor": "top"}
        figure.add_annotation(text=_("mean of all pairs"), showarrow=False, **end)
    figure.update_layout(showlegend=False)  # the headline names the two
    return figure.update_yaxes(range=[min(-0.1, float(np.nanmin(values, initial=0)) - 0.05), 1.05])


def position_figure(scheme: PositionScheme) -> go.Figure:
    """A table as the cosines between its positions; an effect on scores as curves over distance."""
    return _table_figure(scheme.table) if scheme.table is not None else _curve_figure(scheme)


def _table_figure(table: Float32[ndarray, "row width"]) -> go.Figure:
    rows, cosines = position_cosines(table)
    figure = go.Figure(layout=_layout(_("position"), _("position")))
    figure.add_heatmap(
        z=cosines,
        x=rows,
        y=rows,
        zmin=-1,
        zmax=1,
        colorscale=plotly_scale(diverging_scale()),
        colorbar={"title": {"text": _("cosine")}},
        hovertemplate=_("positions %{y} and %{x}: %{z:.3f}") + "<extra></extra>",
    )
    return figure.update_yaxes(autorange="reversed", scaleanchor="x", constrain="domain").update_xaxes(
        constrain="domain"
    )


def _curve_figure(scheme: PositionScheme) -> go.Figure:
    if scheme.curves is None:
        raise ValueError("A scheme without a table has curves.")
    effect = _("factor on the score") if scheme.kind == "rotary" else _("added to the score")
    figure = go.Figure(layout=_layout(_("distance from the query back to the key, in tokens"), effect))
    for place, (name, curve) in enumerate(zip(scheme.names[:MAX_CURVES], scheme.curves, strict=False)):
        first = place == 0 and scheme.kind == "rotary"
        share = place / max(min(len(scheme.names), MAX_CURVES) - 1, 1)
        red, green, blue = sequential_scale()[round(255 * (PALEST + (1 - PALEST) * share))]
        style = {"color": INDIGO if first else f"rgb({red},{green},{blue})", "width": 3 if first else 1.6}
        figure.add_scatter(x=scheme.distances, y=curve, name=name, mode="lines", line=style)
    return figure


def _layout(across: str, upwards: str) -> go.Layout:
    return go.Layout(
        template="none",
        margin=MARGIN,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"},
        xaxis={"title": {"text": across}, "automargin": True},
        yaxis={"title": {"text": upwards}, "automargin": True},
    )
