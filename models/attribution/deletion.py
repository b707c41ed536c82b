"""What remains of a logit when the tokens a method found most important are taken out, the first k of them.

A method is only as good as its order: a curve that falls faster than that of a random order has found something.
(DeYoung et al. 2020 call the drop comprehensiveness; Petsiuk et al. 2018 draw the curve.)
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Float32, Int
from numpy import ndarray

from models.attribution.output import Output, chunks

RANDOM_ORDERS = 8
MOST_STEPS = 16  # numbers of tokens taken out, beside none


@dataclass(frozen=True, eq=False, kw_only=True)
class Deletion:
    """The output with the first `counts` tokens of each order replaced by the baseline; `random` is a mean."""

    counts: Int[ndarray, " step"]
    curves: Mapping[str, Float32[ndarray, " step"]]
    random: Float32[ndarray, " step"]


def deletion(
    output: Output, values: Mapping[str, Float[ndarray, " token"]], baseline: str = "mean", seed: int = 0
) -> Iterator[int | Deletion]:
    """Takes tokens out by the value each method gave them, largest first: copies run so far, then the curves."""
    output.check()
    read = np.array(output.read)
    count = len(read)
    counts = np.unique(np.round(np.linspace(0, count, min(count, MOST_STEPS) + 1)).astype(int))
    generator = np.random.default_rng(seed)
    orders = [read[np.argsort(-np.nan_to_num(found[read], nan=-np.inf), kind="stable")] for found in values.values()]
    orders += [generator.permutation(read) for _ in range(RANDOM_ORDERS)]
    copies = [order[:taken] for order in orders for taken in counts]
    remaining = np.empty(len(copies), dtype=np.float32)
    instead = output.baseline(baseline)
    for part in chunks(len(copies), output.together):
        yield part.start
        remaining[part] = _without(output, instead, copies[part])
    rows = remaining.reshape(len(orders), len(counts))
    curves = dict(zip(values, rows, strict=False))
    yield Deletion(counts=counts, curves=curves, random=rows[len(values) :].mean(axis=0))


def copies_of(values: int, tokens: int) -> int:
    """How many copies of the text `deletion` runs for so many methods."""
    return (values + RANDOM_ORDERS) * (min(tokens, MOST_STEPS) + 1)


def _without(
    output: Output, instead: Float[torch.Tensor, "token width"], copies: Sequence[ndarray]
) -> Float32[ndarray, " copy"]:
    embeddings = output.embeddings.repeat(len(copies), 1, 1)
    for copy, taken in enumerate(copies):
        embeddings[copy, taken] = instead[taken]
    with torch.no_grad():
        return output(embeddings).cpu().numpy()
