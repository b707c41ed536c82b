"""Neurons in words: the tokens that a neuron reads and writes, and the neurons that write a token.

Reads: what the neuron's input row would give if the residual stream held nothing but one token's embedding, through
the block's own norm. Writes: how far its output row raises each token's logit over the average token's, for each unit
of its activation, before the final norm divides; through that norm's gain, and without the mean where it takes it out.
(Geva et al. 2022, "Transformer Feed-Forward Layers Build Predictions by Promoting Concepts in the Vocabulary Space",
leave the gain away.)
"""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Float32
from numpy import ndarray
from torch import Tensor, nn

from models.engine.cache import derived
from models.engine.language_model import LanguageModel
from models.engine.unembedding import Scale, Shift, SoftCap
from models.errors import InputError, Unsupported
from models.limits import MAX_NEURONS
from models.neurons.maps import STACK, FeedForward, feed_forward, feed_forwards, matrix
from models.text.vocabulary import vocabulary
from models.translation import _

NOTHING = (Scale, Shift, SoftCap, nn.Dropout, nn.Identity)  # on the way to the logits, changes no order
TABLE_ROWS = 16_384  # rows of an embedding table normed at once


@dataclass(frozen=True, kw_only=True)
class Scored:
    """A token and its score."""

    token: int
    score: float


@dataclass(frozen=True, kw_only=True)
class Neuron:
    """One neuron and its score: by how many standard deviations it raises a word over the average token.

    The deviation is that of all that it writes, so a neuron that raises every common word is no neuron of this word.
    """

    layer: int
    neuron: int
    score: float


@dataclass(frozen=True, kw_only=True)
class NeuronWords:
    """What one neuron reads (empty where that cannot be followed) and what it raises and lowers, strongest first.

    For a gated neuron `reads` is what opens its gate.
    """

    gated: bool
    reads: tuple[Scored, ...]
    raises: tuple[Scored, ...]
    lowers: tuple[Scored, ...]


def neuron_words(model: LanguageModel, layer: int, neuron: int, count: int = 10) -> NeuronWords:
    """One neuron in words; raises InputError for one that is not there, Unsupported where none can be read."""
    found = checked(model, layer, neuron)
    return derived(model, ("neuron words", layer, neuron, count), lambda: _words(model, found, neuron, count))


def checked(model: LanguageModel, layer: int, neuron: int) -> FeedForward:
    """The layer of a neuron that is there."""
    layers = feed_forwards(model)
    if not 0 <= layer < len(layers):
        raise InputError(
            _(
                "{name} must be from {low} to {high}, not {value}.",
                name="layer",
                low=0,
                high=len(layers) - 1,
                value=layer,
            )
        )
    found = feed_forward(model, layer)
    if not 0 <= neuron < found.neurons:
        raise InputError(
            _(
                "{name} must be from {low} to {high}, not {value}.",
                name="neuron",
                low=0,
                high=found.neurons - 1,
                value=neuron,
            )
        )
    return found


def writers(model: LanguageModel, word: str, count: int = 20) -> tuple[Neuron, ...]:
    """The neurons of all layers that write a word, best first: "which neurons write king?"."""
    if not 1 <= count <= MAX_NEURONS:
        raise InputError(
            _("{name} must be from {low} to {high}, not {value}.", name="count", low=1, high=MAX_NEURONS, value=count)
        )
    token = vocabulary(model).entry(word)
    direction = _way(model).direction(token)
    found = []
    for layer, feed in enumerate(feed_forwards(model)):
        if feed is None:
            continue
        scores = (_rows(feed) @ direction.to(feed.written)).float().cpu() / _spreads(model, layer, feed)
        best = torch.topk(scores, min(count, len(scores)))
        found += [
            Neuron(layer=layer, neuron=neuron, score=score)
            for score, neuron in zip(best.values.tolist(), best.indices.tolist(), strict=True)
        ]
    if not found:
        raise Unsupported(_("The neurons of this model cannot be told apart, as in a mixture of experts."))
    return tuple(sorted(found, key=lambda one: -one.score)[:count])


def top_writes(model: LanguageModel, layer: int, neurons: list[int]) -> list[int]:
    """For each of these neurons the token it raises most."""
    rows = _rows(feed_forward(model, layer))[neurons]
    return _way(model).scores(rows).argmax(dim=1).tolist()


def _words(model: LanguageModel, feed: FeedForward, neuron: int, count: int) -> NeuronWords:
    writes = _way(model).scores(_rows(feed)[neuron : neuron + 1])[0]
    reads = _reads(model, feed, neuron)
    return NeuronWords(
        gated=feed.gated,
        reads=() if reads is None else _largest(reads, count),
        raises=_largest(writes, count),
        lowers=tuple(Scored(token=one.token, score=-one.score) for one in _largest(-writes, count)),
    )


def _largest(scores: Float[Tensor, " vocab"], count: int) -> tuple[Scored, ...]:
    best = torch.topk(scores, min(count, len(scores)))
    return tuple(Scored(token=t, score=s) for s, t in zip(best.values.tolist(), best.indices.tolist(), strict=True))


