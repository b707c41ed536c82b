"""The text's tokens on their way through the layers: one picture for several sentences, and cosines along the way."""

import numpy as np
from numpy import ndarray

from explorer.embeddings.figures import cosine_figure
from explorer.embeddings.map import quantised
from explorer.embeddings.payload import Answer, Payload, choice, packed, rounded, text, whole
from explorer.embeddings.shown import token_name
from models.errors import InputError
from models.pool import Pool
from models.projection import ProjectionSettings, principal_components
from models.spaces import Path, mean_cosine, path_cosines, paths
from models.trace import Trace
from models.vectors import Vectors

MOST_SENTENCES = 12
MOST_PATHS = 200
MOST_CHARACTERS = 10_000


def trajectories(pool: Pool, payload: Payload) -> Answer:
    """Every chosen token's place at every depth, in one projection shared by all sentences."""
    traces = _traces(pool, payload)
    ways = _chosen(paths(traces, _stack(payload)), payload)
    left_out = max(len(ways) - MOST_PATHS, 0)
    ways = ways[:MOST_PATHS]
    dimensions = whole(payload, "dimensions", 2, low=2, high=3)
    metric = choice(payload, "metric", ("cosine", "euclidean"))
    rows = Vectors(np.concatenate([way.vectors for way in ways]))
    settings = ProjectionSettings(dimensions=dimensions, metric=metric)  # type: ignore[arg-type]
    projection = principal_components(rows, settings)
    return {
        "points": packed(quantised(_padded(projection.points, dimensions))),
        "dimensions": dimensions,
        "depths": len(ways[0].vectors),
        "paths": [{"text": way.text, "position": way.position, "name": token_name(way.token)} for way in ways],
        "sentences": [trace.text for trace in traces],
        "explained": [rounded(share, 5) for share in projection.explained[:dimensions]],
        "caption": _caption(float(projection.explained[:dimensions].sum()), metric, left_out),
    }


def likeness(pool: Pool, payload: Payload) -> Answer:
    """The cosine of two tokens, `left` and `right` (each [sentence, position]), at every depth, as a figure."""
    traces = _traces(pool, payload)
    ways = paths(traces, _stack(payload))
    left, right = (_named(ways, payload, side) for side in ("left", "right"))
    baseline = mean_cosine(ways) if len(ways) > 1 else None
    names = tuple(f"“{token_name(way.token)}” in sentence {way.text + 1}" for way in (left, right))
    return {
        "figure": cosine_figure(path_cosines(left, right), baseline, names=names).to_json(),
        "values": [rounded(value) for value in path_cosines(left, right)],
    }


def _traces(pool: Pool, payload: Payload) -> tuple[Trace, ...]:
    """The page's text first, then one trace for every other sentence that is not empty."""
    lines = [line.strip() for line in text(payload, "sentences", MOST_CHARACTERS).splitlines()]
    others = [line for line in lines if line]
    if len(others) >= MOST_SENTENCES:
        raise InputError(f"At most {MOST_SENTENCES - 1} more sentences can be compared; here are {len(others)}.")
    target = payload.get("target", "")
    return tuple(pool.trace(payload["model"], line, target) for line in (payload["text"], *others))


def _stack(payload: Payload) -> str:
    return choice(payload, "stack", ("decoder", "encoder"))


def _chosen(ways: tuple[Path, ...], payload: Payload) -> tuple[Path, ...]:
    """The tokens that spell the wanted word, or all; the word's parts where the model cuts it."""
    wanted = text(payload, "word", 200).strip().casefold()
    if not wanted:
        return ways
    found = tuple(way for way in ways if token_name(way.token).strip().casefold() == wanted)
    if not found:
        raise InputError(f"No token here spells “{wanted}”; leave the box empty to see all tokens.")
    return found


def _named(ways: tuple[Path, ...], payload: Payload, side: str) -> Path:
    wanted = payload.get(side)
    found = next((way for way in ways if [way.text, way.position] == wanted), None)
    if found is None:
        raise InputError("Choose two tokens to compare.")
    return found


def _padded(points: ndarray, dimensions: int) -> ndarray:
    missing = max(dimensions - points.shape[1], 0)
    return np.pad(points, ((0, 0), (0, missing)))[:, :dimensions]


def _caption(explained: float, metric: str, left_out: int) -> str:
    scaled = "Every vector is taken with length one. " if metric == "cosine" else ""
    more = f" Only the first {MOST_PATHS} tokens are drawn; {left_out:,} are left out." if left_out else ""
    return (
        f"{scaled}One PCA of all these tokens at all depths; what is drawn holds {explained:.1%} of the variance. "
        f"Large dots are the last depth.{more}"
    )
