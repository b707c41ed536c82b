"""One logit taken apart: into parts of blocks, heads, source tokens and neurons, each as a product with one direction.

Every level is exact: what a part wrote times the direction that the logit is read along. What does not come out (a
norm behind the sum, a layer that is not linear) is refused, not drawn.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float64
from numpy import ndarray
from torch import nn

from models.contributions.contribution import Contribution
from models.contributions.frozen import Frozen, frozen
from models.contributions.observed import Rows, attention_name, rows_at, values_along
from models.contributions.readout import Readout, Way
from models.engine.block_parts import BlockParts
from models.engine.cache import derived
from models.engine.language_model import LanguageModel
from models.engine.points import KINDS, Kind, Point
from models.engine.trace import Trace
from models.errors import ModelError, Unsupported
from models.translation import _
from models.vectors.embedding_tables import table


@dataclass(frozen=True, eq=False)
class Opened:
    """A direction inside a part: what each number of its input is worth, and what the part adds without any input."""

    worth: Float64[ndarray, " input"]
    bias: float


class Decomposition:
    """The logit of one token, or of one less another, at one position of one trace."""

    def __init__(self, model: LanguageModel, trace: Trace, position: int, token: int, against: int | None) -> None:
        self.model, self.trace, self.position = model, trace, position
        self.token, self.against = token, against
        self.blocks = model.architecture.parts["decoder"]
        _check_sum(model, self.blocks)
        self.rows: Rows = rows_at(model, trace, position)
        way: Way = derived(
            trace, ("contribution way", position), lambda: Way(model, trace.residual[-1, position].astype(np.float64))
        )
        self.soft_capped = way.soft_capped
        self.readout: Readout = way.readout(token, against)

    @property
    def _direction(self) -> Float64[ndarray, " width"]:
        return self.readout.direction

    # ---- the first level: everything that was added to the residual stream ------------------------------------------

    @cached_property
    def parts(self) -> list[Contribution]:
        """Embeddings, each block's attention and feed-forward part, and the biases on the way to the logit."""
        blocks = [one for layer in range(len(self.blocks)) for one in self.block(layer)]
        bias = [Contribution(name="bias", value=self.readout.bias)] if self.readout.bias else []
        return [*self._embeddings(), *blocks, *bias]

    def block(self, layer: int) -> list[Contribution]:
        """The parts of one block; a block whose parts are not known is one part."""
        if not self.blocks[layer].additive:
            before, after = (
                self.trace.residual[depth, self.position].astype(np.float64) for depth in (layer, layer + 1)
            )
            return [Contribution(name="block", layer=layer, value=float(self._direction @ (after - before)))]
        kinds = [kind for kind in KINDS if kind in self.blocks[layer].attention]
        found = [self.attention(layer, kind) for kind in kinds]
        return [*found, *([] if self.blocks[layer].feed_forward is None else [self.feed_forward(layer)])]

    def attention(self, layer: int, kind: Kind = "self") -> Contribution:
        """What the attention of one block adds."""
        point = Point(layer=layer, part="attention", kind=kind)
        name = "cross-attention" if kind == "cross" else "attention"
        value = self.blocks[layer].attention[kind].scale * float(self._direction @ self.rows.of(point))
        return Contribution(name=name, layer=layer, value=value)

    def feed_forward(self, layer: int) -> Contribution:
        """What the feed-forward part of one block adds."""
        writer = self.blocks[layer].feed_forward
        value = (
            writer.scale * float(self._direction @ self.rows.of(Point(layer=layer, part="feed_forward")))
            if writer
            else 0.0
        )
        return Contribution(name="feed-forward", layer=layer, value=value)

    def _embeddings(self) -> Iterator[Contribution]:
        """What the first block receives: the token's own vector, and the position's where it is added to it."""
        whole = self.trace.residual[0, self.position].astype(np.float64)
        own = self._own_vector()
        rest = whole - own
        if np.linalg.norm(rest) > 1e-3 * np.linalg.norm(whole) and self._is_position(rest):
            yield Contribution(name="embedding", value=float(self._direction @ own))
            yield Contribution(name="position embedding", value=float(self._direction @ rest))
        else:
            yield Contribution(name="embedding", value=float(self._direction @ whole))

    def _own_vector(self) -> Float64[ndarray, " width"]:
        read = self.trace.target_tokens or self.trace.tokens
        own = self.model.embedding("input")[read[self.position].id].astype(np.float64)
        return own if len(own) == self.model.width else np.zeros(self.model.width)

    def _is_position(self, vector: ndarray) -> bool:
        try:
            rows = table(self.model, "positions").rows
        except ModelError:
            return False
        if rows.shape[1] != len(vector):
            return False
        return bool((np.linalg.norm(rows - vector.astype(np.float32), axis=1) < 1e-3 * np.linalg.norm(vector)).any())

    # ---- inside attention -------------------------------------------------------------------------------------------

    def heads(self, layer: int, kind: Kind = "self") -> list[Contribution]:
        """What each head of one block adds, and the biases of the attention's output."""
        outputs, opened = self._heads_read(layer, kind)
        worth = opened.worth.reshape(outputs.shape)
        name = "cross-attention head" if kind == "cross" else "head"
        values = (outputs * worth).sum(axis=1).tolist()
        found = [Contribution(name=name, layer=layer, head=head, value=value) for head, value in enumerate(values)]
        bias = Contribution(
            name="attention bias" if kind == "self" else "cross-attention bias", layer=layer, value=opened.bias
        )
        return [*found, *([bias] if opened.bias else [])]

    def sources(self, places: list[tuple[int, Kind]]) -> dict[tuple[int, Kind], Float64[ndarray, "head key"]]:
        """What each head of these layers adds from each token it looks at: A[q, s] · (x_s W_V) W_O; one more run."""
        worth = {}
        for layer, kind in places:
            outputs, opened = self._heads_read(layer, kind)
            worth[layer, kind] = opened.worth.reshape(outputs.shape)
        along = values_along(self.model, self.trace, worth)
        return {place: along[place] * self._pattern(*place) for place in places}

    def _pattern(self, layer: int, kind: Kind) -> Float64[ndarray, "head key"]:
        name, row = attention_name(self.trace, kind), slice(self.position, self.position + 1)
        return self.trace.attention(layer, kind=name, queries=row)[:, 0].astype(np.float64)

    def _heads_read(self, layer: int, kind: Kind) -> tuple[Float64[ndarray, "head size"], Opened]:
        block = self.blocks[layer]
        if kind not in block.projections or not block.additive:
            raise Unsupported(
                _(
                    "The heads of block {layer} of {model} cannot be told apart.",
                    layer=str(layer),
                    model=self.model.name,
                )
            )
        outputs = self.rows.of(Point(layer=layer, part="heads", kind=kind))
        written = self.rows.of(Point(layer=layer, part="attention", kind=kind))
        writer = block.attention[kind]
        return outputs, self._opened(block.projections[kind], writer.module, outputs.reshape(-1), written, writer.scale)

    # ---- inside the feed-forward part -------------------------------------------------------------------------------

    def neurons(self, layer: int) -> tuple[Float64[ndarray, " neuron"], float]:
        """What each neuron of one block adds, and the bias of the feed-forward part's output."""
        block = self.blocks[layer]
        if block.neurons is None or block.feed_forward is None or not block.additive:
            raise Unsupported(
                _(
                    "The feed-forward part of block {layer} of {model} has no one row of neurons to tell apart.",
                    layer=str(layer),
                    model=self.model.name,
                )
            )
        active = self.rows.of(Point(layer=layer, part="neurons"))
        written = self.rows.of(Point(layer=layer, part="feed_forward"))
        writer = block.feed_forward
        opened = self._opened(block.neurons, writer.module, active, written, writer.scale)
        return active * opened.worth, opened.bias

    def _opened(self, linear: nn.Module, writer: nn.Module, given: ndarray, written: ndarray, scale: float) -> Opened:
        """Lead the direction back through a part's last linear map, and through a norm behind it if there is one."""
        inner = frozen(linear, given)
        outer = _identity(written) if inner is not None and _same(inner.output, written) else None
        if inner is not None and outer is None and writer is not linear:
            outer = frozen(writer, inner.output)
        if inner is None or outer is None or not _same(outer.output, written):
            raise Unsupported(_("What {model} computes inside this part is no sum.", model=self.model.name))
        direction = scale * self._direction
        through = outer.pull(direction)
        return Opened(inner.pull(through), float(direction @ outer.shift + through @ inner.shift))


def _identity(vector: ndarray) -> Frozen:
    return Frozen(pull=lambda direction: direction, shift=np.zeros_like(vector), output=vector)


def _same(one: ndarray, other: ndarray) -> bool:
    """Equal but for rounding, in the precision the model may run in."""
    return bool(np.linalg.norm(one - other) <= 0.02 * max(float(np.linalg.norm(other)), 1e-12))


def _check_sum(model: LanguageModel, blocks: tuple[BlockParts, ...]) -> None:
    """Refuses models whose logits are no sum of what their parts wrote."""
    if any(block.form == "post-norm" for block in blocks):
        raise Unsupported(
            _(
                "In {model} a norm follows every sum, so its logits are no sum of what its parts wrote; the lens of "
                "the Layers tab shows what it would say at each depth.",
                model=model.name,
            )
        )
    if not any(block.additive for block in blocks):
        raise Unsupported(_("The parts of the blocks of {model} could not be followed.", model=model.name))
