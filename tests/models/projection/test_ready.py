"""The maps that come with the program belong to the weights that come with it, and are as good as fresh ones."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.manifold import trustworthiness as measured

from models import load
from models.catalog import offered
from models.projection.__main__ import MAPS, file_name
from models.projection.cache import ProjectionCache
from models.projection.methods import Method, Projection, ProjectionSettings, principal_components
from models.projection.queue import Projections
from models.projection.ready import FOLDER, TRUST_POINTS, about, ready, save
from models.vectors.embedding_tables import table
from models.vectors.similarity import Vectors

MODELS = [entry.name for entry in offered() if entry.bundled]
MAPPED = [(name, method, dimensions) for name in MODELS for method, dimensions in MAPS]
VECTORS = Vectors(np.random.default_rng(3).normal(size=(300, 8)).astype(np.float32))
UMAP = ProjectionSettings(method="umap")
Move = Callable[[Vectors], Vectors]


def never(*_: Any) -> Projection:
    raise AssertionError("it was computed although it came with the program")


@pytest.mark.parametrize(("name", "method", "dimensions"), MAPPED)
def test_a_bundled_models_map_is_there_at_once_and_keeps_its_neighbours(
    name: str, method: Method, dimensions: int, tmp_path: Path
) -> None:
    vectors, settings = table(load(name, device="cpu")), ProjectionSettings(method=method, dimensions=dimensions)
    queue = Projections(ProjectionCache(tmp_path), never)
    job = queue.ask(vectors, replace(settings, sample=10_000), "visitor")
    assert job.ended
    found = job.result()
    assert found.points.shape == (len(vectors), dimensions)
    assert found.rows.tolist() == list(range(len(vectors)))
    told = about(FOLDER / file_name(name, settings))
    assert (told["weights"], json.loads(told["settings"])["method"]) == (vectors.digest, method)
    chosen = np.random.default_rng(1).choice(len(vectors), TRUST_POINTS, replace=False)
    flat = principal_components(vectors, ProjectionSettings()).points[:, :dimensions]
    kept, kept_flat = (
        measured(vectors.rows[chosen], points[chosen], n_neighbors=15) for points in (found.points, flat)
    )
    assert kept > kept_flat  # by far, in practice
    assert kept == pytest.approx(float(told["trustworthiness"]), abs=0.03)  # of the fresh points, on other rows


def saved(folder: Path) -> tuple[str, Projection]:
    points = np.random.default_rng(4).normal(size=(len(VECTORS), 2)).astype(np.float32)
    components = principal_components(VECTORS, ProjectionSettings())
    fresh = Projection(
        settings=UMAP, points=points, rows=components.rows, explained=components.explained, total=len(points)
    )
    save(folder / "small.safetensors", "small", VECTORS, fresh)
    return UMAP.key(VECTORS), fresh


def test_points_come_back_within_half_a_step(tmp_path: Path) -> None:
    key, fresh = saved(tmp_path)
    found = ready(key, UMAP, tmp_path)
    assert found is not None
    assert np.abs(found.points - fresh.points).max() <= np.ptp(fresh.points, axis=0).max() / 65535
    assert np.array_equal(found.explained, fresh.explained)


@pytest.mark.parametrize(
    ("vectors", "settings"),
    [
        (Vectors(VECTORS.rows + np.float32(1e-3)), UMAP),
        (VECTORS, ProjectionSettings(method="umap", seed=1)),
        (VECTORS, ProjectionSettings(method="umap", neighbours=16)),
        (VECTORS, ProjectionSettings(method="tsne")),
    ],
    ids=["other weights", "another seed", "other neighbours", "another method"],
)
def test_other_weights_or_settings_are_refused(tmp_path: Path, vectors: Vectors, settings: ProjectionSettings) -> None:
    saved(tmp_path)
    assert ready(settings.key(vectors), settings, tmp_path) is None


def test_a_damaged_file_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "broken.safetensors").write_bytes(b"no map")
    key, _ = saved(tmp_path)
    assert ready(key, UMAP, tmp_path) is not None
