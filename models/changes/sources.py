"""What a change takes from elsewhere: a mean over a text or over reference passages, or one place of another text.

All of it is computed in the model without changes, and kept in a few bytes for whoever asks again.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from models.engine.cache import SingleFlightCache, derived
from models.engine.language_model import LanguageModel
from models.engine.points import Part, Point, resuming, suspending
from models.errors import PromptTooLong
from models.neurons.peaks import passages

KEPT_BYTES = 2**25
REFERENCES, REFERENCE_CHARACTERS = 24, 300
REFERENCE_PARTS: tuple[Part, ...] = ("heads",)


def mean_of_run(model: LanguageModel, point: Point, text: str, target: str) -> Float[Tensor, "..."]:
    """The mean over all positions of what this point has in the run of this text, without the batch."""
    return _kept(model, ("mean", point, text, target), lambda: _read(model, point, text, target).mean(axis=0))


def value_in_text(model: LanguageModel, point: Point, text: str, target: str, position: int) -> Float[Tensor, "..."]:
    """What this point has at one position of another text."""
    return _kept(model, ("value", point, text, target, position), lambda: _read(model, point, text, target)[position])


def mean_of_references(model: LanguageModel, point: Point) -> Float[Tensor, "..."]:
    """The mean of this point over every token of the reference passages, each read by itself from its beginning."""

    def compute() -> dict[Point, np.ndarray]:
        points = [one for one in model.points if one.part in REFERENCE_PARTS]
        totals: dict[Point, np.ndarray] = {}
        counts: dict[Point, int] = {}
        for passage in references():
            for one, value in _read_all(model, points, passage).items():
                totals[one] = totals.get(one, 0.0) + value.sum(axis=0, dtype=np.float64)
                counts[one] = counts.get(one, 0) + len(value)
        return {one: (total / counts[one]).astype(np.float32) for one, total in totals.items()}

    means = derived(model, "means over reference passages", compute)
    return torch.from_numpy(means[point])


@cache
def references() -> tuple[str, ...]:
    """The beginnings of the reference passages."""
    return tuple(passage[:REFERENCE_CHARACTERS] for passage in passages()[:REFERENCES])


def last_residual(model: LanguageModel, point: Point, text: str) -> Float[Tensor, " width"]:
    """The residual stream at a point, at the last token of a text; an encoder-decoder reads it on both sides."""
    target = text if model.kind == "encoder-decoder" else ""
    return _kept(model, ("last", point, text), lambda: _read(model, point, text, target)[-1])


def _read_all(model: LanguageModel, points: list[Point], passage: str) -> dict[Point, np.ndarray]:
    target = passage if model.kind == "encoder-decoder" else ""
    while True:
        try:
            return model.read(points, passage, passage if target else "")
        except PromptTooLong:
            passage = passage[: len(passage) // 2]


def _read(model: LanguageModel, point: Point, text: str, target: str) -> np.ndarray:
    return model.read([point], text, target)[point]


def _kept(model: LanguageModel, key: tuple, compute: Callable[[], np.ndarray]) -> Float[Tensor, "..."]:
    kept: SingleFlightCache = derived(model, "sources of changes", lambda: SingleFlightCache(KEPT_BYTES))

    def untouched() -> np.ndarray:
        with resuming(None), suspending(changes=True):
            return np.ascontiguousarray(compute())

    return torch.from_numpy(np.array(kept.get(key, untouched)))
