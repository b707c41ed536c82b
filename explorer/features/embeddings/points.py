"""Points on their way to the page: which axes of a projection are drawn, in steps that take two bytes."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float32, UInt16
from numpy import ndarray

from models.projection.methods import Projection

FULL = 65535
ROOM = 0.6  # of a map's width that its height should fill
MOST_STRETCH = 3.0


def quantised(points: Float32[ndarray, "point axis"]) -> UInt16[ndarray, "point axis"]:
    """The points in 65,536 steps, the same step on every axis: two bytes a number, and distances keep their ratios."""
    low, high = points.min(0), points.max(0)
    span = float((high - low).max()) or 1.0
    middle = (low + high) / 2
    return np.clip(((points - middle) / span + 0.5) * FULL, 0, FULL).round().astype("<u2")


def stretch(points: Float32[ndarray, "point axis"]) -> tuple[int, float]:
    """Which of two axes is drawn larger, and how many times, so that a flat cloud fills its map; 1.0 for as it is.

    The first component of a PCA is often many times as wide as the next: in true proportions such a cloud is a line.
    """
    spans = np.ptp(points, axis=0) if len(points) else np.ones(points.shape[1])
    narrow = int(spans.argmin())
    if points.shape[1] != 2 or spans[narrow] <= 0:
        return narrow, 1.0
    return narrow, round(float(np.clip(ROOM * spans.max() / spans[narrow], 1, MOST_STRETCH)), 1)


def drawn_axes(projection: Projection, wanted: Sequence[int], dimensions: int) -> list[int]:
    """Which columns of the points are drawn: any components of a PCA, otherwise the two or three there are."""
    available = projection.points.shape[1]
    if projection.settings.method != "pca":
        return list(range(available))
    return [min(axis, max(available - 1, 0)) for axis in (*wanted, 0, 1, 2)[:dimensions]]


def points_along(projection: Projection, axes: Sequence[int]) -> Float32[ndarray, "point axis"]:
    """The points along these columns."""
    if projection.points.shape[1]:
        return projection.points[:, list(axes)]
    return np.zeros((len(projection.rows), len(axes)), dtype=np.float32)


def padded(points: Float32[ndarray, "point axis"], dimensions: int) -> Float32[ndarray, "point dimension"]:
    """The points with exactly so many axes; those there are not are zero."""
    missing = max(dimensions - points.shape[1], 0)
    return np.pad(points, ((0, 0), (0, missing)))[:, :dimensions]
