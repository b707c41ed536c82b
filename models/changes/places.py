"""Where in a model a change applies: its points, checked, or a sentence that says what the model does not have."""

from collections.abc import Iterator
from typing import Any

from models.changes.kinds import AttentionName
from models.engine.language_model import LanguageModel
from models.engine.points import Kind, Point
from models.errors import InputError, Unsupported
from models.translation import _


def stack_of(model: LanguageModel, attention: AttentionName) -> str:
    """The stack that a name of attention is about."""
    if attention in (None, "self"):
        return "decoder"
    if model.kind != "encoder-decoder" or "encoder" not in model.architecture.depths:
        raise InputError(
            _(
                "{model} has one stack of blocks: leave attention empty instead of “{attention}”.",
                model=model.name,
                attention=attention,
            )
        )
    return "encoder" if attention == "encoder" else "decoder"


def kind_of(attention: AttentionName) -> Kind:
    return "cross" if attention == "cross" else "self"


def depth_point(model: LanguageModel, attention: AttentionName, depth: int) -> Point:
    """The residual stream at one depth: what block `depth` − 1 puts out, the embedding at 0."""
    stack = stack_of(model, attention)
    last = model.architecture.depths[stack] - 1
    if depth > last:
        raise InputError(
            _("{model} has no depth {depth}: choose one from 0 to {last}.", model=model.name, depth=depth, last=last)
        )
    point = Point(stack=stack, layer=max(0, depth - 1), part="output" if depth else "input")
    return _reachable(model, point, _("the residual stream of {model} cannot be changed", model=model.name))


def heads_point(model: LanguageModel, attention: AttentionName, layer: int, head: int) -> tuple[Point, int]:
    """The point of a layer's heads, and how many there are."""
    stack, kind = stack_of(model, attention), kind_of(attention)
    _check_layer(model, stack, layer)
    point = Point(stack=stack, layer=layer, part="heads", kind=kind)
    _reachable(
        model, point, _("the heads of block {layer} of {model} cannot be told apart", layer=layer, model=model.name)
    )
    count = model.architecture.parts[stack][layer].heads[kind]
    if head >= count:
        raise InputError(
            _(
                "{model} has no head {layer}·{head}: block {layer} has {count} heads, counted from 0.",
                model=model.name,
                layer=str(layer),
                head=str(head),
                count=count,
            )
        )
    return point, count


def part_point(model: LanguageModel, attention: AttentionName, layer: int, part: str) -> Point:
    """What attention or the feed-forward part of a block adds to the residual stream."""
    stack, kind = stack_of(model, attention), kind_of(attention)
    _check_layer(model, stack, layer)
    point = Point(stack=stack, layer=layer, part="attention", kind=kind)
    if part == "feed_forward":
        point = Point(stack=stack, layer=layer, part="feed_forward")
    sentence = _("what this part of block {layer} of {model} adds cannot be told", layer=layer, model=model.name)
    return _reachable(model, point, sentence)


def neurons_point(model: LanguageModel, attention: AttentionName, layer: int, neuron: int) -> Point:
    """The activations of a block's neurons."""
    stack = stack_of(model, attention)
    _check_layer(model, stack, layer)
    point = Point(stack=stack, layer=layer, part="neurons")
    _reachable(
        model, point, _("the neurons of block {layer} of {model} cannot be told apart", layer=layer, model=model.name)
    )
    linear: Any = model.architecture.parts[stack][layer].neurons
    count = _incoming(model, tuple(linear.weight.shape))
    if neuron >= count:
        raise InputError(
            _(
                "{model} has no neuron {neuron} in block {layer}: it has {count}, counted from 0.",
                model=model.name,
                neuron=str(neuron),
                layer=str(layer),
                count=count,
            )
        )
    return point


def mask_points(model: LanguageModel, attention: AttentionName, layer: int | None) -> Iterator[Point]:
    """Where each block of a stack, or one of them, decides which key a query may look at."""
    stack, kind = stack_of(model, attention), kind_of(attention)
    if layer is not None:
        _check_layer(model, stack, layer)
    layers = range(model.architecture.depths[stack] - 1) if layer is None else (layer,)
    points = [Point(stack=stack, layer=one, part="mask", kind=kind) for one in layers]
    found = [point for point in points if point in model.points]
    if not found:
        raise Unsupported(_("No connection of this model's attention can be read or cut."))
    yield from found


def _incoming(model: LanguageModel, shape: tuple[int, ...]) -> int:
    """The side of the last linear map that is not the residual stream's; transposed in some families."""
    return next((size for size in shape if size != model.width), model.width)


def _check_layer(model: LanguageModel, stack: str, layer: int) -> None:
    last = model.architecture.depths[stack] - 2
    if layer > last:
        raise InputError(
            _(
                "{model} has no layer {layer}: choose one from 0 to {last}.",
                model=model.name,
                layer=str(layer),
                last=str(last),
            )
        )


def _reachable(model: LanguageModel, point: Point, sentence: str) -> Point:
    if point not in model.points:
        raise Unsupported(_("This change cannot be made: {reason}.", reason=sentence))
    return point
