"""Paths of several texts in one projection."""

import numpy as np

from models.projection.methods import ProjectionSettings, principal_components
from models.projection.trajectories import shared_components
from models.text.tokens import Token
from models.vectors.embedding_tables import Path
from models.vectors.similarity import Vectors

TOKEN = Token(id=0, text="a", piece="a", start=0, end=1, special=False, group=0, bytes=b"a")


def paths(count: int, depths: int, width: int) -> list[Path]:
    numbers = np.random.default_rng(0).normal(size=(count, depths, width)).astype(np.float32)
    return [Path(text=0, position=place, token=TOKEN, vectors=vectors) for place, vectors in enumerate(numbers)]


def test_all_paths_and_depths_share_one_projection_path_after_path() -> None:
    found = paths(3, 4, 8)
    projection = shared_components(found, metric="euclidean")
    together = Vectors(np.concatenate([path.vectors for path in found]))
    assert np.array_equal(projection.points, principal_components(together, ProjectionSettings()).points)
    assert projection.total == 12


def test_by_direction_a_longer_vector_is_the_same_point() -> None:
    first, second = paths(2, 3, 6)
    longer = Path(text=1, position=0, token=TOKEN, vectors=first.vectors * 5)
    points = shared_components([first, longer, second], metric="cosine").points
    assert np.allclose(points[:3], points[3:6], atol=1e-5)
