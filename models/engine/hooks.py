"""Hooks that listen and may change: installed once, when a model is assembled.

They do nothing unless a context variable of this run says so: the recorder of a trace (`capture`), or the edits and
readings of `points`. So two runs with different edits, in two threads, never meet, and a run without edits computes
what an untouched network computes, bit for bit.
"""

from collections import defaultdict
from typing import Any

from torch import Tensor, nn
from transformers import Cache

from models.engine.architecture import Architecture, first_tensor
from models.engine.capture import CAPTURE, current_recorder, implementation
from models.engine.points import Intervention, Kind, Part, Point, current
from models.engine.scores import are_watched
from models.errors import Unsupported
from models.translation import _

Sites = dict[nn.Module, list[int]]


def install_hooks(network: Any, architecture: Architecture) -> None:
    """Lets the network tell the recorder of its thread what its blocks put out, and apply the run's edits."""
    for stack, blocks in architecture.blocks.items():
        for block, layers in _layers_of(blocks).items():
            block.register_forward_pre_hook(_Entering(network, architecture, stack, layers), with_kwargs=True)
            block.register_forward_hook(_Leaving(stack))
        for kind in ("self", "cross"):
            _install_on_attention(architecture, stack, kind)
        writers = [parts.feed_forward for parts in architecture.parts[stack] if parts.feed_forward is not None]
        for module in _layers_of([writer.module for writer in writers]):
            module.register_forward_hook(_PartOutput("feed_forward", "self"))
        for module in {parts.neurons for parts in architecture.parts[stack] if parts.neurons is not None}:
            module.register_forward_pre_hook(_Neurons())


def available(network: Any, architecture: Architecture) -> frozenset[Point]:
    """The points that can be read and edited; values only where attention is captured, not the family's own."""
    if implementation(network) == CAPTURE:
        return architecture.points
    closed = ("values",) if are_watched(architecture) else ("values", "mask")
    return frozenset(point for point in architecture.points if point.part not in closed)


def _install_on_attention(architecture: Architecture, stack: str, kind: Kind) -> None:
    parts = architecture.parts[stack]
    heads = {one.projections[kind]: one.heads[kind] for one in parts if kind in one.projections}
    for module, count in heads.items():
        module.register_forward_pre_hook(_Heads(count, kind))
    for module in _layers_of([one.attention[kind].module for one in parts if kind in one.attention]):
        module.register_forward_hook(_PartOutput("attention", kind))


def _layers_of(modules: Any) -> Sites:
    """Each module once, with its places in the list."""
    sites: Sites = defaultdict(list)
    for layer, module in enumerate(modules):
        sites[module].append(layer)
    return dict(sites)


class _Entering:
    """Before a block: the edit of its input, and what the recorder hears of it."""

    def __init__(self, network: Any, architecture: Architecture, stack: str, layers: list[int]) -> None:
        self.network, self.architecture, self.stack, self.layers = network, architecture, stack, tuple(layers)

    def __call__(self, _block: nn.Module, arguments: tuple, keywords: dict) -> tuple[tuple, dict] | None:
        recorder, intervention = current_recorder(), current()
        if recorder is None and intervention is None:
            return None
        given = (*arguments, *keywords.values())
        incoming = first_tensor(given)
        if incoming is None:
            return None
        edited = incoming if intervention is None else self._edited(intervention, incoming, given)
        if recorder is not None:
            recorder.enter(self.stack, edited, changed=edited is not incoming)
        return None if edited is incoming else _replaced(arguments, keywords, incoming, edited)

    def _edited(self, intervention: Intervention, incoming: Tensor, given: tuple) -> Tensor:
        self._check(intervention)
        cache = next((value for value in given if isinstance(value, Cache)), None)
        intervention.enter(self.stack, self.layers, incoming, cache)
        return intervention.apply(Point(stack=self.stack, layer=intervention.layer, part="input"), incoming)

    def _check(self, intervention: Intervention) -> None:
        """Refuses what would be passed over in silence."""
        missing = intervention.points - available(self.network, self.architecture)
        if any(point.part == "mask" for point in missing):
            raise Unsupported(_("No connection of this model's attention can be read or cut."))
        if missing:
            raise Unsupported(
                _("This model has no {point} that can be read or changed.", point=_named(min(missing, key=str)))
            )


class _Leaving:
    """After a block: the edit of its output, and what the recorder hears of it."""

    def __init__(self, stack: str) -> None:
        self.stack = stack

    def __call__(self, _block: nn.Module, _arguments: tuple, output: Any) -> Any:
        recorder, intervention = current_recorder(), current()
        if recorder is None and intervention is None:
            return None
        outgoing = first_tensor((output,))
        if outgoing is None:
            return None
        edited = outgoing
        if intervention is not None:
            edited = intervention.apply(Point(stack=self.stack, layer=intervention.layer, part="output"), outgoing)
        if recorder is not None:
            recorder.leave(self.stack, edited)
        return None if edited is outgoing else _with_first(output, edited)


class _Heads:
    """Before the output projection: the edit of the heads' outputs."""

    def __init__(self, heads: int, kind: Kind) -> None:
        self.heads, self.kind = heads, kind

    def __call__(self, _projection: nn.Module, arguments: tuple) -> tuple | None:
        intervention = current()
        if intervention is None:
            return None
        point = Point(stack=intervention.stack, layer=intervention.layer, part="heads", kind=self.kind)
        if not intervention.touches(point):
            return None
        joined = arguments[0]
        value = joined.reshape(*intervention.shape, self.heads, -1)
        edited = intervention.apply(point, value)
        return None if edited is value else (edited.reshape(joined.shape).to(joined.dtype), *arguments[1:])


class _Neurons:
    """Before the last linear map of the feed-forward part: the edit of its neurons' activations."""

    def __call__(self, _linear: nn.Module, arguments: tuple) -> tuple | None:
        intervention = current()
        if intervention is None:
            return None
        point = Point(stack=intervention.stack, layer=intervention.layer, part="neurons")
        if not intervention.touches(point):
            return None
        given = arguments[0]
        value = given.reshape(*intervention.shape, -1)
        edited = intervention.apply(point, value)
        return None if edited is value else (edited.reshape(given.shape).to(given.dtype), *arguments[1:])


class _PartOutput:
    """After attention or the feed-forward part: the edit of what it adds to the residual stream."""

    def __init__(self, part: Part, kind: Kind) -> None:
        self.part, self.kind = part, kind

    def __call__(self, _module: nn.Module, _arguments: tuple, output: Any) -> Any:
        intervention = current()
        if intervention is None:
            return None
        point = Point(stack=intervention.stack, layer=intervention.layer, part=self.part, kind=self.kind)
        outgoing = first_tensor((output,))
        if outgoing is None or not intervention.touches(point):
            return None
        value = outgoing.reshape(*intervention.shape, -1)
        edited = intervention.apply(point, value)
        return None if edited is value else _with_first(output, edited.reshape(outgoing.shape).to(outgoing.dtype))


def _replaced(arguments: tuple, keywords: dict, old: Tensor, new: Tensor) -> tuple[tuple, dict]:
    """The arguments of a block with one tensor replaced by another."""
    return (
        tuple(new if value is old else value for value in arguments),
        {name: new if value is old else value for name, value in keywords.items()},
    )


def _with_first(output: Any, new: Tensor) -> Any:
    """The output of a module with its first tensor replaced."""
    return new if isinstance(output, Tensor) else (new, *output[1:])


def _named(point: Point) -> str:
    return f"{point.part} ({point.stack}, {point.layer}, {point.kind})"
