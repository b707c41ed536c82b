"""Scores of heads on patterns built by hand, where the answer is known."""

import numpy as np
import pytest
from numpy import ndarray

from models.attention.head_scores import induction, induction_score, measured, scores

LENGTH = 8
EVERY = np.arange(LENGTH)
IDS = np.array([7, 3, 9, 7, 4, 3, 7, 1])


def causal_uniform(length: int = LENGTH) -> ndarray:
    return (np.tri(length) / np.arange(1, length + 1)[:, None]).astype(np.float32)


def one_back(length: int = LENGTH) -> ndarray:
    pattern = np.eye(length, k=-1, dtype=np.float32)
    pattern[0, 0] = 1
    return pattern


def score(key: str, pattern: ndarray, ids: ndarray = IDS) -> float:
    return float(measured(pattern[None], EVERY, ids)[key][0])


def test_a_head_that_looks_one_back_scores_one_on_previous_token() -> None:
    assert score("previous", one_back()) == 1
    assert score("distance", one_back()) == pytest.approx((LENGTH - 1) / LENGTH)
    assert score("entropy", one_back()) == 0
    assert score("itself", one_back()) == 0


def test_a_head_that_looks_at_itself_scores_one_on_itself_only() -> None:
    pattern = np.eye(LENGTH, dtype=np.float32)
    assert score("itself", pattern) == 1
    assert score("previous", pattern) == score("first", pattern) == score("distance", pattern) == 0


def test_a_sink_head_scores_one_on_first_token() -> None:
    pattern = np.zeros((LENGTH, LENGTH), np.float32)
    pattern[:, 0] = 1
    assert score("first", pattern) == 1
    assert score("distance", pattern) == pytest.approx(EVERY.mean())


def test_entropy_is_in_bits() -> None:
    row = np.array([[1 / 2, 1 / 4, 1 / 8, 1 / 8]], np.float32)
    assert measured(row[None], np.array([3]), np.arange(4))["entropy"][0] == pytest.approx(1.75)


def test_entropy_of_a_row_that_sums_to_less_than_one_is_that_of_its_shares() -> None:
    row = np.array([[0.1, 0.1, 0.1, 0.1]], np.float32)
    assert measured(row[None], np.array([3]), np.arange(4))["entropy"][0] == pytest.approx(2)


def test_same_token_counts_other_copies_in_sight_only() -> None:
    pattern = np.eye(LENGTH, dtype=np.float32)
    pattern[3] = pattern[5] = pattern[6] = 1e-9
    pattern[3, 0], pattern[5, 1], pattern[6, [0, 3]] = 1, 0.5, 0.25
    pattern = np.tril(pattern)
    # Tokens 3, 5 and 6 have an earlier copy: they give it 1, 0.5 and 0.25 + 0.25.
    assert score("same", pattern) == pytest.approx((1 + 0.5 + 0.5) / 3, abs=1e-6)


def test_same_token_is_not_measured_when_nothing_repeats() -> None:
    assert np.isnan(score("same", causal_uniform(), np.arange(LENGTH)))


def test_scores_of_sampled_rows_are_those_of_the_rows() -> None:
    pattern, rows = causal_uniform(), np.array([1, 4, 7])
    sampled = measured(pattern[None, rows], rows, IDS)
    assert sampled["first"][0] == pytest.approx(np.mean([1 / 2, 1 / 5, 1 / 8]))
    assert sampled["previous"][0] == pytest.approx(np.mean([1 / 2, 1 / 5, 1 / 8]))
    assert sampled["distance"][0] == pytest.approx(np.mean([0.5, 2, 3.5]))


def test_between_two_texts_only_scores_that_compare_no_positions_are_given() -> None:
    assert set(measured(causal_uniform()[None], EVERY, IDS, across=True)) == {"first", "entropy"}


def repeated(random: int = 25, times: int = 4) -> ndarray:
    return np.tile(np.random.default_rng(0).permutation(1000)[:random], times)


def test_a_head_built_to_do_induction_scores_one() -> None:
    ids = repeated()
    pattern = np.zeros((100, 100), np.float32)
    for query in range(100):
        pattern[query, query - 24 if query >= 25 else 0] = 1
    assert induction(pattern[None], np.arange(100), ids)[0] == 1


def test_a_uniform_head_scores_almost_nothing_on_induction() -> None:
    assert induction(causal_uniform(100)[None], np.arange(100), repeated())[0] < 0.05


def test_attending_to_the_copy_itself_is_not_induction() -> None:
    ids = repeated()
    pattern = np.zeros((100, 100), np.float32)
    for query in range(100):
        pattern[query, query - 25 if query >= 25 else 0] = 1
    assert induction(pattern[None], np.arange(100), ids)[0] == 0


def test_heads_keep_their_own_scores() -> None:
    stack = np.stack([one_back(), causal_uniform(), np.eye(LENGTH, dtype=np.float32)])
    scores = measured(stack, EVERY, IDS)
    assert scores["previous"][0] == 1
    assert scores["previous"][2] == 0
    assert scores["itself"].argmax() == 2
    assert scores["entropy"].argmax() == 1


def test_every_score_states_its_definition_unit_and_source() -> None:
    for entry in (*scores(), induction_score()):
        assert entry.definition.endswith(".")
        assert entry.unit in ("share", "bits", "tokens")
        assert any(character.isdigit() for character in entry.source)
