"""Projection settings and points, and principal component analysis (PCA)."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
import torch
from jaxtyping import Float32, Int64
from numpy import ndarray

from models.engine.exact import exact
from models.errors import InputError
from models.limits import COMPONENTS, MAX_POINTS
from models.translation import _
from models.vectors.similarity import Vectors

Method = Literal["pca", "tsne", "umap"]
Metric = Literal["cosine", "euclidean"]

BLOCK = 8192
"""Rows worked on at once."""

VERSION = 1
"""Part of every cache key: raise it when the same settings give other points."""


@dataclass(frozen=True, kw_only=True)
class ProjectionSettings:
    """Everything that decides where points land; equal settings and equal vectors give equal points.

    `sample` is how many rows are projected, chosen at random by `seed` (0 means all, up to 250,000). `metric` decides
    which rows count as close: "cosine" looks at direction only. `perplexity` is t-SNE's, `neighbours` and
    `min_distance` are UMAP's; PCA uses none of them.
    """

    method: Method = "pca"
    dimensions: int = 2
    metric: Metric = "euclidean"
    sample: int = 0
    seed: int = 0
    perplexity: float = 30.0
    neighbours: int = 15
    min_distance: float = 0.1

    def __post_init__(self) -> None:
        _one_of("method", self.method, get_args(Method))
        _one_of("metric", self.metric, get_args(Metric))
        _between("dimensions", self.dimensions, 2, 3)
        _between("sample", self.sample, 0, MAX_POINTS)
        _between("seed", self.seed, 0, 2**31 - 1)
        _between("perplexity", self.perplexity, 2, 100)
        _between("neighbours", self.neighbours, 2, 200)
        _between("min_distance", self.min_distance, 0, 0.99)
        if self.method == "tsne" and self.dimensions == 3:
            raise InputError(_("t-SNE is drawn in two dimensions only; choose PCA or UMAP for three."))

    def key(self, vectors: Vectors) -> str:
        """A file name for the result: the same for everyone who asks the same of the same vectors.

        A sample of at least as many rows as there are is all of them.
        """
        asked = replace(self, sample=0) if self.sample >= len(vectors) else self
        kept = {name: value for name, value in asdict(asked).items() if name not in asked._idle()}  # noqa: SLF001
        text = json.dumps([VERSION, vectors.digest, kept], sort_keys=True)
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

    def _idle(self) -> set[str]:
        """Settings that change nothing here, so that moving them finds the same result."""
        idle = {
            "pca": {"perplexity", "neighbours", "min_distance", "dimensions"},
            "tsne": {"neighbours", "min_distance"},
        }
        return idle.get(self.method, {"perplexity"}) | (set() if self.sample or self.method != "pca" else {"seed"})


@dataclass(frozen=True, eq=False, kw_only=True)
class Projection:
    """Where rows of a table land.

    `rows` says which row each point is, in ascending order; `total` is how many rows the table has. `explained` is the
    share of the variance (0 to 1) along each principal component: of `points` itself for PCA, of the components in
    which neighbours were looked for otherwise. PCA keeps up to 50 components, from which any two or three can be drawn.
    """

    settings: ProjectionSettings
    points: Float32[ndarray, "point component"]
    rows: Int64[ndarray, " point"]
    explained: Float32[ndarray, " principal"]
    total: int

    def __post_init__(self) -> None:
        if len(self.points) != len(self.rows) or self.total < len(self.rows):
            raise ValueError(
                f"{len(self.points)} points for {len(self.rows)} of {self.total} rows do not fit together."
            )

    @property
    def sampled(self) -> bool:
        return len(self.rows) < self.total

    @property
    def nbytes(self) -> int:
        return self.points.nbytes + self.rows.nbytes + self.explained.nbytes


def sampled_rows(total: int, settings: ProjectionSettings) -> Int64[ndarray, " point"]:
    """The rows to project, ascending: all of them, or a random choice without repetition."""
    wanted = min(settings.sample or total, MAX_POINTS)
    if wanted >= total:
        return np.arange(total, dtype=np.int64)
    chosen = np.random.default_rng(settings.seed).choice(total, size=wanted, replace=False)
    return np.sort(chosen).astype(np.int64)


def principal_components(vectors: Vectors, settings: ProjectionSettings) -> Projection:
    """PCA of the whole table, centred; a sample decides only which points are returned, never the directions.

    Exact, by the eigenvectors of the covariance (Jolliffe 2002, "Principal Component Analysis", section 3.1). The
    covariance is summed from centred blocks in double precision: embeddings share a large common offset, in which
    scikit-learn's `covariance_eigh` loses the small differences of float32 input. The sign of each component, which is
    arbitrary, is chosen so that its largest loading is positive. It is computed on the device of the vectors.
    """
    place = torch.device(vectors.device)
    if not len(vectors):
        raise InputError(_("There is nothing to project: the table has no rows."))
    centre = _centre(vectors, settings.metric)
    if not np.isfinite(centre).all():
        raise InputError(_("Some vectors hold numbers that are not finite, so they cannot be projected."))
    variances, directions = _directions(vectors, settings.metric, centre, place)
    total = variances.sum().clamp_min(torch.finfo(torch.float64).tiny)
    chosen = sampled_rows(len(vectors), settings)
    kept = directions[:, :COMPONENTS].float().to(place)
    points = [(block.to(place) @ kept).cpu() for block in _blocks(vectors, settings.metric, centre, chosen)]
    return Projection(
        settings=settings,
        points=torch.cat(points).numpy(),
        rows=chosen,
        explained=(variances / total)[:COMPONENTS].float().cpu().numpy(),
        total=len(vectors),
    )


def _blocks(
    vectors: Vectors,
    metric: Metric,
    centre: Float32[ndarray, " width"] | None = None,
    rows: Int64[ndarray, " point"] | None = None,
) -> Iterator[torch.Tensor]:
    """The rows as the metric sees them, less `centre`, a few thousand at a time: a copy of a large table is large too.

    For the cosine every row is given length one; a row of length zero stays zero.
    """
    for start in range(0, len(vectors) if rows is None else len(rows), BLOCK):
        chosen = slice(start, start + BLOCK) if rows is None else rows[start : start + BLOCK]
        block = vectors.rows[chosen]
        if metric == "cosine":
            lengths = vectors.norms[chosen]
            block = block / np.where(lengths > 0, lengths, 1)[:, None]
        yield torch.from_numpy(np.array(block) if centre is None else block - centre)


def _centre(vectors: Vectors, metric: Metric) -> Float32[ndarray, " width"]:
    total = torch.zeros(vectors.width, dtype=torch.float64)
    for block in _blocks(vectors, metric):
        total += block.sum(0)
    return (total / len(vectors)).float().numpy()


def _directions(
    vectors: Vectors, metric: Metric, centre: Float32[ndarray, " width"], place: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """(variances, directions as columns), largest variance first, at most as many as there are rows."""
    count, width = len(vectors), vectors.width
    if count <= width:
        rows = exact(torch.cat(list(_blocks(vectors, metric, centre))).to(place))
        _, singular, transposed = torch.linalg.svd(rows, full_matrices=False)
        variances, directions = singular.square(), transposed.T
    else:
        products = exact(torch.zeros(width, width, device=place))
        for block in _blocks(vectors, metric, centre):
            there = block.to(place)
            products += (there.T @ there).to(products.device)
        variances, directions = torch.linalg.eigh(products)
        variances, directions = variances.flip(0).clamp_min(0), directions.flip(1)
    largest = directions.gather(0, directions.abs().argmax(0, keepdim=True))
    return variances / max(count - 1, 1), directions * largest.sign()


def _one_of(name: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise InputError(
            _(
                "{name} must be one of {choices}, not {value}.",
                name=name,
                choices=", ".join(choices),
                value=repr(value),
            )
        )


def _between(name: str, value: Any, low: Any, high: Any) -> None:
    if not low <= value <= high:  # also refuses NaN
        raise InputError(
            _(
                "{name} must be from {low} to {high}, not {value}.",
                name=name,
                low=str(low),
                high=str(high),
                value=str(value),
            )
        )
