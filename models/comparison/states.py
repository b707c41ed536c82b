"""Two runs of one model at one depth: how far each token's residual is from its counterpart's."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float64
from numpy import ndarray


@dataclass(frozen=True, eq=False, kw_only=True)
class Apart:
    """For each pair the cosine (−1 to 1) and the distance as a share of the mean length; NaN where a length is zero."""

    cosine: Float64[ndarray, " pair"]
    relative: Float64[ndarray, " pair"]


def apart(one: Float[ndarray, "pair width"], other: Float[ndarray, "pair width"]) -> Apart:
    """Compare residuals row by row: cosine, and ‖a − b‖ / ((‖a‖ + ‖b‖) / 2)."""
    here, there = one.astype(np.float64), other.astype(np.float64)
    lengths = np.linalg.norm(here, axis=1), np.linalg.norm(there, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        cosine = np.einsum("ij,ij->i", here, there) / (lengths[0] * lengths[1])
        relative = 2 * np.linalg.norm(here - there, axis=1) / (lengths[0] + lengths[1])
    return Apart(cosine=np.clip(cosine, -1, 1), relative=relative)
