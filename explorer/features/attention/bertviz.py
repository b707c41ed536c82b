"""What the bertviz view asks: how large a drawing would be, what fits instead, and the drawing itself."""

from typing_extensions import TypedDict

from explorer.calls import Context, call
from explorer.features.attention.bertviz_pages import (
    Choice,
    Size,
    page,
    refusal,
    size,
    smaller,
)
from explorer.features.attention.requests import BertvizRequest
from models.attention.pattern_spec import PatternSpec
from models.engine.trace import Trace
from models.translation import _, _n, number


class BertvizAnswer(TypedDict):
    """A drawing's size in words, whether all of it or at least a part fits, and if it was asked for, its document."""

    fits: bool
    offered: bool
    sentence: str
    document: str | None


@call
def bertviz(context: Context, request: BertvizRequest) -> BertvizAnswer:
    """Give the size of a drawing against its budget, what fits if it does not, and the document of what fits."""
    trace = context.trace(request)
    wanted = _choice(request, trace)
    reason = refusal(trace, wanted)
    if reason:
        return {"fits": False, "offered": False, "sentence": reason, "document": None}
    offered = smaller(trace, wanted)
    return {
        "fits": offered == wanted,
        "offered": offered is not None,
        "sentence": _sentence(trace, wanted, offered),
        "document": page(trace, offered) if offered and request.draw else None,
    }


def _choice(request: BertvizRequest, trace: Trace) -> Choice:
    kind, layer, head = request.kind_of(trace), request.layer, request.head
    PatternSpec(kind=kind, layer=layer, head=head).check(trace)
    by_layer = trace.heads_by_layer(kind)
    layers, heads = len(by_layer), by_layer[layer]
    # The chosen layer and head come first, so that they are what remains when not everything fits; one drawing has as
    # many heads in each of its layers.
    every_layer = tuple(at for at in (*range(layer, layers), *range(layer - 1, -1, -1)) if by_layer[at] == heads)
    every_head = (*range(head, heads), *range(head - 1, -1, -1))
    return Choice(
        view=request.view,
        kind=kind,
        layers=(layer,) if request.scope != "all" else every_layer,
        heads=(head,) if request.scope == "head" else every_head,
    )


def _sentence(trace: Trace, wanted: Choice, offered: Choice | None) -> str:
    asked = {
        "layers": _n("{count} layer", "{count} layers", len(wanted.layers)),
        "heads": _n("{count} head", "{count} heads", len(wanted.heads)),
        "size": _size(size(trace, wanted)),
    }
    if offered is None:
        return _(
            "{layers} × {heads} would be {size}, too large to draw at once. "
            "Not even one head fits: shorten the text, or use the heatmap above.",
            **asked,
        )
    if offered == wanted:
        return _("{layers} × {heads}: {size}.", **asked)
    less = {
        "some_layers": _listed(offered.layers),
        "some_heads": _listed(offered.heads),
        "less": _size(size(trace, offered)),
    }
    return _(
        "{layers} × {heads} would be {size}, too large to draw at once. "
        "Offered instead: layers {some_layers}, heads {some_heads} ({less}).",
        **asked,
        **less,
    )


def _size(size: Size) -> str:
    return _("{megabytes} MB, {shapes} shapes", megabytes=number(size.bytes / 1e6, 1), shapes=size.shapes)


def _listed(places: tuple[int, ...]) -> str:
    ordered = sorted(places)
    if len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1:
        return f"{ordered[0]}–{ordered[-1]}"
    return ", ".join(map(str, ordered))
