"""One t-SNE or UMAP from beginning to end: components, neighbours, then the process that lays the points out."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from models.errors import InputError, ModelError
from models.layout_process import LayoutEnded, LayoutProcess
from models.nearest import nearest
from models.projection import Projection, ProjectionSettings

Report = Callable[[float, str], None]

FEWEST_POINTS = 5
NEIGHBOURS_SHARE = 0.3  # of the whole work, the part before the layout
LAYOUTS = LayoutProcess()


class ProjectionFailed(ModelError):  # noqa: N818 - named like its siblings in `errors`
    """The library that lays the points out gave up."""


def laid_out(components: Projection, settings: ProjectionSettings, report: Report) -> Projection:
    """The points of a t-SNE or UMAP; `report` hears share and stage at least once a second, and may raise to stop.

    Neighbours are looked for among the principal components given, whose share of the variance the result states.
    """
    count = len(components.points)
    if count < FEWEST_POINTS:
        raise InputError(f"{_name(settings)} needs at least {FEWEST_POINTS} points, and here are {count}; choose PCA.")
    wanted = settings.neighbours - 1 if settings.method == "umap" else int(3 * settings.perplexity)
    which, far = nearest(
        components.points, wanted, lambda share: report(share * NEIGHBOURS_SHARE, "looking for neighbours")
    )
    start = np.ascontiguousarray(components.points[:, : settings.dimensions])
    arrays = {"start": _spread(start, settings), "which": which, "far": far}
    points = _in_process(arrays, settings, report)
    if not np.isfinite(points).all():
        raise ProjectionFailed(f"{_name(settings)} lost its way with these settings; choose others, or PCA.")
    return replace(components, settings=settings, points=points)


def _name(settings: ProjectionSettings) -> str:
    return {"umap": "UMAP", "tsne": "t-SNE", "pca": "PCA"}[settings.method]


def _spread(start: Float32[ndarray, "point axis"], settings: ProjectionSettings) -> Float32[ndarray, "point axis"]:
    """The beginning of the layout; two points that coincide could never part, so each is moved by a hair."""
    if start.shape[1] < settings.dimensions:
        start = np.pad(start, ((0, 0), (0, settings.dimensions - start.shape[1])))
    scale = max(float(np.abs(start).max()), 1e-6) * 1e-4
    noise = np.random.default_rng(settings.seed).normal(scale=scale, size=start.shape)
    return (start + noise).astype(np.float32)


def _in_process(
    arrays: dict[str, ndarray], settings: ProjectionSettings, report: Report
) -> Float32[ndarray, "point axis"]:
    header = {
        "method": settings.method,
        "seed": settings.seed,
        "perplexity": settings.perplexity,
        "min_distance": settings.min_distance,
    }

    def tell(share: float, stage: str) -> None:
        report(NEIGHBOURS_SHARE + share * (1 - NEIGHBOURS_SHARE), stage)

    tell(0.0, "starting")
    try:
        return LAYOUTS.points(header, arrays, tell)
    except LayoutEnded as error:
        raise ProjectionFailed(f"{_name(settings)} stopped early: {error}") from error
