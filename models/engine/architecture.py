"""Where a network keeps what we read: found by one probe run, so that a new family needs no code."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import torch
from torch import Tensor, nn

from models.engine.block_parts import BlockParts, MixtureWatch, find_parts
from models.engine.points import KINDS, Kind, Part, Point
from models.engine.unembedding import Call, Unembedding, find_unembedding
from models.errors import Unsupported
from models.translation import _

Inputs = Mapping[str, Tensor]


@dataclass(frozen=True, eq=False, kw_only=True)
class Architecture:
    """The blocks of each stack in the order they run, their parts, and the way from the last one to the logits.

    `blocks` by stack: "decoder" for whatever yields the logits, "encoder" for the source side of an encoder-decoder;
    `parts` are what each of them adds to the residual stream. `unembedding` is None where the way to the logits could
    not be followed: then all of them are kept with a trace.
    """

    blocks: dict[str, tuple[nn.Module, ...]]
    parts: dict[str, tuple[BlockParts, ...]]
    width: int
    unembedding: Unembedding | None
    output_embedding: Any

    @property
    def depths(self) -> dict[str, int]:
        return {stack: len(blocks) + 1 for stack, blocks in self.blocks.items()}

    @cached_property
    def points(self) -> frozenset[Point]:
        """Every point that can be read or edited in this network; the others could not be located truthfully."""
        return frozenset(
            Point(stack=stack, layer=layer, part=part, kind=kind)
            for stack, blocks in self.parts.items()
            for layer, parts in enumerate(blocks)
            for part, kind in _parts_of(parts)
        )


@dataclass(eq=False)
class Probe:
    """Every module call of one run, by the tensors that went in and came out."""

    calls: list[Call] = field(default_factory=list)
    clock: int = 0
    started: list[tuple[int, Tensor | None]] = field(default_factory=list)

    def before(self, _module: nn.Module, arguments: tuple, keywords: dict) -> None:
        self.clock += 1
        self.started.append((self.clock, first_tensor((*arguments, *keywords.values()))))

    def after(self, module: nn.Module, _arguments: tuple, _keywords: dict, output: Any) -> None:
        self.clock += 1
        start, incoming = self.started.pop()
        outgoing = first_tensor((output,))
        if incoming is not None and outgoing is not None:
            self.calls.append(Call(module, start, self.clock, incoming.clone(), outgoing.clone()))


def locate_modules(network: Any, inputs: Inputs) -> Architecture:
    """Runs the network once on a few tokens and reads its architecture off the calls."""
    with torch.no_grad(), probing(network) as probe, MixtureWatch(probe) as watch:
        logits = network(**inputs, use_cache=False).logits if _takes_cache(network) else network(**inputs).logits
    calls = sorted(probe.calls, key=lambda call: call.start)
    roots = _stacks(network)
    stacks = {stack: _block_calls(root, calls) for stack, root in roots.items()}
    last = stacks["decoder"][-1]
    if last.outgoing.ndim != 3 or last.outgoing.shape[:2] != logits.shape[:2]:
        raise Unsupported(
            _("{name} keeps its residual stream in a form the explorer cannot read.", name=type(network).__name__)
        )
    return Architecture(
        blocks={stack: tuple(call.module for call in found) for stack, found in stacks.items()},
        parts={
            stack: tuple(find_parts(block, calls, watch.mixtures) for block in found) for stack, found in stacks.items()
        },
        width=last.outgoing.shape[-1],
        unembedding=find_unembedding(
            [c for c in calls if c.start > last.end], last.outgoing, logits, _soft_cap(network.config)
        ),
        output_embedding=network.get_output_embeddings(),
    )


def _parts_of(parts: BlockParts) -> Iterator[tuple[Part, Kind]]:
    yield from (("input", "self"), ("output", "self"))
    for kind in KINDS:
        if kind in parts.projections:
            yield from (("mask", kind), ("values", kind), ("heads", kind))
        if kind in parts.attention:
            yield "attention", kind
    if parts.feed_forward is not None:
        yield "feed_forward", "self"
    if parts.neurons is not None:
        yield "neurons", "self"


@contextmanager
def probing(network: nn.Module) -> Iterator[Probe]:
    """Notes every module call until the block ends; of a network in use, the caller holds the model's lock."""
    probe = Probe()
    handles = []
    for module in network.modules():
        handles.append(module.register_forward_pre_hook(probe.before, with_kwargs=True))
        handles.append(module.register_forward_hook(probe.after, with_kwargs=True))
    try:
        yield probe
    finally:
        for handle in handles:
            handle.remove()


def _stacks(network: Any) -> dict[str, nn.Module]:
    if network.config.is_encoder_decoder:
        return {"encoder": network.get_encoder(), "decoder": network.get_decoder()}
    return {"decoder": network}


def _block_calls(root: nn.Module, calls: list[Call]) -> list[Call]:
    """The calls of the children of the outermost list of modules that work on the residual stream, in order."""
    taken: list[list[Call]] = []
    inside: set[nn.Module] = set()
    for modules in root.modules():
        if not isinstance(modules, nn.ModuleList) or modules in inside:
            continue
        found = [call for call in calls if call.module in set(modules) and call.incoming.shape == call.outgoing.shape]
        if found and found[0].outgoing.ndim == 3:
            taken.append(found)
            inside |= set(modules.modules())
    if not taken:
        raise Unsupported(_("The blocks of {name} cannot be told apart.", name=type(root).__name__))
    return max(taken, key=len)


def _takes_cache(network: Any) -> bool:
    return hasattr(network.config, "use_cache")


def _soft_cap(config: Any) -> float | None:
    return getattr(config.get_text_config(), "final_logit_softcapping", None)


def first_tensor(values: tuple) -> Tensor | None:
    """The first floating-point tensor, also inside the first tuple: blocks differ in what they wrap it in."""
    for value in values:
        if isinstance(value, Tensor) and value.is_floating_point():
            return value
        if isinstance(value, tuple | list) and value and isinstance(value[0], Tensor):
            return value[0]
        logits = getattr(value, "logits", None)
        if isinstance(logits, Tensor):
            return logits
    return None
