"""What the dots of a map are coloured by: a kind of token, or a number on the page's sequential scale."""

from typing import Literal

import numpy as np
from jaxtyping import Float32, UInt8
from numpy import ndarray
from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, Whole, call
from explorer.calls.answers import packed
from explorer.features.embeddings.vector_set import VectorSet, VectorsRequest, checked_row, vector_set
from models.text.vocabulary import kind_names
from models.translation import _
from models.vectors.similarity import cosines

ColourBy = Literal["kind", "length", "norm", "distance", "none"]
MANY = 1000

# One colour per kind, told apart by colour-blind readers too (after Okabe and Ito 2008); light page, dark page.
PALETTE = (
    ("#0072b2", "#5db4ee"),
    ("#c25100", "#f39b52"),
    ("#0072b2", "#5db4ee"),
    ("#00795a", "#2fd3a2"),
    ("#a24a80", "#e79ac7"),
    ("#7d6200", "#e3cf4d"),
    ("#3f6f8f", "#9ccfe8"),
    ("#111111", "#ffffff"),
    ("#8a8a8a", "#8a8a8a"),
)


class ColoursRequest(VectorsRequest):
    """What to colour by; `row` is the chosen vector, for "distance"."""

    by: ColourBy = Field("kind")
    row: Whole = Field(0, ge=0)


class KindColour(TypedDict):
    """One kind of token: how many there are, and its colour on a light and on a dark page."""

    name: str
    count: int
    light: str
    dark: str


class ScaleLegend(TypedDict):
    """What the sequential scale stands for: its name and the numbers at its ends; `row` is the vector it is about."""

    name: str
    low: float
    high: float
    row: int | None


class ColoursAnswer(TypedDict):
    """A shade (uint8, base64) for every vector: a place in `kinds`, or on the `scale`; one colour if both are null."""

    shades: str | None
    kinds: list[KindColour] | None
    scale: ScaleLegend | None


@call
def vector_colours(context: Context, request: ColoursRequest) -> ColoursAnswer:
    """A shade for every vector, and what the shades mean."""
    vectors = vector_set(context, request)
    if request.by == "none":
        return {"shades": None, "kinds": None, "scale": None}
    if request.by == "kind" and vectors.vocabulary is not None:
        return _kinds(vectors.vocabulary.kinds[: len(vectors)])
    values, name = _values(vectors, request)
    return _scaled(values, name, request.row if request.by == "distance" else None)


def _kinds(kinds: UInt8[ndarray, " count"]) -> ColoursAnswer:
    counts = np.bincount(kinds, minlength=len(PALETTE))
    entries: list[KindColour] = [
        {"name": name, "count": int(count), "light": light, "dark": dark}
        for name, count, (light, dark) in zip(kind_names(), counts, PALETTE, strict=True)
    ]
    return {"shades": packed(kinds), "kinds": entries, "scale": None}


def _values(vectors: VectorSet, request: ColoursRequest) -> tuple[Float32[ndarray, " count"], str]:
    if request.by == "norm":
        return vectors.vectors.norms, _("length of the vector")
    if request.by == "distance":
        row = checked_row(request.row, vectors)
        return cosines(vectors.vectors, vectors.vectors.row(row)), _("cosine to")
    if request.by == "length":
        lengths = [len(vectors.name(row)) for row in range(len(vectors))]
        return np.array(lengths, dtype=np.float32), _("number of characters")
    return np.arange(len(vectors), dtype=np.float32), _("position")


def _scaled(values: Float32[ndarray, " count"], name: str, row: int | None) -> ColoursAnswer:
    """Values as places 0 to 255 on the sequential scale; of many, the outermost hundredth does not stretch it."""
    finite = values[np.isfinite(values)]
    edges = (0.5, 99.5) if len(finite) > MANY else (0, 100)
    low, high = (float(edge) for edge in np.percentile(finite, edges)) if len(finite) else (0.0, 0.0)
    places = np.clip((np.nan_to_num(values, nan=low) - low) / (high - low or 1.0), 0, 1)
    return {
        "shades": packed((places * 255).round().astype(np.uint8)),
        "kinds": None,
        "scale": {"name": name, "low": round(low, 3), "high": round(high, 3), "row": row},
    }
