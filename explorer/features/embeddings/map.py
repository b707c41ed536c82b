"""The map of vectors: where each lands, told while it is computed, and the same points as numbers."""

from collections.abc import Iterator
from contextlib import closing
from typing import Literal, NotRequired
from uuid import uuid4

import numpy as np
from anyio import to_thread
from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, Whole, call
from explorer.calls.answers import packed
from explorer.features.embeddings.choices import AUTOMATIC, METHODS
from explorer.features.embeddings.points import drawn_axes, points_along, quantised, stretch
from explorer.features.embeddings.vector_set import (
    VectorAnswer,
    VectorSet,
    VectorsRequest,
    marks,
    rounded,
    vector_set,
)
from explorer.features.embeddings.waiting import projected
from models.limits import MAX_POINTS
from models.projection.job import Progress
from models.projection.methods import Method, Metric, Projection, ProjectionSettings
from models.projection.queue import projections
from models.translation import _, number

DEFAULT_SAMPLE = 10_000


class MapRequest(VectorsRequest):
    """Vectors to draw, and how. `near` and `spread` are UMAP's, `axes` (from 0) the components of a PCA.

    `filled` draws the flatter one of two components larger, so that the cloud fills a map; else both have one scale.
    """

    method: Method = Field("pca")
    dimensions: Whole = Field(2, ge=2, le=3)
    metric: Metric = Field("euclidean")
    sample: Whole = Field(AUTOMATIC, ge=AUTOMATIC, le=MAX_POINTS)
    seed: Whole = Field(0, ge=0, le=2**31 - 1)
    perplexity: float = Field(30.0, ge=2, le=100)
    near: Whole = Field(15, ge=2, le=200)
    spread: float = Field(0.1, ge=0, le=0.99)
    axes: list[Whole] = Field([0, 1, 2], max_length=3)
    filled: bool = False


class MapProgress(TypedDict):
    """How far a projection is: `share` from 0 to 1, `ahead` how many come before it, `seconds` since it began."""

    state: Literal["waiting", "running"]
    share: float
    stage: str
    ahead: int
    seconds: float


class MapPoints(TypedDict):
    """A map. `points` are uint16, `rows` uint32 (null: point n is row n), both base64; `marks` the text's tokens.

    `explained` is the share of the variance along each component, `axes` the components drawn; `stretched` says which
    of them is drawn larger than the other, "" where both have one scale.
    """

    points: str
    dimensions: int
    rows: str | None
    count: int
    total: int
    marks: list[VectorAnswer]
    explained: list[float | None]
    axes: list[int]
    title: str
    caption: str
    stretched: str


class MapMessage(TypedDict):
    """How far the map is, and at the end the map."""

    progress: NotRequired[MapProgress]
    map: NotRequired[MapPoints]


class MapRow(TypedDict):
    """One point: its row, what it is called and of what kind (null outside a vocabulary), its length, its place."""

    row: int
    token: str
    kind: str | None
    norm: float | None
    x: float
    y: float
    z: NotRequired[float]


class MapTableAnswer(TypedDict):
    """Every point."""

    rows: list[MapRow]


@call
def map_points(context: Context, request: MapRequest) -> Iterator[MapMessage]:
    """Project vectors; whoever stops listening no longer wants the projection."""
    vectors, settings = vector_set(context, request), settings_of(request)
    job = projections(context.settings.cache).ask(vectors.vectors, settings, uuid4().hex)
    with closing(job.follow()) as steps:
        for step in steps:
            yield {"progress": _progress(step)}
    yield {"map": _drawn(context, request, vectors, job.result())}


@call
async def map_table(context: Context, request: MapRequest) -> MapTableAnswer:
    """The points as numbers: what the picture shows, before it was fitted to a screen."""
    vectors = await to_thread.run_sync(vector_set, context, request)
    projection = await projected(context, vectors.vectors, settings_of(request))
    axes = drawn_axes(projection, request.axes, request.dimensions)
    return {"rows": await to_thread.run_sync(_table, vectors, projection, axes)}


