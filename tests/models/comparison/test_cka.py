"""CKA against the estimator's formula written out, and states against scikit-learn."""

import numpy as np
import pytest
from scipy.stats import ortho_group
from sklearn.metrics.pairwise import linear_kernel, paired_cosine_distances, paired_euclidean_distances

from models.comparison.cka import cka, cka_by_depth
from models.comparison.states import apart


def hsic(one: np.ndarray, other: np.ndarray) -> float:
    """Song et al. 2012, equation 5, term by term."""
    n = len(one)
    k, l = (linear_kernel(states) * (1 - np.eye(n)) for states in (one, other))  # noqa: E741 - the paper's name
    ones = np.ones(n)
    whole = np.trace(k @ l) + (ones @ k @ ones) * (ones @ l @ ones) / ((n - 1) * (n - 2))
    return float((whole - 2 / (n - 2) * (ones @ k @ l @ ones)) / (n * (n - 3)))


@pytest.mark.parametrize("count", [4, 5, 30])
def test_cka_is_the_ratio_of_unbiased_hsic(count: int) -> None:
    draw = np.random.default_rng(count)
    one = draw.normal(size=(count, 7)) + 3
    other = one[:, :4] @ draw.normal(size=(4, 5)) + draw.normal(size=(count, 5))
    expected = hsic(one, other) / np.sqrt(hsic(one, one) * hsic(other, other))
    assert cka(one, other) == pytest.approx(expected, abs=1e-9)
    assert cka_by_depth([one, 2 * one], [other])[:, 0] == pytest.approx([expected, expected], abs=1e-9)
    assert cka(other, other) == pytest.approx(1, abs=1e-9)


def test_a_rotated_scaled_copy_is_the_same_and_chance_is_about_zero() -> None:
    draw = np.random.default_rng(0)
    one = draw.normal(size=(12, 40))
    assert cka(one, 3.5 * one @ ortho_group.rvs(40, random_state=1) + 2) == pytest.approx(1)
    chance = [cka(draw.normal(size=(12, 40)), draw.normal(size=(12, 40))) for _time in range(200)]
    assert abs(np.mean(chance)) < 0.05


def test_equal_tokens_have_no_cka_and_three_are_too_few() -> None:
    assert np.isnan(cka(np.ones((5, 3)), np.eye(5)))
    with pytest.raises(ValueError, match="4 tokens"):
        cka(np.eye(3), np.eye(3))


def test_states_are_as_far_apart_as_scikit_learn_says() -> None:
    draw = np.random.default_rng(3)
    one, other = draw.normal(size=(6, 9)), draw.normal(size=(6, 9))
    found = apart(one, other)
    assert found.cosine == pytest.approx(1 - paired_cosine_distances(one, other))
    mean = (np.linalg.norm(one, axis=1) + np.linalg.norm(other, axis=1)) / 2
    assert found.relative == pytest.approx(paired_euclidean_distances(one, other) / mean)
    assert np.isnan(apart(np.zeros((1, 2)), np.ones((1, 2))).cosine[0])
