"""When neurons are active on one text."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float32, Int32
from numpy import ndarray
from torch import Tensor

from models.engine.cache import derived
from models.engine.language_model import LanguageModel
from models.engine.points import Edit, Point, editing
from models.engine.trace import Trace
from models.errors import Unsupported
from models.neurons.maps import STACK, feed_forwards
from models.translation import _


@dataclass(frozen=True, eq=False, kw_only=True)
class Strongest:
    """The neurons of one layer that write most at one position: |activation| times the length of what it writes."""

    neurons: Int32[ndarray, " rank"]
    activations: Float32[ndarray, " rank"]
    strengths: Float32[ndarray, " rank"]


def activations(model: LanguageModel, trace: Trace, layer: int, neuron: int) -> Float32[ndarray, " position"]:
    """One neuron's activation at each token of what the last stack read."""

    def compute() -> Float32[ndarray, "position neuron"]:
        point = Point(stack=STACK, layer=layer, part="neurons")
        return model.read([point], trace.text, trace.target)[point]

    return derived(trace, ("neurons", layer), compute)[:, neuron]


def strongest(model: LanguageModel, trace: Trace, position: int, count: int = 12) -> tuple[Strongest | None, ...]:
    """The neurons of each layer that write most at one position; None for a layer without neurons."""
    return derived(trace, ("strongest neurons", position, count), lambda: _strongest(model, trace, position, count))


def _strongest(model: LanguageModel, trace: Trace, position: int, count: int) -> tuple[Strongest | None, ...]:
    rows: dict[int, Tensor] = {}
    with editing(watching(model, rows, position)):
        model.trace(trace.text, trace.target)
    found: list[Strongest | None] = []
    for layer, feed in enumerate(feed_forwards(model)):
        if feed is None or layer not in rows:
            found.append(None)
            continue
        active = rows[layer][0, 0].float().cpu()
        strength = active.abs() * feed.written.float().norm(dim=1).cpu()
        best = torch.topk(strength, min(count, len(strength)))
        found.append(
            Strongest(
                neurons=best.indices.numpy().astype(np.int32),
                activations=active[best.indices].numpy(),
                strengths=best.values.numpy(),
            )
        )
    return tuple(found)


def watching(model: LanguageModel, rows: dict[int, Tensor], position: int | None = None) -> dict[Point, Edit]:
    """Notes each layer's activations, (batch, position, neuron), or those of one position."""

    def keep(layer: int) -> Edit:
        def note(value: Tensor) -> Tensor:
            chosen = slice(None) if position is None else slice(position, position + 1)
            rows[layer] = value[:, chosen].detach().clone()
            return value

        return note

    points = [point for point in model.points if point.stack == STACK and point.part == "neurons"]
    if not points:
        raise Unsupported(_("The neurons of this model cannot be told apart, as in a mixture of experts."))
    return {point: keep(point.layer) for point in points}
