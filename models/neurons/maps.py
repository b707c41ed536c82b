"""The linear maps around a layer's neurons, found by one probe run: no table of names.

A feed-forward layer is a memory (Geva et al. 2021, "Transformer Feed-Forward Layers Are Key-Value Memories"): neuron n
is active by a_n = f(x · k_n), or f(x · g_n) · (x · u_n) where it is gated (Shazeer 2020), and adds a_n · v_n.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

import torch
from jaxtyping import Float
from torch import Tensor, nn
from transformers.activations import ACT2FN
from transformers.pytorch_utils import Conv1D

from models.engine.architecture import probing
from models.engine.block_parts import BlockParts
from models.engine.cache import derived
from models.engine.language_model import LanguageModel
from models.engine.unembedding import Call
from models.errors import Unsupported
from models.translation import _

STACK = "decoder"
ACTIVATIONS = ("silu", "gelu", "gelu_new", "gelu_fast", "gelu_pytorch_tanh", "quick_gelu", "relu", "relu2", "tanh")


@dataclass(frozen=True, eq=False, kw_only=True)
class Map:
    """Some rows of a linear map that the neurons read with: row n of `weight` from `start` on is neuron n's."""

    module: nn.Module
    start: int
    neurons: int

    @property
    def rows(self) -> Float[Tensor, "neuron width"]:
        weight = matrix(self.module)
        return weight[self.start : self.start + self.neurons]


@dataclass(frozen=True, eq=False, kw_only=True)
class FeedForward:
    """One layer's neurons. `norm` is what the layer reads through, None where it reads the residual as it is.

    `input` is the map by whose product a neuron opens (k, or the gate g), `other` the second one of gated layers (u);
    both None where they could not be followed. `output` is the last linear map, `scale` the block's multiplier, and
    `after` a norm that what was written goes through, in families that have one there.
    """

    output: nn.Module
    neurons: int
    scale: float
    norm: nn.Module | None
    input: Map | None
    other: Map | None
    after: nn.Module | None

    @property
    def gated(self) -> bool:
        return self.other is not None

    @property
    def written(self) -> Float[Tensor, "neuron width"]:
        """Row n is what neuron n adds, for each unit of its activation."""
        return matrix(self.output).T * self.scale


def feed_forwards(model: LanguageModel) -> tuple[FeedForward | None, ...]:
    """Each layer of the stack that yields the logits; None for one without neurons that can be told apart."""
    return derived(model, "feed-forward layers", lambda: _Found(tuple(_find(model)))).layers


def feed_forward(model: LanguageModel, layer: int) -> FeedForward:
    """One layer; raises Unsupported where it has no neurons that can be told apart."""
    found = feed_forwards(model)[layer]
    if found is None:
        raise Unsupported(_("The neurons of this model cannot be told apart, as in a mixture of experts."))
    return found


def matrix(module: nn.Module) -> Float[Tensor, "out in"]:
    """The weight of a linear map as (out, in), however the module keeps it."""
    weight = module.get_parameter("weight").detach()
    return weight.T if isinstance(module, Conv1D) else weight


@dataclass(frozen=True, eq=False)
class _Found:
    """The layers; the tensors are the model's own, so they count nothing."""

    layers: tuple[FeedForward | None, ...]
    nbytes: int = 0


def _find(model: LanguageModel) -> Iterator[FeedForward | None]:
    network = model.network
    inputs = {"input_ids": torch.arange(5, 12)[None]}
    if model.kind == "encoder-decoder":
        inputs["decoder_input_ids"] = torch.arange(6, 11)[None]
    device = network.get_input_embeddings().weight.device
    with model.lock, torch.no_grad(), probing(network) as probe:
        network(**{name: ids.to(device) for name, ids in inputs.items()})
    blocks, parts = model.architecture.blocks[STACK], model.architecture.parts[STACK]
    seen: dict[nn.Module, int] = {}
    for block, part in zip(blocks, parts, strict=True):
        runs = [call for call in probe.calls if call.module is block]
        mine = runs[seen.get(block, 0) % len(runs)]  # a block may run several times (ALBERT)
        seen[block] = seen.get(block, 0) + 1
        inner = sorted(
            (call for call in probe.calls if mine.start < call.start and call.end < mine.end), key=lambda c: c.start
        )
        yield _layer(part, inner)


def _layer(parts: BlockParts, inner: Sequence[Call]) -> FeedForward | None:
    last = next((call for call in inner if call.module is parts.neurons), None)
    if last is None or parts.feed_forward is None:
        return None
    reading = _reading(last, inner, set(parts.projections.values()))
    source = next((call for call in inner if reading and call.module is reading[0].module), None)
    norm = None if source is None else _norm_before(source, inner)
    return FeedForward(
        output=last.module,
        neurons=last.incoming.shape[-1],
        scale=parts.feed_forward.scale,
        norm=norm,
        input=reading[0] if reading else None,
        other=reading[1] if reading else None,
        after=None if torch.equal(_writer(parts, inner), last.outgoing.reshape(-1)) else parts.feed_forward.module,
    )


def _writer(parts: BlockParts, inner: Sequence[Call]) -> Tensor:
    return next(call.outgoing for call in inner if call.module is parts.feed_forward.module).reshape(-1)  # type: ignore[union-attr]


def _reading(last: Call, inner: Sequence[Call], others: set[nn.Module]) -> tuple[Map, Map | None] | None:
    """The map, or the gate and the other, of which some activation function makes what the neurons are."""
    neurons, active = last.incoming.shape[-1], last.incoming.reshape(-1, last.incoming.shape[-1])
    made: list[tuple[Map, Tensor]] = []
    for call in inner:
        width = call.outgoing.shape[-1]
        weight = getattr(call.module, "weight", None)
        if call.end > last.start or call.module in others or getattr(weight, "ndim", 0) != 2 or width % neurons:
            continue
        rows = call.outgoing.reshape(-1, width)
        if width <= 2 * neurons and rows.shape[0] == active.shape[0]:
            starts = range(0, width, neurons)
            made += [(Map(module=call.module, start=s, neurons=neurons), rows[:, s : s + neurons]) for s in starts]
    for one, values in made:
        if _made_by(values, torch.ones_like(values), active):
            return one, None
    for (one, values), (other, factors) in permutations(made, 2):
        if _made_by(values, factors, active):
            return one, other
    return None


def _made_by(values: Tensor, factors: Tensor, active: Tensor) -> bool:
    return any(_close(ACT2FN[name](values) * factors, active) for name in ACTIVATIONS)


def _close(one: Tensor, other: Tensor) -> bool:
    tolerance = 1e-3 if one.dtype == torch.float32 else 3e-2
    return bool((one.float() - other.float()).norm() <= tolerance * other.float().norm())


def _norm_before(reader: Call, inner: Sequence[Call]) -> nn.Module | None:
    """The module without a matrix whose output the map reads: a norm."""
    for call in inner:
        weight = getattr(call.module, "weight", None)
        is_norm = getattr(weight, "ndim", 0) == 1 and call.start < reader.start
        if is_norm and call.outgoing.shape == reader.incoming.shape and torch.equal(call.outgoing, reader.incoming):
            return call.module
    return None
