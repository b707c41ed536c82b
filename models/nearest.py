"""The nearest neighbours of every point at once: the graph that t-SNE and UMAP start from."""

from collections.abc import Callable

import numpy as np
import torch
from jaxtyping import Float32, Int32
from numpy import ndarray

Report = Callable[[float], None]

BLOCK = 128
GROUP = 16
STRIDE = 2048


def nearest(
    points: Float32[ndarray, "point component"], count: int, report: Report = lambda _: None
) -> tuple[Int32[ndarray, "point neighbour"], Float32[ndarray, "point neighbour"]]:
    """(which, how far): the `count` nearest other points of each point, nearest first; exact, Euclidean.

    `report` hears the share done (0 to 1) many times a second and may raise to stop.
    """
    total = len(points)
    count = min(count, total - 1)
    which = np.empty((total, count), dtype=np.int32)
    if count < 1:
        return which, np.empty((total, count), dtype=np.float32)
    search = _Search(torch.from_numpy(np.ascontiguousarray(points)), count)
    for start in range(0, total, BLOCK):
        which[start : start + BLOCK] = search.block(start).numpy()
        report(min(start + BLOCK, total) / total)
    return _by_distance(points, which)


class _Search:
    """Keeps the points where a block of queries meets them in one matrix product."""

    def __init__(self, points: torch.Tensor, count: int) -> None:
        total, width = points.shape
        self.columns = -(-total // GROUP)
        padding = self.columns * GROUP - total
        self.points = points
        self.count = count
        self.squares = torch.cat([points.square().sum(1), torch.full((padding,), torch.inf)])
        self.transposed = torch.cat([points, torch.zeros(padding, width)]).T.contiguous()
        self.offsets = torch.arange(GROUP) * self.columns

    def block(self, start: int) -> torch.Tensor:
        """The neighbours of a block of points, in no order.

        The smallest of each group of sixteen is found first, which is one fast pass; the wanted points must lie in the
        groups with the smallest of these, so only those are sorted through.
        """
        queries = self.points[start : start + BLOCK]
        # The query's own square is left out: it changes no order.
        scores = torch.addmm(self.squares, queries, self.transposed, alpha=-2)
        scores[torch.arange(len(queries)), torch.arange(start, start + len(queries))] = torch.inf
        smallest = scores.view(len(queries), GROUP, self.columns).amin(1)
        groups = smallest.topk(min(self.count, self.columns), largest=False, sorted=False).indices
        candidates = (groups[:, :, None] + self.offsets).flatten(1)
        chosen = scores.gather(1, candidates).topk(self.count, largest=False, sorted=False).indices
        return candidates.gather(1, chosen)


def _by_distance(
    points: Float32[ndarray, "point component"], which: Int32[ndarray, "point neighbour"]
) -> tuple[Int32[ndarray, "point neighbour"], Float32[ndarray, "point neighbour"]]:
    """Distances by subtraction, since squared lengths lose the small ones to rounding, and the order they give."""
    far = np.empty(which.shape, dtype=np.float32)
    for start in range(0, len(points), STRIDE):
        block = slice(start, start + STRIDE)
        far[block] = np.linalg.norm(points[which[block]] - points[block, None], axis=2)
    order = np.argsort(far, axis=1, kind="stable")
    return np.take_along_axis(which, order, 1), np.take_along_axis(far, order, 1)
