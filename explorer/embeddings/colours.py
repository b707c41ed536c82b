"""What the dots of a map are coloured by: a kind of token, or a number on the page's sequential scale."""

import numpy as np
from jaxtyping import Float32, UInt8
from numpy import ndarray

from explorer.embeddings.payload import Answer, Payload, choice, packed, whole
from explorer.embeddings.shown import Shown, shown_of
from models.pool import Pool
from models.vectors import cosines
from models.vocabulary import KINDS

BY = {
    "kind": "kind of token, or place in this text",
    "length": "number of characters",
    "norm": "length of the vector",
    "distance": "cosine to the chosen token",
    "none": "one colour",
}

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


def colours(pool: Pool, payload: Payload) -> Answer:
    """A shade for every vector, and what the shades mean."""
    shown = shown_of(pool, payload)
    by = choice(payload, "by", BY)
    if by == "none":
        return {"legend": None, "shades": None}
    if by == "kind" and shown.vocabulary is not None:
        return _kinds(shown.vocabulary.kinds[: len(shown.vectors)])
    values, name = _values(shown, by, payload)
    return _scaled(values, name)


def _kinds(kinds: UInt8[ndarray, " count"]) -> Answer:
    counts = np.bincount(kinds, minlength=len(KINDS))
    entries = [
        {"name": name, "count": int(count), "light": light, "dark": dark}
        for name, count, (light, dark) in zip(KINDS, counts, PALETTE, strict=True)
    ]
    return {"shades": packed(kinds), "legend": {"kinds": entries}}


def _values(shown: Shown, by: str, payload: Payload) -> tuple[Float32[ndarray, " count"], str]:
    if by == "norm":
        return shown.vectors.norms, "length of the vector"
    if by == "distance":
        row = whole(payload, "row", 0, high=len(shown.vectors) - 1)
        return cosines(shown.vectors, shown.vectors.row(row)), "cosine to the chosen token"
    if by == "length":
        lengths = [len(shown.name(row)) for row in range(len(shown.vectors))]
        return np.array(lengths, dtype=np.float32), "number of characters"
    return np.arange(len(shown.vectors), dtype=np.float32), "position"


def _scaled(values: Float32[ndarray, " count"], name: str) -> Answer:
    """Values as places 0 to 255 on the sequential scale; of many, the outermost hundredth does not stretch it."""
    finite = values[np.isfinite(values)]
    edges = (0.5, 99.5) if len(finite) > MANY else (0, 100)
    low, high = (float(edge) for edge in np.percentile(finite, edges)) if len(finite) else (0.0, 0.0)
    span = high - low or 1.0
    places = np.clip((np.nan_to_num(values, nan=low) - low) / span, 0, 1)
    return {
        "shades": packed((places * 255).round().astype(np.uint8)),
        "legend": {"name": name, "low": round(low, 3), "high": round(high, 3)},
    }
