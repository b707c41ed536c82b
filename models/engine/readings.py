"""What a model would say at one position if it stopped at each depth: the unembedding read along the residual stream.

The logit lens (nostalgebraist 2020): exact at the last depth, a reading at the others.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Float64, Int
from numpy import ndarray

from models.engine.cache import derived
from models.engine.trace import Trace
from models.generation.sampling import largest

GUESSES = 5


@dataclass(frozen=True, eq=False, kw_only=True)
class DepthReadings:
    """The likeliest tokens at each depth, likeliest first, and what the last depth's likeliest has at each of them."""

    ids: Int[ndarray, "depth rank"]
    probabilities: Float64[ndarray, "depth rank"]
    winner: Float64[ndarray, " depth"]


def depth_readings(trace: Trace, position: int, count: int = GUESSES) -> DepthReadings:
    """Read every depth at one position; `Unsupported` where the way from the residual to the logits is not known."""
    return derived(trace, ("depth readings", position, count), lambda: _read(trace, position, count))


def _read(trace: Trace, position: int, count: int) -> DepthReadings:
    rows = slice(position, position + 1)
    ids, probabilities, winners = [], [], []
    winner = int(np.argmax(trace.logits_at(position)))
    for depth in range(trace.layers + 1):
        logits = trace.lens(depth, positions=rows)[0]
        shares, top = softmax64(logits), largest(logits, count)
        ids.append(top)
        probabilities.append(shares[top])
        winners.append(shares[winner])
    return DepthReadings(ids=np.stack(ids), probabilities=np.stack(probabilities), winner=np.array(winners))


def softmax64(logits: Float32[ndarray, " vocab"]) -> Float64[ndarray, " vocab"]:
    """Probabilities from logits, in double precision, so that the small ones of a large vocabulary add up to 1."""
    exact = np.exp(logits.astype(np.float64) - float(logits.max()))
    return exact / exact.sum()
