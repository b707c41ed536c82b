"""The neighbour graph is exact: the same as distances taken one by one."""

import numpy as np
import pytest

from models.vectors.nearest import CHUNK, nearest

RANDOM = np.random.default_rng(8)


@pytest.mark.parametrize(("total", "count"), [(700, 15), (CHUNK + 1, 90), (40, 39), (17, 3)])
def test_every_points_neighbours_are_those_of_a_brute_force_search(total: int, count: int) -> None:
    points = RANDOM.normal(size=(total, 7)).astype(np.float32)
    every = np.linalg.norm(points[:, None].astype(np.float64) - points[None], axis=2)
    np.fill_diagonal(every, np.inf)
    expected = np.sort(every, axis=1)[:, :count]
    which, far = nearest(points, count)
    assert np.allclose(far, expected, atol=1e-4)
    assert np.all(np.diff(far, axis=1) >= 0)
    again = np.linalg.norm(points[which] - points[:, None], axis=2)
    assert np.allclose(again, far, atol=1e-5)


def test_no_point_is_its_own_neighbour_even_among_twins() -> None:
    points = np.repeat(RANDOM.normal(size=(10, 3)).astype(np.float32), 4, axis=0)
    which, far = nearest(points, 3)
    assert not np.any(which == np.arange(40)[:, None])
    assert np.allclose(far, 0)


def test_more_neighbours_than_points_are_as_many_as_there_are() -> None:
    which, far = nearest(RANDOM.normal(size=(4, 2)).astype(np.float32), 50)
    assert which.shape == far.shape == (4, 3)


def test_a_single_point_has_none() -> None:
    which, _ = nearest(np.zeros((1, 2), dtype=np.float32), 5)
    assert which.shape == (1, 0)


def test_progress_ends_at_one_and_a_report_may_stop_the_work() -> None:
    heard: list[float] = []
    points = RANDOM.normal(size=(4 * CHUNK, 4)).astype(np.float32)
    nearest(points, 5, heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1
    assert len(heard) > 3

    def stop(_: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        nearest(points, 5, stop)
