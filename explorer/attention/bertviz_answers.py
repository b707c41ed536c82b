"""What the bertviz view asks: how large a drawing would be, what fits instead, and the drawing itself."""

from collections.abc import Mapping
from typing import Any, get_args

from explorer.attention.answers import Answer, trace_of
from explorer.attention.bertviz_pages import BYTES_BUDGET, SHAPES_BUDGET, Choice, View, page, refusal, size, smaller
from explorer.attention.request import request_of
from models.errors import InputError
from models.pool import Pool
from models.trace import Trace

SCOPES = ("all", "layer", "head")


def bertviz(pool: Pool, payload: Mapping[str, Any]) -> Answer:
    """The size of a drawing against its budget, what fits if it does not, and with `draw` the document of what fits."""
    trace = trace_of(pool, payload)
    wanted = _choice(payload, trace)
    reason = refusal(trace, wanted)
    if reason:
        return {"fits": False, "sentence": reason, "document": None}
    offered = smaller(trace, wanted)
    return {
        "fits": offered == wanted,
        "sentence": _sentence(trace, wanted, offered),
        "offer": offered and {"layers": offered.layers, "heads": offered.heads},
        "document": page(trace, offered) if offered and payload.get("draw") is True else None,
    }


def _choice(payload: Mapping[str, Any], trace: Trace) -> Choice:
    request = request_of({**payload, "combination": "one"}, trace)
    view, scope = payload.get("view", "head"), payload.get("scope", "all")
    if view not in get_args(View) or scope not in SCOPES:
        raise InputError(f"'view' must be one of {', '.join(get_args(View))}, and 'scope' one of {', '.join(SCOPES)}.")
    layers, heads = trace.layers_of(request.kind), trace.heads_of(request.kind)
    # The chosen layer and head come first, so that they are what remains when not everything fits.
    every_layer = (*range(request.layer, layers), *range(request.layer - 1, -1, -1))
    every_head = (*range(request.head, heads), *range(request.head - 1, -1, -1))
    return Choice(
        view=view,
        kind=request.kind,
        layers=(request.layer,) if scope != "all" else every_layer,
        heads=(request.head,) if scope == "head" else every_head,
    )


def _sentence(trace: Trace, wanted: Choice, offered: Choice | None) -> str:
    asked = size(trace, wanted)
    told = f"{_counted(wanted)}: {asked.bytes / 1e6:.1f} MB, {asked.shapes:,} shapes at once"
    budget = f"the budget is {BYTES_BUDGET / 1e6:.0f} MB and {SHAPES_BUDGET:,} shapes"
    if offered is None:
        return f"{told}; {budget}. Not even one head fits: shorten the text, or use the heatmap above."
    if offered == wanted:
        return f"{told}; {budget}."
    less = size(trace, offered)
    named = f"layers {_listed(offered.layers)}, heads {_listed(offered.heads)}"
    return f"{told}: too large, {budget}. Offered instead: {named} ({less.bytes / 1e6:.1f} MB, {less.shapes:,} shapes)."


def _counted(choice: Choice) -> str:
    layers, heads = len(choice.layers), len(choice.heads)
    return f"{layers} layer{'s' * (layers != 1)} × {heads} head{'s' * (heads != 1)}"


def _listed(numbers: tuple[int, ...]) -> str:
    ordered = sorted(numbers)
    if len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1:
        return f"{ordered[0]}–{ordered[-1]}"
    return ", ".join(map(str, ordered))
