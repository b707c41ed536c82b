"""Two runs through the depths: what each would say on the way, and where their residual streams part."""

import numpy as np
from jaxtyping import Float64
from numpy import ndarray

from models.comparison.attention import Pairs
from models.comparison.distances import kl_rows, log_shares
from models.engine.trace import Trace


def depth_kl(trace: Trace, other: Trace, position: int, other_position: int) -> Float64[ndarray, " depth"]:
    """KL(one ‖ other) in bits between what the logit lens reads of two runs of equal depth, at one position of each.

    For one vocabulary only. The last depth is the models' own prediction. Unsupported where a lens cannot be read.
    """
    places = slice(position, position + 1), slice(other_position, other_position + 1)
    logs = (
        (log_shares(run.lens(depth, positions=rows)) for run, rows in zip((trace, other), places, strict=True))
        for depth in range(trace.layers + 1)
    )
    return np.array([float(kl_rows(*pair)[0]) for pair in logs])


def residual_distances(trace: Trace, other: Trace, pairs: Pairs) -> Float64[ndarray, "depth pair"]:
    """How far the residual streams of two runs of one model are apart, at tokens that correspond: 0 (the same) to 2.

    ‖a − b‖ over the mean of ‖a‖ and ‖b‖, so that depths of different norms can be compared; 0 where both are 0.
    """
    here, there = (run.residual[:, pairs[:, side]].astype(np.float64) for side, run in enumerate((trace, other)))
    apart = np.linalg.norm(here - there, axis=2)
    mean = (np.linalg.norm(here, axis=2) + np.linalg.norm(there, axis=2)) / 2
    return np.asarray(apart / np.where(mean > 0, mean, 1))
