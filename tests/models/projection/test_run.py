"""The real UMAP and t-SNE in their own process: they keep neighbours together, repeat themselves, can be stopped."""

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import silhouette_score

from models.errors import InputError
from models.projection import run as projection_run
from models.projection.cache import ProjectionCache
from models.projection.methods import Projection, ProjectionSettings, principal_components
from models.projection.queue import Projections
from models.projection.run import ProjectionFailed, laid_out
from models.projection.worker import LayoutEnded
from models.vectors.similarity import Vectors

RANDOM = np.random.default_rng(6)
GROUPS = np.repeat(np.arange(4), 40)
VECTORS = Vectors((RANDOM.normal(size=(160, 12)) + 8 * RANDOM.normal(size=(4, 12))[GROUPS]).astype(np.float32))
UMAP = ProjectionSettings(method="umap", neighbours=8)
TSNE = ProjectionSettings(method="tsne", perplexity=10.0)


def components(vectors: Vectors = VECTORS) -> Projection:
    return principal_components(vectors, ProjectionSettings())


def laid(settings: ProjectionSettings) -> tuple[Projection, list[tuple[float, str]]]:
    heard: list[tuple[float, str]] = []
    return laid_out(components(), settings, lambda share, stage: heard.append((share, stage))), heard


@pytest.mark.parametrize("settings", [UMAP, TSNE], ids=["UMAP", "t-SNE"])
def test_groups_stay_together_and_progress_grows_to_one(settings: ProjectionSettings) -> None:
    found, heard = laid(settings)
    assert found.points.shape == (160, 2)
    assert silhouette_score(found.points, GROUPS) > 0.5
    shares = [share for share, _ in heard]
    assert shares == sorted(shares)
    assert shares[-1] > 0.95
    assert len(found.explained) == 12


def test_the_same_seed_gives_the_same_points_in_a_new_process_and_another_seed_others() -> None:
    first = laid(replace(UMAP, seed=3))[0].points
    other = laid(replace(UMAP, seed=4))[0].points
    projection_run.WORKER.close()
    again = laid(replace(UMAP, seed=3))[0].points
    assert np.array_equal(first, again)
    assert not np.allclose(first, other)


def test_asked_for_by_two_at_once_nothing_ends_and_both_get_their_points(tmp_path: Path) -> None:
    queue = Projections(ProjectionCache(tmp_path))
    found: dict[int, Projection] = {}

    def ask(dimensions: int) -> None:
        found[dimensions] = queue.project(VECTORS, replace(UMAP, dimensions=dimensions), f"visitor {dimensions}")

    threads = [threading.Thread(target=ask, args=(dimensions,)) for dimensions in (2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert {dimensions: projection.points.shape for dimensions, projection in found.items()} == {
        2: (160, 2),
        3: (160, 3),
    }


def test_a_process_that_ended_becomes_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: object, **__: object) -> None:
        raise LayoutEnded("it was ended from outside.")

    monkeypatch.setattr(projection_run.WORKER, "run", run)
    with pytest.raises(ProjectionFailed, match=r"t-SNE stopped early: it was ended from outside\."):
        laid(TSNE)


def test_what_the_library_says_becomes_part_of_the_sentence() -> None:
    broken = replace(components(), points=np.full((160, 12), np.nan, dtype=np.float32))
    with pytest.raises(ProjectionFailed, match="UMAP stopped early: Input X contains NaN"):
        laid_out(broken, UMAP, lambda *_: None)


def test_coordinates_that_became_infinite_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection_run.WORKER, "run", lambda *_, **__: np.full((160, 2), np.inf, dtype=np.float32))
    with pytest.raises(ProjectionFailed, match=r"UMAP did not converge with these settings \(coordinates became inf"):
        laid(UMAP)


def test_too_few_points_are_refused_with_a_way_out() -> None:
    few = Vectors(VECTORS.rows[:4].copy())
    with pytest.raises(InputError, match="choose PCA"):
        laid_out(components(few), UMAP, lambda *_: None)


def test_twins_and_few_points_are_laid_out_all_the_same() -> None:
    twins = Vectors(np.repeat(VECTORS.rows[:3], 2, axis=0))
    found = laid_out(components(twins), TSNE, lambda *_: None)
    assert found.points.shape == (6, 2)
    assert np.isfinite(found.points).all()
