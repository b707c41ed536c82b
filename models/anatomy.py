"""Where a network keeps what we read: found by one probe run, so that a new family needs no code."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from models.attention import recorder
from models.errors import Unsupported
from models.readout import Call, Readout, find_readout

Inputs = Mapping[str, Tensor]


@dataclass(frozen=True, eq=False, kw_only=True)
class Anatomy:
    """The blocks of each stack in the order they run, and the way from the last one to the logits.

    `blocks` by stack: "decoder" for whatever yields the logits, "encoder" for the source side of an encoder-decoder.
    `readout` is None where the way to the logits could not be followed: then all of them are kept with a trace.
    """

    blocks: dict[str, tuple[nn.Module, ...]]
    width: int
    readout: Readout | None
    output_embedding: Any

    @property
    def depths(self) -> dict[str, int]:
        return {stack: len(blocks) + 1 for stack, blocks in self.blocks.items()}


@dataclass(eq=False)
class Probe:
    """Every module call of one run, by the tensors that went in and came out."""

    calls: list[Call] = field(default_factory=list)
    clock: int = 0
    started: list[tuple[int, Tensor | None]] = field(default_factory=list)

    def before(self, _: nn.Module, arguments: tuple, keywords: dict) -> None:
        self.clock += 1
        self.started.append((self.clock, _first_tensor((*arguments, *keywords.values()))))

    def after(self, module: nn.Module, _: tuple, __: dict, output: Any) -> None:
        self.clock += 1
        start, incoming = self.started.pop()
        outgoing = _first_tensor((output,))
        if incoming is not None and outgoing is not None:
            self.calls.append(Call(module, start, self.clock, incoming.clone(), outgoing.clone()))


def discover(network: Any, inputs: Inputs) -> Anatomy:
    """Runs the network once on a few tokens and reads its anatomy off the calls."""
    with torch.no_grad(), _probing(network) as probe:
        logits = network(**inputs, use_cache=False).logits if _takes_cache(network) else network(**inputs).logits
    calls = sorted(probe.calls, key=lambda call: call.start)
    roots = _stacks(network)
    stacks = {stack: _block_calls(root, calls) for stack, root in roots.items()}
    last = stacks["decoder"][-1]
    if last.outgoing.ndim != 3 or last.outgoing.shape[:2] != logits.shape[:2]:
        raise Unsupported(f"{type(network).__name__} keeps its residual stream in a form the explorer cannot read.")
    return Anatomy(
        blocks={stack: tuple(call.module for call in found) for stack, found in stacks.items()},
        width=last.outgoing.shape[-1],
        readout=find_readout(
            [c for c in calls if c.start > last.end], last.outgoing, logits, _soft_cap(network.config)
        ),
        output_embedding=network.get_output_embeddings(),
    )


def listen(anatomy: Anatomy) -> None:
    """Lets every block tell the recorder of its thread, when there is one, what goes in and comes out."""
    for stack, blocks in anatomy.blocks.items():
        for block in dict.fromkeys(blocks):
            block.register_forward_pre_hook(_entering(stack), with_kwargs=True)
            block.register_forward_hook(_leaving(stack))


def _entering(stack: str) -> Any:
    def enter(_: nn.Module, arguments: tuple, keywords: dict) -> None:
        noted, incoming = recorder(), _first_tensor((*arguments, *keywords.values()))
        if noted is not None and incoming is not None:
            noted.enter(stack, incoming)

    return enter


def _leaving(stack: str) -> Any:
    def leave(_: nn.Module, __: tuple, output: Any) -> None:
        noted, outgoing = recorder(), _first_tensor((output,))
        if noted is not None and outgoing is not None:
            noted.leave(stack, outgoing)

    return leave


@contextmanager
def _probing(network: nn.Module) -> Iterator[Probe]:
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
        raise Unsupported(f"The blocks of {type(root).__name__} cannot be told apart.")
    return max(taken, key=len)


def _takes_cache(network: Any) -> bool:
    return hasattr(network.config, "use_cache")


def _soft_cap(config: Any) -> float | None:
    return getattr(config.get_text_config(), "final_logit_softcapping", None)


def _first_tensor(values: tuple) -> Tensor | None:
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
