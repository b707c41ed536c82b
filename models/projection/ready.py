"""Projections that come with the program: t-SNE and UMAP of the bundled models' embeddings, so that nobody waits.

One small file each, in `maps/`: the points as 16-bit numbers, and under which key they belong, which names the weights
and the settings. Other weights, other settings or a raised `VERSION` make another key; then the projection is computed
as any other. `python -m models.projection` makes the files.
"""

import json
import logging
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
from jaxtyping import Float32
from numpy import ndarray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from models.projection.methods import Projection, ProjectionSettings
from models.vectors.similarity import Vectors

LOG = logging.getLogger(__name__)

FOLDER = Path(__file__).with_name("maps")
STEPS = 65535
LIBRARIES = ("numpy", "scikit-learn", "umap-learn", "openTSNE")
TRUST_POINTS, TRUST_NEIGHBOURS = 2000, 15
"""How well neighbours are kept is measured on so many rows, chosen at random; all of them would need gigabytes."""


def ready(key: str, settings: ProjectionSettings, folder: Path = FOLDER) -> Projection | None:
    """The projection with this key, if it came with the program."""
    file = _by_key(folder).get(key)
    if file is None:
        return None
    with safe_open(file, framework="numpy") as opened:
        about = opened.metadata()
        low, step = (np.array(json.loads(about[name]), dtype=np.float32) for name in ("low", "step"))
        points = opened.get_tensor("points") * step + low
        explained = opened.get_tensor("explained")
    rows = np.arange(len(points), dtype=np.int64)
    return Projection(settings=settings, points=points, rows=rows, explained=explained, total=len(rows))


def save(file: Path, model: str, vectors: Vectors, projection: Projection) -> None:
    """Write one file, with all that decided where its points lie and how well their neighbours were kept."""
    if projection.sampled:
        raise ValueError("A sample is no map of the whole table.")
    low = projection.points.min(0)
    step = np.maximum(np.ptp(projection.points, axis=0), 1e-9) / STEPS
    steps = ((projection.points - low) / step).round().clip(0, STEPS).astype(np.uint16)
    about = {
        "model": model,
        "key": projection.settings.key(vectors),
        "weights": vectors.digest,
        "settings": json.dumps(asdict(projection.settings)),
        "libraries": json.dumps({name: version(name) for name in LIBRARIES}),
        "trustworthiness": f"{trustworthiness(vectors, projection.points):.5f}",
        "low": json.dumps(low.tolist()),
        "step": json.dumps(step.tolist()),
    }
    save_file({"points": steps, "explained": projection.explained}, file, about)


def about(file: Path) -> dict[str, str]:
    """What a file says of itself."""
    with safe_open(file, framework="numpy") as opened:
        return dict(opened.metadata())


def trustworthiness(vectors: Vectors, points: Float32[ndarray, "point axis"]) -> float:
    """From 0 to 1, how far neighbours on the map are neighbours in the full space (Venna and Kaski 2001)."""
    from sklearn.manifold import trustworthiness as measured  # noqa: PLC0415 - slow to import, and seldom needed

    chosen = np.random.default_rng(0).choice(len(points), min(TRUST_POINTS, len(points)), replace=False)
    return float(measured(vectors.rows[chosen], points[chosen], n_neighbors=TRUST_NEIGHBOURS))


@cache
def _by_key(folder: Path) -> dict[str, Path]:
    found = {}
    for file in sorted(folder.glob("*.safetensors")):
        try:
            found[about(file)["key"]] = file
        except (OSError, KeyError, SafetensorError) as error:
            LOG.warning("The map %s cannot be read (%s); it is computed when it is asked for.", file.name, error)
    return found
