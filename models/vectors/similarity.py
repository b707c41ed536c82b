"""Vectors that stand for tokens: their norms, and nearest neighbours by cosine in the full space."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float32, Int64
from numpy import ndarray

from models.errors import InputError
from models.translation import _

MAX_NEIGHBOURS = 1000


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """A row near a vector: `cosine` from −1 to 1, `distance` Euclidean, both in the full space."""

    row: int
    cosine: float
    distance: float


@dataclass(frozen=True, eq=False)
class Vectors:
    """A table of vectors, one per row: an embedding table, or one text's residual stream at one depth.

    `device` is where large sums over it are computed: that of the model it belongs to.
    """

    rows: Float32[ndarray, "count width"]
    device: str = "cpu"

    def __post_init__(self) -> None:
        if self.rows.ndim != 2 or self.rows.dtype != np.float32:
            raise InputError(
                _(
                    "Vectors must be a table of float32 numbers, not {dimensions}-D {type}.",
                    dimensions=self.rows.ndim,
                    type=self.rows.dtype,
                )
            )

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def width(self) -> int:
        return self.rows.shape[1]

    @cached_property
    def norms(self) -> Float32[ndarray, " count"]:
        """The Euclidean length of each row."""
        squares = np.einsum("ij,ij->i", self.rows, self.rows)
        return np.sqrt(squares)

    @cached_property
    def digest(self) -> str:
        """A name for exactly these numbers: equal tables have equal names, on every machine."""
        state = hashlib.blake2b(f"{self.rows.shape}".encode(), digest_size=16)
        state.update(np.ascontiguousarray(self.rows).data)
        return state.hexdigest()

    def row(self, index: int) -> Float32[ndarray, " width"]:
        if not 0 <= index < len(self):
            raise InputError(
                _("There is no row {row}: rows go from 0 to {last}.", row=str(index), last=str(len(self) - 1))
            )
        return self.rows[index]


def cosines(vectors: Vectors, vector: Float32[ndarray, " width"]) -> Float32[ndarray, " count"]:
    """The cosine of every row with `vector`, from −1 to 1; NaN for rows of length zero, which have no direction."""
    length = _length(vector)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.clip(vectors.rows @ vector / (vectors.norms * length), -1, 1).astype(np.float32)


def cosines_to_middle(vectors: Vectors, rows: Int64[ndarray, " chosen"]) -> Float32[ndarray, " chosen"]:
    """The cosine of each of some rows with the mean of their directions; NaN where there is no direction."""
    lengths = vectors.norms[rows, None]
    units = vectors.rows[rows] / np.where(lengths > 0, lengths, np.nan)
    middle = np.nan_to_num(units).sum(0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.clip(units @ middle / np.linalg.norm(middle), -1, 1).astype(np.float32)


def neighbours(
    vectors: Vectors, vector: Float32[ndarray, " width"], count: int = 10, *, exclude: Sequence[int] = ()
) -> tuple[Neighbour, ...]:
    """The `count` rows with the largest cosine to `vector`, nearest first; rows of length zero never win."""
    if not 1 <= count <= MAX_NEIGHBOURS:
        raise InputError(_("count must be from 1 to {most}, not {count}.", most=str(MAX_NEIGHBOURS), count=str(count)))
    scores = cosines(vectors, vector)
    scores[list(exclude)] = np.nan
    best = _largest(np.where(np.isnan(scores), -np.inf, scores), min(count, int(np.isfinite(scores).sum())))
    # Subtracted row by row: through squared lengths, the distance of near twins would drown in rounding.
    distances = np.linalg.norm(vectors.rows[best] - vector, axis=1)
    return tuple(
        Neighbour(row=int(row), cosine=float(scores[row]), distance=float(distance))
        for row, distance in zip(best, distances, strict=True)
    )


def _length(vector: Float32[ndarray, " width"]) -> float:
    length = float(np.linalg.norm(vector))
    if not np.isfinite(length) or length == 0:
        raise InputError(_("This vector has length zero or is not a number, so it has no direction and no neighbours."))
    return length


def _largest(scores: ndarray, count: int) -> ndarray:
    """Rows of the `count` largest scores, largest first; ties go to the smaller row."""
    if count <= 0:
        return np.empty(0, dtype=np.int64)
    threshold = np.partition(scores, len(scores) - count)[len(scores) - count]
    candidates = np.flatnonzero(scores >= threshold)
    return candidates[np.argsort(-scores[candidates], kind="stable")][:count]
