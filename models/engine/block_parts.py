"""The parts of a block that write into the residual stream, found by the calls of one probe run.

No table of names: the heads' outputs are the products of patterns and values, the output projection is the module that
reads them, and the modules whose outputs are added to the residual stream are those that make the block's output when
added to its input. What does not add up is not used: such a part is absent.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import Any, Literal

import numpy as np
import torch
from jaxtyping import Float32
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from models.engine.eager import PRODUCTS
from models.engine.exact import exact
from models.engine.points import KINDS, Point
from models.engine.unembedding import Call

ATTENTION_FUNCTIONS = PRODUCTS | {nn.functional.scaled_dot_product_attention}
MAX_CANDIDATES = 12

Form = Literal["sequential", "parallel", "post-norm", "unknown"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Writer:
    """A module whose output, times `scale`, the block adds to the residual stream."""

    module: nn.Module
    scale: float = 1.0


@dataclass(frozen=True, eq=False, kw_only=True)
class BlockParts:
    """What one block adds to the residual stream, and how.

    `form`: "sequential" (the feed-forward part reads what attention has added) or "parallel" (both read the block's
    input): then output = input + Σ scale · part, to rounding. "post-norm": each sum goes through a norm, so nothing
    adds up across it. "unknown": the parts could not be followed. `projections` are the output projections by kind of
    attention, `heads` how many heads each joins. `neurons` is the linear map that turns the activations of the
    feed-forward part's neurons into what it adds (before a norm, in families that have one there); None where there is
    no such map, as in mixtures of experts.
    """

    form: Form = "unknown"
    attention: dict[str, Writer] = field(default_factory=dict)
    feed_forward: Writer | None = None
    projections: dict[str, nn.Module] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)
    neurons: nn.Module | None = None

    @property
    def additive(self) -> bool:
        """True if the block's output is the sum of its input and its parts."""
        return self.form in ("sequential", "parallel")


@dataclass(frozen=True, eq=False, kw_only=True)
class BlockRun:
    """What one block read, added and put out in one run; `parts` by "self", "cross" and "feed_forward".

    Each part is as added, its multiplier applied, so where `form` is additive, input + Σ parts = output, to rounding.
    """

    form: Form
    input: Float32[np.ndarray, "position width"]
    parts: dict[str, Float32[np.ndarray, "position width"]]
    output: Float32[np.ndarray, "position width"]


def block_runs(blocks: Sequence[BlockParts], stack: str, values: Mapping[Point, np.ndarray]) -> tuple[BlockRun, ...]:
    """The runs of the blocks of one stack, from the values read at their points."""
    return tuple(
        BlockRun(
            form=block.form,
            input=values[Point(stack=stack, layer=layer, part="input")],
            parts=dict(_parts_read(block, stack, layer, values)),
            output=values[Point(stack=stack, layer=layer, part="output")],
        )
        for layer, block in enumerate(blocks)
    )


def _parts_read(
    block: BlockParts, stack: str, layer: int, values: Mapping[Point, np.ndarray]
) -> Iterator[tuple[str, np.ndarray]]:
    for kind in KINDS:
        if kind in block.attention:
            added = values[Point(stack=stack, layer=layer, part="attention", kind=kind)]
            yield kind, added * np.float32(block.attention[kind].scale)
    if block.feed_forward is not None:
        added = values[Point(stack=stack, layer=layer, part="feed_forward")]
        yield "feed_forward", added * np.float32(block.feed_forward.scale)


@dataclass(frozen=True, eq=False)
class Mixture:
    """Each head's mixture of values (head, query, size), and when it was computed."""

    time: int
    heads: Tensor

    @property
    def joined(self) -> Tensor:
        return self.heads.transpose(0, 1).reshape(self.heads.shape[1], -1)


@dataclass(eq=False)
class MixtureWatch(TorchFunctionMode):
    """Notes the result of every product that could be a pattern times values."""

    probe: Any
    mixtures: list[Mixture] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def __torch_function__(self, function: Any, _: Any, arguments: tuple = (), keywords: dict | None = None) -> Any:
        result = function(*arguments, **(keywords or {}))
        if function in ATTENTION_FUNCTIONS and result.ndim >= 3 and result.shape[:-3].numel() == 1:
            self.mixtures.append(Mixture(self.probe.clock, self.probe.copy(result.reshape(result.shape[-3:]))))
        return result


def find_parts(block: Call, calls: Sequence[Call], mixtures: Sequence[Mixture]) -> BlockParts:
    """The parts of one block, given all calls and products of the probe run."""
    inner = [call for call in calls if block.start < call.start and call.end < block.end]
    once = [call for call in inner if sum(other.module is call.module for other in inner) == 1]
    found = list(_projections(once, [mixture for mixture in mixtures if block.start < mixture.time < block.end]))
    kinds = ("self", "cross")[: len(found)]
    if not found or len(found) > len(kinds):
        return BlockParts()
    form, writers = _added(block, inner, once, [call for call, _ in found])
    return BlockParts(
        form=form,
        neurons=_neurons(once, writers[-1].module, [call.module for call, _ in found]) if writers else None,
        attention=dict(zip(kinds, writers, strict=False)),
        feed_forward=writers[-1] if writers else None,
        projections={kind: call.module for kind, (call, _) in zip(kinds, found, strict=True)},
        heads={kind: mixture.heads.shape[0] for kind, (_, mixture) in zip(kinds, found, strict=True)},
    )


