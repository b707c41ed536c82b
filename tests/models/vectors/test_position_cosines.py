"""The picture of a position table: each row with each, as few as asked for."""

import numpy as np
import pytest

from models.vectors.position_cosines import position_cosines


def test_each_row_is_compared_with_each() -> None:
    rows, cosines = position_cosines(np.array([[1, 0], [0, 2], [3, 3]], dtype=np.float32))
    assert rows.tolist() == [0, 1, 2]
    half = np.sqrt(0.5)
    assert cosines == pytest.approx(np.array([[1, 0, half], [0, 1, half], [half, half, 1]]))


def test_a_row_of_zeros_has_no_direction_and_counts_as_unlike() -> None:
    _, cosines = position_cosines(np.array([[0, 0], [0, 2]], dtype=np.float32))
    assert cosines.tolist() == [[0, 0], [0, 1]]


def test_of_a_long_table_rows_are_taken_evenly_with_the_first_and_the_last() -> None:
    rows, cosines = position_cosines(np.eye(1000, dtype=np.float32), most=10)
    assert len(rows) == 10
    assert (rows[0], rows[-1]) == (0, 999)
    assert np.ptp(np.diff(rows)) <= 1
    assert cosines.shape == (10, 10)
