"""One t-SNE or UMAP from principal components to points, by the worker process."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from models.errors import InputError, ModelError
from models.projection.layouts import Stage, tsne_layout, umap_layout
from models.projection.methods import Projection, ProjectionSettings
from models.projection.worker import LayoutEnded, LayoutWorker
from models.translation import _

Report = Callable[[float, str], None]

MIN_POINTS = 5
NAMES = {"umap": "UMAP", "tsne": "t-SNE", "pca": "PCA"}
WORKER = LayoutWorker()


class ProjectionFailed(ModelError):  # noqa: N818 - named like its siblings in `errors`
    """The library that lays the points out gave up."""


def laid_out(components: Projection, settings: ProjectionSettings, report: Report) -> Projection:
    """The points of a t-SNE or UMAP; `report` hears share and stage several times a second, and may raise to stop.

    Neighbours are looked for among the principal components given, whose share of the variance the result states.
    """
    method, count = NAMES[settings.method], len(components.points)
    if count < MIN_POINTS:
        raise InputError(
            _(
                "{method} needs at least {fewest} points, and here are {count}; choose PCA.",
                method=method,
                fewest=MIN_POINTS,
                count=count,
            )
        )
    points = _laid_out(components.points, settings, report)
    if not np.isfinite(points).all():
        raise ProjectionFailed(
            _("{method} did not converge with these settings (coordinates became infinite).", method=method)
        )
    return replace(components, settings=settings, points=points)


def _laid_out(
    components: Float32[ndarray, "point component"], settings: ProjectionSettings, report: Report
) -> Float32[ndarray, "point axis"]:
    layout, options = _layout(settings)
    try:
        return WORKER.run(
            layout,
            components,
            _start(components, settings),
            tell=lambda stage, share: report(share, sentence_of(stage)),
            **options,
        )
    except (LayoutEnded, ArithmeticError, MemoryError, TypeError, ValueError) as error:
        # The text of the library's own error follows the colon.
        text = _("{method} stopped early: {reason}", method=NAMES[settings.method], reason=error)
        raise ProjectionFailed(text) from error


def _layout(settings: ProjectionSettings) -> tuple[Callable[..., ndarray], dict[str, Any]]:
    """The function that lays the points out, and the settings that matter to it."""
    if settings.method == "tsne":
        return tsne_layout, {"perplexity": float(settings.perplexity), "seed": settings.seed}
    return umap_layout, {
        "neighbours": settings.neighbours,
        "min_distance": settings.min_distance,
        "seed": settings.seed,
    }


def _start(
    components: Float32[ndarray, "point component"], settings: ProjectionSettings
) -> Float32[ndarray, "point axis"]:
    """The beginning of the layout; two points that coincide could never part, so each is moved by a hair."""
    start = np.ascontiguousarray(components[:, : settings.dimensions])
    if start.shape[1] < settings.dimensions:
        start = np.pad(start, ((0, 0), (0, settings.dimensions - start.shape[1])))
    scale = max(float(np.abs(start).max()), 1e-6) * 1e-4
    noise = np.random.default_rng(settings.seed).normal(scale=scale, size=start.shape)
    return (start + noise).astype(np.float32)


def sentence_of(stage: Stage) -> str:
    """What a stage is called on the page."""
    return {
        Stage.STARTING: _("starting"),
        Stage.NEIGHBOURS: _("looking for neighbours"),
        Stage.COMPILING: _("compiling UMAP"),
        Stage.PREPARING: _("preparing t-SNE"),
        Stage.PLACING: _("laying the points out"),
    }[stage]
