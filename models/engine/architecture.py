"""Where a network keeps what we read: found by one probe run, so that a new family needs no code."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from threading import get_ident
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

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
    `parts` are what each of them adds to the residual stream. `depths` counts the reading points of each stack. Where
    the blocks cannot be told apart, or put out something else than the network's own hidden states, there are none and
    `told` is true: the residual stream is then what the network tells of itself. `unembedding` is None where the way to
    the logits could not be followed: then all of them are kept with a trace. `speaks` is false without a head that
    turns vectors into words. `positions` is how many rows the shortest table of positions has for texts, None without
    one. `closed_attention` says why no attention is read, "" where it is.
    """

    blocks: dict[str, tuple[nn.Module, ...]]
    parts: dict[str, tuple[BlockParts, ...]]
    depths: dict[str, int]
    width: int
    unembedding: Unembedding | None
    output_embedding: Any
    told: bool = False
    speaks: bool = True
    positions: int | None = None
    closed_attention: str = ""

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
    """Every module call of one run, by the tensors that went in and came out, all on the device `home`.

    A network spread over several devices hands a tensor on from one to the next between two calls.
    """

    home: torch.device
    calls: list[Call] = field(default_factory=list)
    clock: int = 0
    started: list[tuple[int, Tensor | None]] = field(default_factory=list)
    thread: int = field(default_factory=get_ident)

    def before(self, _module: nn.Module, arguments: tuple, keywords: dict) -> None:
        if get_ident() != self.thread:  # another visitor reads logits off a trace: that needs no lock
            return
        self.clock += 1
        self.started.append((self.clock, first_tensor((*arguments, *keywords.values()))))

    def after(self, module: nn.Module, _arguments: tuple, _keywords: dict, output: Any) -> None:
        if get_ident() != self.thread:
            return
        self.clock += 1
        start, incoming = self.started.pop()
        outgoing = first_tensor((output,))
        if incoming is not None and outgoing is not None:
            self.calls.append(Call(module, start, self.clock, self.copy(incoming), self.copy(outgoing)))

    def copy(self, tensor: Tensor) -> Tensor:
        """A copy at home that nobody writes to again."""
        return tensor.detach().to(self.home, copy=True)