def _neurons(calls: Sequence[Call], writer: nn.Module, others: Sequence[nn.Module]) -> nn.Module | None:
    """The linear map whose output the feed-forward part puts out, or puts through a norm that is its last module."""
    last = next(call for call in calls if call.module is writer)
    ends = (last.outgoing, last.incoming)
    for call in reversed([call for call in calls if call.end <= last.end and _is_linear(call.module)]):
        if call.module not in others and any(_same_values(call.outgoing, end) for end in ends):
            return call.module
    return None


def _is_linear(module: nn.Module) -> bool:
    return getattr(getattr(module, "weight", None), "ndim", 0) == 2


def _same_values(one: Tensor, other: Tensor) -> bool:
    return one.numel() == other.numel() and torch.equal(one.reshape(-1), other.reshape(-1))


def _projections(calls: Sequence[Call], mixtures: Sequence[Mixture]) -> Iterator[tuple[Call, Mixture]]:
    """The linear maps that read the heads' outputs joined: one for each time the block attends, in order."""
    linear = [call for call in calls if _is_linear(call.module)]
    for mixture in mixtures:
        joined = mixture.joined
        for call in linear:
            rows = call.incoming.reshape(-1, call.incoming.shape[-1])
            if call.start > mixture.time and rows.shape == joined.shape and torch.equal(rows, joined):
                yield call, mixture
                break


def _added(
    block: Call, inner: Sequence[Call], once: Sequence[Call], projections: Sequence[Call]
) -> tuple[Form, list[Writer]]:
    """How the block adds, and what: a writer for each attention and one for the feed-forward part; none if unknown."""
    ends = [projection.end for projection in projections]
    size = block.outgoing.numel()
    late = sorted((c for c in once if c.outgoing.numel() == size and c.end >= ends[0]), key=lambda call: call.end)
    choices = [
        [call for call in late if first <= call.end < last][:MAX_CANDIDATES]
        for first, last in pairwise([*ends, block.end])
    ]
    feeds = [call for call in late if call.start > ends[-1]][-MAX_CANDIDATES:]
    for chosen in product(*choices, feeds):
        scales = _scales(block, chosen)
        if scales is not None:
            form = _form(block, inner, chosen, scales)
            return form, [Writer(module=c.module, scale=s) for c, s in zip(chosen, scales, strict=True)]
    for chosen in product(*choices, feeds):
        if _normed_after(block, inner, chosen):
            return "post-norm", [Writer(module=call.module) for call in chosen]
    return "unknown", []


def _scales(block: Call, chosen: Sequence[Call]) -> list[float] | None:
    """The numbers by which the outputs of these calls make up what the block adds; None if they do not."""
    parts = torch.stack([exact(call.outgoing.reshape(-1)) for call in chosen])
    added = (exact(block.outgoing) - exact(block.incoming)).reshape(-1)
    scales = [1.0] * len(chosen)
    if not _adds_up(block, parts, scales, added):
        gram = parts @ parts.T
        if torch.linalg.matrix_rank(gram, rtol=1e-9) < len(chosen):
            return None
        scales = torch.linalg.solve(gram, parts @ added).tolist()
    return scales if min(map(abs, scales)) > 1e-3 and _adds_up(block, parts, scales, added) else None


def _adds_up(block: Call, parts: Tensor, scales: list[float], added: Tensor) -> bool:
    rest = added - torch.tensor(scales, dtype=parts.dtype, device=parts.device) @ parts
    rounding = 4 * torch.finfo(block.outgoing.dtype).eps * float(block.outgoing.norm() + block.incoming.norm())
    return bool(rest.norm() <= 1e-5 * added.norm() + rounding)


def _form(block: Call, inner: Sequence[Call], chosen: Sequence[Call], scales: Sequence[float]) -> Form:
    """Sequential if a module reads the residual stream after attention has written to it."""
    attended = exact(block.incoming)
    for call, scale in zip(chosen[:-1], scales, strict=False):
        attended = attended + scale * exact(call.outgoing).reshape(attended.shape)
    later = (call for call in inner if call.start > chosen[-2].end)
    return "sequential" if any(_same(call.incoming, attended) for call in later) else "parallel"


def _normed_after(block: Call, inner: Sequence[Call], chosen: Sequence[Call]) -> bool:
    """True if a module, a norm, reads the sum after each of these parts, and the last one's output is the block's."""
    stream = block.incoming
    for call in chosen:
        total = exact(stream) + exact(call.outgoing).reshape(stream.shape)
        norm = next((one for one in inner if one.start > call.end and _same(one.incoming, total)), None)
        if norm is None or norm.outgoing.numel() != stream.numel():
            return False
        stream = norm.outgoing.reshape(stream.shape)
    return torch.equal(stream, block.outgoing)


def _same(one: Tensor, other: Tensor) -> bool:
    if one.numel() != other.numel():
        return False
    rounding = 8 * torch.finfo(one.dtype).eps
    return bool((exact(one).reshape(other.shape) - other).norm() <= rounding * other.norm())
