"""Neighbours are the true ones: compared with every row, one by one."""

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy import ndarray

from models.errors import InputError
from models.vectors.similarity import Vectors, cosines, neighbours

RANDOM = np.random.default_rng(3)
TABLE = Vectors(RANDOM.normal(size=(500, 24)).astype(np.float32))


def brute_force(rows: ndarray, vector: ndarray) -> ndarray:
    wide = rows.astype(np.float64)
    return wide @ vector / (np.linalg.norm(wide, axis=1) * np.linalg.norm(vector))


@pytest.mark.parametrize("row", [0, 7, 499])
def test_neighbours_are_those_of_a_brute_force_search(row: int) -> None:
    expected = brute_force(TABLE.rows, TABLE.rows[row].astype(np.float64))
    found = neighbours(TABLE, TABLE.row(row), 12)
    assert [one.row for one in found] == np.argsort(-expected, kind="stable")[:12].tolist()
    for one in found:
        assert one.cosine == pytest.approx(expected[one.row], abs=1e-5)
        assert one.distance == pytest.approx(np.linalg.norm(TABLE.rows[one.row] - TABLE.rows[row]), abs=1e-5)


def test_a_row_is_its_own_nearest_unless_left_out() -> None:
    assert neighbours(TABLE, TABLE.row(5), 1)[0].row == 5
    assert 5 not in [one.row for one in neighbours(TABLE, TABLE.row(5), 499, exclude=[5])]


def test_cosine_ignores_length_and_distance_does_not() -> None:
    table = Vectors(np.array([[1, 0], [3, 0], [0, 2], [-1, 0]], dtype=np.float32))
    found = neighbours(table, table.row(0), 4)
    assert [one.row for one in found] == [0, 1, 2, 3]
    assert [one.cosine for one in found] == [1, 1, 0, -1]
    assert [one.distance for one in found] == pytest.approx([0, 2, np.sqrt(5), 2])


def test_rows_of_length_zero_are_nobodys_neighbour() -> None:
    table = Vectors(np.array([[1, 0], [0, 0], [0.5, 1]], dtype=np.float32))
    assert [one.row for one in neighbours(table, table.row(0), 3)] == [0, 2]
    assert np.isnan(cosines(table, table.row(0))[1])
    with pytest.raises(InputError, match="length zero"):
        neighbours(table, table.row(1), 3)


def test_a_vector_that_is_not_a_number_is_refused_with_a_sentence() -> None:
    with pytest.raises(InputError, match="not a number"):
        neighbours(TABLE, np.full(24, np.nan, dtype=np.float32))


@pytest.mark.parametrize("count", [0, -1, 1001])
def test_a_count_out_of_range_is_named(count: int) -> None:
    with pytest.raises(InputError, match="count must be from 1 to 1000"):
        neighbours(TABLE, TABLE.row(0), count)


@pytest.mark.parametrize("row", [-1, 500])
def test_a_row_that_does_not_exist_is_named(row: int) -> None:
    with pytest.raises(InputError, match="rows go from 0 to 499"):
        TABLE.row(row)


def test_the_distance_of_near_twins_is_not_lost_to_rounding() -> None:
    base = np.full(64, 100, dtype=np.float32)
    twin = base.copy()
    twin[0] += 0.01
    found = neighbours(Vectors(np.stack([base, twin])), base, 2)
    assert {one.row: one.distance for one in found}[1] == pytest.approx(0.01, rel=0.05)


def test_equal_tables_have_equal_digests_and_others_do_not() -> None:
    changed = TABLE.rows.copy()
    changed[400, 3] += 1e-3
    assert Vectors(TABLE.rows.copy()).digest == TABLE.digest
    assert Vectors(changed).digest != TABLE.digest
    assert Vectors(TABLE.rows.reshape(250, 48)).digest != TABLE.digest


def test_only_a_table_of_float32_is_a_table_of_vectors() -> None:
    with pytest.raises((InputError, TypeError), match=r"float32|Float32"):
        Vectors(np.zeros((2, 2)))


@settings(max_examples=50, deadline=None)
@given(arrays.arrays(np.float32, (6, 3), elements=st.floats(-100, 100, width=32)))
def test_cosines_stay_between_minus_one_and_one(rows: ndarray) -> None:
    table = Vectors(rows)
    for vector in rows:
        if np.linalg.norm(vector) > 0:
            found = cosines(table, vector)
            assert np.all(np.isnan(found) | (np.abs(found) <= 1))