def settings_of(request: MapRequest) -> ProjectionSettings:
    """The settings a request asks for."""
    sample = request.sample
    if sample == AUTOMATIC:
        sample = 0 if request.method == "pca" else DEFAULT_SAMPLE
    return ProjectionSettings(
        method=request.method,
        dimensions=request.dimensions,
        metric=request.metric,
        sample=sample,
        seed=request.seed,
        perplexity=float(request.perplexity),
        neighbours=request.near,
        min_distance=float(request.spread),
    )


def _progress(told: Progress) -> MapProgress:
    return {
        "state": "waiting" if told.state == "waiting" else "running",
        "share": round(told.share, 4),
        "stage": told.stage,
        "ahead": told.ahead,
        "seconds": round(told.seconds, 1),
    }


def _drawn(context: Context, request: MapRequest, vectors: VectorSet, projection: Projection) -> MapPoints:
    axes = drawn_axes(projection, request.axes, request.dimensions)
    points = points_along(projection, axes)
    wide, times = stretch(points) if request.filled and request.method == "pca" else (0, 1.0)
    points[:, wide] *= np.float32(times)
    stretched = _stretched(axes[wide], times)
    return {
        "points": packed(quantised(points)),
        "dimensions": len(axes),
        "rows": packed(projection.rows.astype("<u4")) if projection.sampled else None,
        "count": len(projection.rows),
        "total": projection.total,
        "marks": marks(context.trace(request)) if vectors.vocabulary else [],
        "explained": [rounded(share, 5) for share in projection.explained],
        "axes": axes if request.method == "pca" else [],
        "title": vectors.title,
        "caption": " ".join(filter(None, (_caption(vectors, projection, axes), stretched))),
        "stretched": stretched,
    }


def _stretched(component: int, times: float) -> str:
    if times == 1:
        return ""
    return _(
        "Component {number} is drawn {times} times as large, so that the cloud fills the map.",
        number=component + 1, times=number(times, 1),
    )  # fmt: skip


def _table(vectors: VectorSet, projection: Projection, axes: list[int]) -> list[MapRow]:
    places = points_along(projection, axes).tolist()
    return [
        {
            "row": row,
            "token": vectors.name(row),
            "kind": vectors.kind(row),
            "norm": rounded(vectors.vectors.norms[row], 6),
            "x": place[0],
            "y": place[1],
            **({"z": place[2]} if len(place) > 2 else {}),  # type: ignore[typeddict-item]
        }
        for row, place in zip(projection.rows.tolist(), places, strict=True)
    ]


def _caption(vectors: VectorSet, projection: Projection, axes: list[int]) -> str:
    shown, method = _shown(vectors, projection), projection.settings.method
    if method == "pca":
        kept = sum(float(projection.explained[axis]) for axis in set(axes) if axis < len(projection.explained))
        return _(
            "{shown}. The components drawn hold {share} % of the variance; the rest is not in the picture.",
            shown=shown, share=number(100 * kept, 1),
        )  # fmt: skip
    return _(
        "{shown}. Neighbours are exact, among the first {components} components ({share} % of the variance). "
        "{method} keeps who is next to whom; sizes of groups and gaps mean nothing.",
        shown=shown, components=len(projection.explained), share=number(100 * float(projection.explained.sum()), 1),
        method=METHODS[method],
    )  # fmt: skip


def _shown(vectors: VectorSet, projection: Projection) -> str:
    count = len(projection.rows)
    if projection.sampled:
        return _(
            "{title}: {count} of {total} shown, chosen at random (seed {seed})",
            title=vectors.title, count=count, total=projection.total, seed=str(projection.settings.seed),
        )  # fmt: skip
    return _(
        "{title}: {count} vectors of {width} numbers each",
        title=vectors.title, count=count, width=vectors.vectors.width,
    )  # fmt: skip
