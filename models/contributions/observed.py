"""What every block reads, weighs and adds at one position: one more run, which keeps only its rows."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float64
from numpy import ndarray
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from models.attention.captured import StoredPattern
from models.engine.cache import derived
from models.engine.eager import PRODUCTS
from models.engine.language_model import LanguageModel
from models.engine.points import Edit, Kind, Point, current, editing
from models.engine.trace import Trace
from models.errors import Unsupported
from models.translation import _

ROWS = ("heads", "attention", "neurons", "feed_forward")


@dataclass(frozen=True, eq=False)
class Rows:
    """One position's values at the points of the stack that yields the logits: heads (head, size), the others flat."""

    values: dict[Point, ndarray]

    def of(self, point: Point) -> Float64[ndarray, "..."]:
        return np.asarray(self.values[point], dtype=np.float64)


def rows_at(model: LanguageModel, trace: Trace, position: int) -> Rows:
    """The rows of this position; the model runs once for each trace and position, whatever is asked of them later."""
    return derived(trace, ("contribution rows", position), lambda: _run(model, trace, position))


def _run(model: LanguageModel, trace: Trace, position: int) -> Rows:
    kept: dict[Point, ndarray] = {}

    def keep(point: Point) -> Edit:
        def note(value: Tensor) -> Tensor:
            kept[point] = value[0, position].detach().to("cpu", torch.float32, copy=True).numpy()
            return value

        return note

    points = [point for point in model.points if point.stack == "decoder" and point.part in ROWS]
    with editing({point: keep(point) for point in points}):
        model.trace(trace.text, trace.target)
    return Rows(kept)


def values_along(
    model: LanguageModel, trace: Trace, directions: dict[tuple[int, Kind], Float64[ndarray, "head size"]]
) -> dict[tuple[int, Kind], Float64[ndarray, "head key"]]:
    """The product of each head's value of each key with that head's direction, for these layers; one more run."""
    if all(Point(layer=layer, part="values", kind=kind) in model.points for layer, kind in directions):
        return _captured(model, trace, directions)
    return _watched(model, trace, directions)


def _captured(
    model: LanguageModel, trace: Trace, directions: dict[tuple[int, Kind], ndarray]
) -> dict[tuple[int, Kind], ndarray]:
    found: dict[tuple[int, Kind], ndarray] = {}

    def multiply(place: tuple[int, Kind]) -> Edit:
        def note(value: Tensor) -> Tensor:
            found[place] = _along(value[0].transpose(0, 1), directions[place])
            return value

        return note

    edits = {Point(layer=layer, part="values", kind=kind): multiply((layer, kind)) for layer, kind in directions}
    with editing(edits):
        model.trace(trace.text, trace.target)
    return found


class _Products(TorchFunctionMode):
    """Notes what meets a pattern.

    That is the right-hand side of every product whose left-hand side is one this trace has stored, or the values of a
    fused kernel, which makes its pattern itself.
    """

    def __init__(self, patterns: dict[tuple[int, Kind], ndarray], directions: dict[tuple[int, Kind], ndarray]) -> None:
        super().__init__()
        self.patterns, self.directions = patterns, directions
        self.found: dict[tuple[int, Kind], ndarray] = {}

    def __torch_function__(
        self, function: object, _: object, arguments: tuple = (), keywords: dict | None = None
    ) -> object:
        result = function(*arguments, **(keywords or {}))  # type: ignore[operator]
        intervention = current()
        if (
            function in PRODUCTS
            and len(arguments) == 2
            and intervention is not None
            and intervention.stack == "decoder"
        ):
            self._note(intervention.layer, *arguments)
        if function is nn.functional.scaled_dot_product_attention and intervention and intervention.stack == "decoder":
            self._note_fused(intervention.layer, arguments[2] if len(arguments) > 2 else (keywords or {})["value"])
        return result

    def _note_fused(self, layer: int, values: Tensor) -> None:
        """The values of each head; heads that share some stand side by side."""
        for place in [place for place in self.directions if place[0] == layer and place not in self.found]:
            heads = len(self.directions[place])
            shared = values.detach()[0].repeat_interleave(heads // values.shape[1], dim=0)
            self.found[place] = _along(shared, self.directions[place])
            return

    def _note(self, layer: int, left: Tensor, right: Tensor) -> None:
        for place, pattern in self.patterns.items():
            if place[0] != layer or left.numel() != pattern.size or left.shape[-2:] != pattern.shape[-2:]:
                continue
            if np.array_equal(left.detach().float().cpu().numpy().reshape(pattern.shape), pattern):
                values = right.detach().reshape(-1, *right.shape[-2:])
                self.found[place] = _along(values.expand(len(pattern), -1, -1), self.directions[place])


def _watched(
    model: LanguageModel, trace: Trace, directions: dict[tuple[int, Kind], ndarray]
) -> dict[tuple[int, Kind], ndarray]:
    """The same for families that attend outside the registry: their values are seen as they meet their patterns."""
    patterns = {}
    for layer, kind in directions:
        stored = trace.layer_attention[attention_name(trace, kind)][layer]
        if isinstance(stored, StoredPattern):
            patterns[layer, kind] = stored.weights
    first = next(iter(directions))
    point = Point(layer=first[0], part="heads", kind=first[1])
    with editing({point: lambda value: value}), _Products(patterns, directions) as products:  # the edit counts blocks
        model.trace(trace.text, trace.target)
    if products.found.keys() != directions.keys():
        raise Unsupported(
            _("{model} computes its attention in one piece, so its value vectors cannot be read.", model=model.name)
        )
    return products.found


def attention_name(trace: Trace, kind: Kind) -> str:
    """What a trace calls this kind of attention of the stack that yields the logits."""
    return "decoder" if kind == "self" and trace.kind == "encoder-decoder" else kind


def _along(values: Tensor, directions: ndarray) -> Float64[ndarray, "head key"]:
    """Values (head, key, size) times a direction for each head."""
    return np.asarray(np.einsum("hks,hs->hk", values.detach().cpu().double().numpy(), directions))
