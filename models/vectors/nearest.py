"""The exact nearest neighbours of every point at once: the graph that t-SNE and UMAP start from."""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float32, Int, Int32
from numpy import ndarray

Report = Callable[[float], None]

CHUNK = 1024
"""Points searched for at once, between two reports."""


def nearest(
    points: Float32[ndarray, "point component"], count: int, report: Report = lambda _: None
) -> tuple[Int32[ndarray, "point neighbour"], Float32[ndarray, "point neighbour"]]:
    """(indices, distances) of the `count` nearest other points of each point, nearest first; exact, Euclidean.

    `report` hears the share done (0 to 1) after every chunk and may raise to stop.
    """
    from sklearn.neighbors import NearestNeighbors  # noqa: PLC0415 - takes seconds, and most visitors never need it

    total = len(points)
    count = min(count, total - 1)
    indices = np.empty((total, max(count, 0)), dtype=np.int32)
    if count < 1:
        return indices, np.empty(indices.shape, dtype=np.float32)
    search = NearestNeighbors(n_neighbors=count + 1, algorithm="brute").fit(points)
    for start in range(0, total, CHUNK):
        rows = np.arange(start, min(start + CHUNK, total))
        indices[rows] = _without_itself(search.kneighbors(points[rows], return_distance=False), rows)
        report(float(rows[-1] + 1) / total)
    return _by_distance(points, indices)


def _without_itself(
    found: Int[ndarray, "point candidate"], rows: Int[ndarray, " point"]
) -> Int[ndarray, "point neighbour"]:
    """One candidate fewer per point: the point itself, or the last where its twins have crowded it out."""
    kept = found != rows[:, None]
    kept[kept.all(1), -1] = False
    return found[kept].reshape(len(rows), -1)


def _by_distance(
    points: Float32[ndarray, "point component"], indices: Int32[ndarray, "point neighbour"]
) -> tuple[Int32[ndarray, "point neighbour"], Float32[ndarray, "point neighbour"]]:
    """Distances by subtraction, since squared lengths lose the small ones to rounding, and the order they give."""
    distances = np.empty(indices.shape, dtype=np.float32)
    for start in range(0, len(points), CHUNK):
        chunk = slice(start, start + CHUNK)
        distances[chunk] = np.linalg.norm(points[indices[chunk]] - points[chunk, None], axis=2)
    order = np.argsort(distances, axis=1, kind="stable")
    return np.take_along_axis(indices, order, 1), np.take_along_axis(distances, order, 1)