@torch.no_grad()
def _reads(model: LanguageModel, feed: FeedForward, neuron: int) -> Float[Tensor, " vocab"] | None:
    if feed.input is None:
        return None
    row, table = feed.input.rows[neuron], model.network.get_input_embeddings()
    if model.kind == "encoder-decoder":
        table = model.network.get_decoder().get_input_embeddings()
    if table.weight.shape[-1] != row.shape[-1]:
        return None
    found = []
    for first in range(0, len(table.weight), TABLE_ROWS):
        last = min(first + TABLE_ROWS, len(table.weight))
        embeddings = table(torch.arange(first, last, device=table.weight.device))
        found.append((embeddings if feed.norm is None else feed.norm(embeddings)) @ row)
    return torch.cat(found).float()


def _rows(feed: FeedForward) -> Float[Tensor, "neuron width"]:
    """What each neuron of a layer adds, through the norm that follows where there is one."""
    if feed.after is None:
        return feed.written
    gain, centred = norm_gain(feed.after, feed.written.shape[-1])
    rows = feed.written.float()
    return (rows - rows.mean(1, keepdim=True) if centred else rows) * gain


def _spreads(model: LanguageModel, layer: int, feed: FeedForward) -> Float[Tensor, " neuron"]:
    """The standard deviation over the vocabulary of what each neuron of a layer writes."""

    def compute() -> Float32[ndarray, " neuron"]:
        way = _way(model)
        seen = way.seen(_rows(feed))
        return np.array(((seen @ way.covariance) * seen).sum(1).clamp_min(1e-24).sqrt().cpu().numpy())

    return torch.from_numpy(np.array(derived(model, ("neuron spreads", layer), compute)))


@dataclass(frozen=True, eq=False, kw_only=True)
class _Way:
    """From a vector in the residual stream to logits, the final norm's scale left aside: table · (gain ⊙ v)."""

    table: nn.Module
    gain: Float[Tensor, " width"] | None
    centred: bool
    mean: Float[Tensor, " width"]
    covariance: Float[Tensor, "width width"]

    @property
    def nbytes(self) -> int:
        """The bytes of what is not the model's own."""
        return self.covariance.nbytes

    def seen(self, rows: Float[Tensor, "row width"]) -> Float[Tensor, "row width"]:
        """These rows as the table meets them: without their mean where the final norm takes it, times its gain."""
        rows = rows.float()
        rows = rows - rows.mean(1, keepdim=True) if self.centred else rows
        return rows if self.gain is None else rows * self.gain

    def scores(self, rows: Float[Tensor, "row width"]) -> Float[Tensor, "row vocab"]:
        """How far each row raises every token over the average of all."""
        seen = self.seen(rows)
        weight = matrix(self.table)
        return (seen.to(weight.dtype) @ weight.T).float() - (seen @ self.mean)[:, None]

    def direction(self, token: int) -> Float[Tensor, " width"]:
        """The direction in which a vector raises one token over the average of all."""
        row = (matrix(self.table)[token].float() - self.mean) * (1.0 if self.gain is None else self.gain)
        return row - row.mean() if self.centred else row


def _way(model: LanguageModel) -> _Way:
    return derived(model, "way of written rows", lambda: _followed(model))


def _followed(model: LanguageModel) -> _Way:
    found = model.architecture.unembedding
    steps = [] if found is None else [step for step in found.steps if not isinstance(step, NOTHING)]
    modules = [step for step in steps if isinstance(step, nn.Module)]
    table = modules[-1] if modules else None
    if table is None or getattr(getattr(table, "weight", None), "ndim", 0) != 2 or len(modules) > 2:
        raise Unsupported(
            _(
                "{model} passes what its layers write through one more layer that is not linear, so no word can be "
                "read off a neuron.",
                model=model.name,
            )
        )
    weight = matrix(table)
    gain, centred = (None, False) if len(modules) == 1 else norm_gain(modules[0], weight.shape[-1])
    mean, square = torch.zeros(weight.shape[1]), torch.zeros(weight.shape[1], weight.shape[1])
    for first in range(0, len(weight), TABLE_ROWS):
        part = weight[first : first + TABLE_ROWS].float().cpu()
        mean, square = mean + part.sum(0) / len(weight), square + part.T @ part / len(weight)
    device = weight.device
    covariance = square - mean[:, None] * mean
    return _Way(table=table, gain=gain, centred=centred, mean=mean.to(device), covariance=covariance.to(device))


def norm_gain(norm: nn.Module, width: int) -> tuple[Float[Tensor, " width"], bool]:
    """The gain of a norm, found by what it makes of vectors (Gemma's is 1 + γ), and whether it takes out the mean.

    Raises Unsupported for a module that is no norm.
    """
    weight = next(norm.parameters())
    level = torch.ones(width)
    uneven = torch.ones(width)
    uneven[1::2] = -1
    if width % 2:
        uneven[-3:] = torch.tensor([1.0, 1.0, -2.0])
    with torch.no_grad():
        rows = torch.stack([torch.zeros(width), level, 1e3 * uneven]).to(weight)
        shift, ones, balanced = norm(rows[None])[0].float()  # rounding of far equal numbers is no longer small
    if shift.shape != (width,):
        raise Unsupported(_("The neurons of this model write through a layer that cannot be followed."))
    centred = bool((ones - shift).abs().max() < 1e-2 * (balanced - shift).abs().max())
    return (balanced - shift) * uneven.square().mean().sqrt().to(weight.device) / uneven.to(weight.device), centred


__all__ = ["STACK", "Neuron", "NeuronWords", "Scored", "checked", "neuron_words", "top_writes", "writers"]
