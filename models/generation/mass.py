"""Cumulative probability: what top-p (nucleus sampling, Holtzman et al. 2020) adds up, likeliest token first."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from models.generation.sampling import TOP_P, Distribution

CURVE_POINTS = 160


@dataclass(frozen=True, eq=False, kw_only=True)
class MassCurve:
    """`cumulative` is the probability of the first `ranks` tokens together; `kept` is how many top-p keeps."""

    ranks: Int[np.ndarray, " point"]
    cumulative: Float[np.ndarray, " point"]
    top_p: float
    kept: int


def mass_curve(found: Distribution, points: int = CURVE_POINTS) -> MassCurve:
    """How the probability that top-p adds up grows, at ranks spread evenly on a log scale."""
    ordered = np.sort(found.offered)[::-1].cumsum(dtype=np.float64)
    ranks = np.unique(np.geomspace(1, len(ordered), points).astype(int))
    before_top_p = int((found.offered > 0).sum())
    return MassCurve(
        ranks=ranks,
        cumulative=ordered[ranks - 1],
        top_p=float(found.sampling.top_p),
        kept=before_top_p - int((found.cut_by_index == TOP_P).sum()),
    )
