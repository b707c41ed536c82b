"""Batch invariance: batched logits differ from unbatched ones by rounding; near-ties are recomputed alone.

A forward pass over a batch adds up in another order, so logits differ by about 1e-6 of their size (more in half
precision). A seed still has to give the same text, so a token that such a difference could change is sampled from an
unbatched pass over its text. In single precision this happens about once in a thousand tokens.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np
import torch

from models.generation.sampling import Distribution, Sampling, arrival_times, distribution, largest

LOGIT_NOISE = {torch.float32: 2e-4, torch.float64: 1e-7}  # largest error of a batched logit; measured: below 2e-5
HALF_PRECISION_NOISE = 0.05  # the same in half precision
PROBABILITY_NOISE = 1e-4  # largest error of a sum of probabilities


def logit_noise(precision: torch.dtype) -> float:
    """How far a batched logit may be from the unbatched one."""
    return LOGIT_NOISE.get(precision, HALF_PRECISION_NOISE)


def sample(found: Distribution, context: Sequence[int], seed: int, noise: float) -> tuple[int, bool]:
    """The token sampled after `context`, and whether all logits within `noise` of these give the same one."""
    sampling = found.sampling
    slack = 2 * noise * max(1.0, sampling.repetition_penalty)
    if sampling.is_greedy:
        best = largest(found.offered, 2)
        winner = int(found.final_probability.argmax())
        return winner, len(best) < 2 or bool(np.log(found.offered[best[0]] / found.offered[best[1]]) > slack)
    slack /= sampling.temperature
    times = arrival_times(found.final_probability, seed, len(context))
    winner = int(times.argmin())
    if len(times) > 1 and np.log(np.partition(times, 1)[1] / times[winner]) < slack:
        return winner, False
    doubtful = _top_k_is_close(found, slack) or _edge_is_near(found, times, winner, seed, len(context))
    return winner, not doubtful or all(
        distribution(found.logits, other, context).draw(len(context), seed) == winner
        for other in _neighbours(sampling, slack)
    )


def _top_k_is_close(found: Distribution, slack: float) -> bool:
    """Whether the last token top-k keeps and the first it cuts might be exchanged."""
    count, sampling = int(found.sampling.top_k), found.sampling
    if not 0 < count < len(found.logits):
        return False
    edge = found.logits[largest(found.logits, count + 1)[-2:]]
    return sampling.repetition_penalty != 1 or float(edge[0] - edge[1]) / sampling.temperature < slack


def _edge_is_near(found: Distribution, times: np.ndarray, winner: int, seed: int, position: int) -> bool:
    """Whether the winner was nearly cut, or a token that was cut after top-k would have won."""
    sampling, final = found.sampling, found.final_probability
    if (sampling.top_p, sampling.min_p, sampling.typical_p) == (1, 0, 1):
        return False
    if sampling.typical_p < 1 or final[final <= final[winner]].sum() < final[winner] + 3 * PROBABILITY_NOISE:
        return True
    uncut = arrival_times(found.offered, seed, position)
    return bool((uncut[times == np.inf] < uncut[winner]).any())


def _neighbours(sampling: Sampling, slack: float) -> list[Sampling]:
    """The settings a little looser and a little tighter: as errors of the logits would make them."""
    looser = dataclasses.replace(
        sampling,
        top_k=sampling.top_k + 1 if sampling.top_k else 0,
        top_p=min(1.0, sampling.top_p + PROBABILITY_NOISE),
        min_p=sampling.min_p * (1 - min(slack, 0.5)),
        typical_p=min(1.0, sampling.typical_p + PROBABILITY_NOISE),
    )
    tighter = dataclasses.replace(
        sampling,
        top_k=max(1, sampling.top_k - 1) if sampling.top_k else 0,
        top_p=max(PROBABILITY_NOISE, sampling.top_p - PROBABILITY_NOISE) if sampling.top_p < 1 else 1.0,
        min_p=min(1.0, sampling.min_p * (1 + slack)),
        typical_p=max(PROBABILITY_NOISE, sampling.typical_p - PROBABILITY_NOISE) if sampling.typical_p < 1 else 1.0,
    )
    return [looser, tighter]
