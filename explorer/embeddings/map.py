"""The map of vectors: where each lands, what it is called, what lies near it."""

import csv
import io
import json
from collections.abc import Callable
from functools import partial

import numpy as np
from jaxtyping import Float32, UInt16
from numpy import ndarray

from explorer.embeddings.payload import Answer, Payload, choice, number, numbers, packed, rounded, text, whole
from explorer.embeddings.shown import Shown, marks, shown_of, trace_of
from models.pool import Pool
from models.projection import MOST_POINTS, Projection, ProjectionSettings
from models.projection_queue import Job, Projections
from models.vectors import Neighbour, neighbours
from models.vocabulary import KINDS

METHODS = {"pca": "PCA", "tsne": "t-SNE", "umap": "UMAP"}
PATIENCE = 0.4
"""Seconds a request waits for a projection before it answers "still running"."""

AUTOMATIC = -1
"""The sample that lets the method decide: all vectors for PCA, `FEW` for what takes longer."""

FEW = 10_000
FULL = 65535
MATCHES = 100
LABELS = MOST_POINTS


def settings_of(payload: Payload) -> ProjectionSettings:
    """The settings a payload asks for; `ProjectionSettings` checks what they may be."""
    method = choice(payload, "method", METHODS)
    sample = whole(payload, "sample", AUTOMATIC, low=AUTOMATIC, high=MOST_POINTS)
    if sample == AUTOMATIC:
        sample = 0 if method == "pca" else FEW
    return ProjectionSettings(
        method=method,  # type: ignore[arg-type]
        dimensions=whole(payload, "dimensions", 2, low=2, high=3),
        metric=choice(payload, "metric", ("euclidean", "cosine")),  # type: ignore[arg-type]
        sample=sample,
        seed=whole(payload, "seed", 0, high=2**31 - 1),
        perplexity=number(payload, "perplexity", 30.0, low=2.0, high=100.0),
        neighbours=whole(payload, "near", 15, low=2, high=200),
        min_distance=number(payload, "spread", 0.1, low=0.0, high=0.99),
    )


def project(pool: Pool, projections: Projections, payload: Payload) -> Answer:
    """The points, or how far they are; a page that waits asks again every moment, which also keeps its place."""
    shown = shown_of(pool, payload)
    job = projections.ask(shown.vectors, settings_of(payload), text(payload, "asker") or "page")
    if not job.finished.wait(PATIENCE):
        return _progress(projections, job)
    if job.state == "stopped":
        return {"state": "stopped"}
    return {"state": "done", **_drawn(pool, shown, job.result(), payload)}


def stop(projections: Projections, payload: Payload) -> Answer:
    """One page no longer wants the projection `key`."""
    projections.stop(text(payload, "key"), text(payload, "asker") or "page")
    return {"state": "stopping"}


def labels(pool: Pool, payload: Payload) -> Answer:
    """The names of some rows, as raw text; of all of them where `rows` is missing."""
    shown = shown_of(pool, payload)
    count = len(shown.vectors)
    rows = numbers(payload, "rows", high=count - 1, most=LABELS) if "rows" in payload else range(count)
    return {"texts": [shown.name(row) for row in rows]}


def search(pool: Pool, payload: Payload) -> Answer:
    """The entries that hold `query`: how many, and the first hundred."""
    shown = shown_of(pool, payload)
    found = [row for row in shown.search(text(payload, "query")) if row < len(shown.vectors)]
    return {"count": len(found), "matches": [{"row": row, "text": shown.name(row)} for row in found[:MATCHES]]}


def near(pool: Pool, payload: Payload) -> Answer:
    """The nearest rows to `row` by cosine, over all rows, in the true space."""
    shown = shown_of(pool, payload)
    row = whole(payload, "row", 0, high=len(shown.vectors) - 1)
    count = whole(payload, "count", 10, low=1, high=100)
    found = neighbours(shown.vectors, shown.vectors.row(row), count, exclude=[row])
    return {
        "row": row,
        "text": shown.name(row),
        "norm": rounded(shown.vectors.norms[row]),
        "kind": KINDS[shown.vocabulary.kinds[row]] if shown.vocabulary else None,
        "neighbours": named(shown, found),
    }


def named(shown: Shown, found: tuple[Neighbour, ...]) -> list[Answer]:
    """Neighbours with their names, as plain values."""
    return [
        {"row": n.row, "text": shown.name(n.row), "cosine": rounded(n.cosine), "distance": rounded(n.distance)}
        for n in found
    ]