def locate_modules(network: Any, inputs: Inputs) -> Architecture:
    """Runs the network once on a few tokens and reads its architecture off the calls."""
    settings: dict[str, Any] = {"use_cache": False} if _takes_cache(network) else {}
    with torch.no_grad(), probing(network) as probe, MixtureWatch(probe) as watch, PositionWatch(network) as tables:
        output = network(**inputs, **settings, output_hidden_states=True, return_dict=True)
    calls = sorted(probe.calls, key=lambda call: call.start)
    logits = getattr(output, "logits", None)
    logits = None if logits is None else logits.to(probe.home)
    states = {stack: tuple(map(probe.copy, told_states(output, stack))) for stack in _stacks(network)}
    stacks = {stack: block_calls(root, calls, states[stack]) for stack, root in _stacks(network).items()}
    told = any(found is None for found in stacks.values())
    if told and not all(fits_text(states[stack], inputs, stack) for stack in stacks):
        raise Unsupported(
            _("{name} keeps its residual stream in a form the explorer cannot read.", name=type(network).__name__)
        )
    found = {stack: () if told else tuple(blocks or ()) for stack, blocks in stacks.items()}
    last = states["decoder"][-1] if told else found["decoder"][-1].outgoing
    after = calls if told else [call for call in calls if call.start > found["decoder"][-1].end]
    soft_cap = _soft_cap(network.config)
    return Architecture(
        blocks={stack: tuple(call.module for call in blocks) for stack, blocks in found.items()},
        parts={
            stack: tuple(find_parts(block, calls, watch.mixtures) for block in blocks)
            for stack, blocks in found.items()
        },
        depths={stack: len(states[stack]) if told else len(blocks) + 1 for stack, blocks in found.items()},
        width=last.shape[-1],
        unembedding=None if logits is None else find_unembedding(after, last, logits, soft_cap),
        output_embedding=None if logits is None else network.get_output_embeddings(),
        told=told,
        speaks=logits is not None,
        positions=tables.positions,
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
    probe = Probe(network.get_input_embeddings().weight.device)  # type: ignore[operator]
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
    """The stacks that run; of an encoder-decoder whose decoder was left out, the encoder is all there is."""
    if network.config.is_encoder_decoder and _module(network, "get_decoder") not in (None, network):
        return {"encoder": network.get_encoder(), "decoder": network.get_decoder()}
    return {"decoder": network}


def _module(network: Any, name: str) -> Any:
    find = getattr(network, name, None)
    return None if find is None else find()


def block_calls(root: nn.Module, calls: list[Call], states: Sequence[Tensor]) -> list[Call] | None:
    """The calls of the blocks of one stack, in order; None where none put out the network's own hidden states.

    Blocks are the children of an outermost list of modules that work on the residual stream. Of several lists, the
    longest whose outputs are the hidden states the network tells; a network that tells none is believed.
    """
    taken: list[list[Call]] = []
    inside: set[nn.Module] = set()
    for modules in root.modules():
        if not isinstance(modules, nn.ModuleList) or modules in inside:
            continue
        found = [call for call in calls if call.module in set(modules) and call.incoming.shape == call.outgoing.shape]
        if found and found[0].outgoing.ndim == 3:
            taken.append(found)
            inside |= set(modules.modules())
    fitting = [found for found in taken if _puts_out(found, states)]
    return max(fitting, key=len) if fitting else None


def _puts_out(blocks: Sequence[Call], states: Sequence[Tensor]) -> bool:
    """True if these calls read and write the hidden states; the last of them has often been through the final norm."""
    if not states:
        return True
    read = [blocks[0].incoming, *(block.outgoing for block in blocks)]
    if len(read) != len(states):
        return False
    pairs = zip(read[:-1], states[:-1], strict=True)
    return read[-1].shape[:2] == states[-1].shape[:2] and all(_alike(one, other) for one, other in pairs)


def _alike(one: Tensor, other: Tensor) -> bool:
    if one.shape != other.shape:
        return False
    tolerance = 1e-4 if one.dtype == torch.float32 else 3e-2
    scale = float(other.float().abs().max()) or 1.0
    return bool((one.float() - other.float()).abs().max() <= tolerance * scale) or not bool(other.isfinite().all())


def fits_text(states: Sequence[Tensor], inputs: Inputs, stack: str) -> bool:
    """True if hidden states have one vector for each token of the text."""
    written = inputs.get("decoder_input_ids") if stack == "decoder" else None
    length = (inputs["input_ids"] if written is None else written).shape[1]
    return len(states) > 1 and all(
        state.shape == states[0].shape and state.shape[:2] == (1, length) for state in states
    )


def told_states(output: Any, stack: str) -> tuple[Tensor, ...]:
    """The residual stream of one stack as the network itself hands it out; () where it does not."""
    names = ("encoder_hidden_states",) if stack == "encoder" else ("decoder_hidden_states", "hidden_states")
    states = tuple(next((states for name in names if (states := getattr(output, name, None))), ()))
    return states if all(isinstance(state, Tensor) for state in states) else ()


@dataclass(eq=False)
class PositionWatch(TorchFunctionMode):
    """Finds how many texts' positions the tables hold, by the rows a run reads: p, p + 1, … from some first one on."""

    network: Any
    positions: int | None = None

    def __post_init__(self) -> None:
        super().__init__()

    def __torch_function__(self, function: Any, _: Any, arguments: tuple = (), keywords: dict | None = None) -> Any:
        if function is nn.functional.embedding and len(arguments) > 1:
            self._note(arguments[0], arguments[1])
        return function(*arguments, **(keywords or {}))

    def _note(self, indices: Tensor, table: Tensor) -> None:
        rows = indices.reshape(-1, indices.shape[-1])[0] if indices.ndim else indices
        words = self.network.get_input_embeddings().weight
        if rows.numel() < 2 or table is words or not bool((rows.diff() == 1).all()) or indices.numel() != rows.numel():
            return
        count = len(table) - int(rows[0])
        self.positions = count if self.positions is None else min(count, self.positions)


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