def listing(pool: Pool, projections: Projections, payload: Payload) -> Answer:
    """The points as CSV: row, token (a JSON string, so that spaces show), kind, length of the vector, place."""
    shown = shown_of(pool, payload)
    projection = projections.project(shown.vectors, settings_of(payload), text(payload, "asker") or "page")
    axes = _axes(projection, payload)
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    kinds = shown.vocabulary.kinds if shown.vocabulary else None
    writer.writerow(["row", "token", *(["kind"] if kinds is not None else []), "norm", *"xyz"[: len(axes)]])
    for row, point in zip(projection.rows.tolist(), _along(projection, axes).tolist(), strict=True):
        kind = [] if kinds is None else [KINDS[kinds[row]]]
        name = json.dumps(shown.name(row), ensure_ascii=False)
        writer.writerow([row, name, *kind, f"{shown.vectors.norms[row]:.6g}", *(f"{value:.6g}" for value in point)])
    return {"text": file.getvalue()}


def _progress(projections: Projections, job: Job) -> Answer:
    told = projections.progress(job)
    return {
        "state": told.state if told.state == "waiting" else "running",
        "key": job.key,
        "share": round(told.share, 4),
        "stage": told.stage,
        "ahead": told.ahead,
        "seconds": round(told.seconds, 1),
    }


def _drawn(pool: Pool, shown: Shown, projection: Projection, payload: Payload) -> Answer:
    axes = _axes(projection, payload)
    points = _along(projection, axes)
    return {
        "points": packed(quantised(points)),
        "dimensions": len(axes),
        "rows": packed(projection.rows.astype("<u4")) if projection.sampled else None,
        "count": len(projection.rows),
        "total": projection.total,
        "marks": marks(trace_of(pool, payload)) if shown.vocabulary else [],
        "explained": [rounded(share, 5) for share in projection.explained],
        "axes": axes if projection.settings.method == "pca" else [],
        "title": shown.title,
        "caption": _caption(shown, projection, axes),
    }


def _axes(projection: Projection, payload: Payload) -> list[int]:
    """Which columns of the points are drawn: any components of a PCA, otherwise the two or three there are."""
    dimensions = whole(payload, "dimensions", 2, low=2, high=3)
    available = projection.points.shape[1]
    if projection.settings.method != "pca":
        return list(range(available))
    chosen = numbers(payload, "axes", high=999, most=3) or [0, 1, 2]
    return [min(axis, max(available - 1, 0)) for axis in (*chosen, 0, 1, 2)[:dimensions]]


def _along(projection: Projection, axes: list[int]) -> Float32[ndarray, "point axis"]:
    return (
        projection.points[:, axes] if projection.points.shape[1] else np.zeros((len(projection.rows), len(axes)), "f4")
    )


def quantised(points: Float32[ndarray, "point axis"]) -> UInt16[ndarray, "point axis"]:
    """The points in 65,536 steps, the same step on every axis: two bytes a number, and distances keep their ratios."""
    low, high = points.min(0), points.max(0)
    span = float((high - low).max()) or 1.0
    middle = (low + high) / 2
    return np.clip(((points - middle) / span + 0.5) * FULL, 0, FULL).round().astype("<u2")


def _caption(shown: Shown, projection: Projection, axes: list[int]) -> str:
    count, settings = len(projection.rows), projection.settings
    shared = f"{shown.title}: {count:,} vectors of {shown.vectors.width:,} numbers each"
    if projection.sampled:
        shared = f"{shown.title}: {count:,} of {projection.total:,} shown, chosen at random (seed {settings.seed})"
    if settings.method == "pca":
        kept = sum(float(projection.explained[axis]) for axis in set(axes) if axis < len(projection.explained))
        return f"{shared}. The components drawn hold {kept:.1%} of the variance; the rest is not in the picture."
    held = float(projection.explained.sum())
    return (
        f"{shared}. Neighbours are exact, among the first {len(projection.explained)} components ({held:.1%} of the "
        f"variance). {METHODS[settings.method]} keeps who is next to whom; sizes of groups and gaps mean nothing."
    )


def functions(pool: Pool, projections: Projections) -> dict[str, Callable[[Payload], Answer]]:
    """The functions of this module under the names the view calls them by."""
    return {
        "project": partial(project, pool, projections),
        "stop": partial(stop, projections),
        "labels": partial(labels, pool),
        "search": partial(search, pool),
        "near": partial(near, pool),
        "listing": partial(listing, pool, projections),
    }
