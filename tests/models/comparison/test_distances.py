"""Distances between two distributions, against scipy's and worked by hand."""

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon
from scipy.stats import entropy

from models import load
from models.comparison.correspondence import counterparts, has_same_vocabulary, read_counterparts
from models.comparison.distances import distance, kl_by_position

ONE, OTHER = "The old man shook his", "The old woman shook her"


def test_one_of_two_against_a_certain_one_is_one_bit() -> None:
    found = distance(np.array([50, -50], np.float32), np.array([0, 0], np.float32))
    assert found.kl == pytest.approx(1.0)
    assert found.overlap == 2


def test_distances_are_scipys() -> None:
    rows = np.random.default_rng(0).normal(size=(2, 50)).astype(np.float32) * 3
    shares = [np.exp(row.astype(float)) / np.exp(row.astype(float)).sum() for row in rows]
    found = distance(*rows)
    assert found.kl == pytest.approx(entropy(shares[0], shares[1], base=2))
    assert found.reverse_kl == pytest.approx(entropy(shares[1], shares[0], base=2))
    assert found.js == pytest.approx(jensenshannon(*shares, base=2) ** 2)
    assert found.overlap == len(set(np.argsort(-rows[0])[:10]) & set(np.argsort(-rows[1])[:10]))


def test_the_distance_by_position_is_that_of_the_rows_that_correspond() -> None:
    model = load("storybook")
    one, other = model.trace("The old man shook his head"), model.trace("The old grey man shook his head")
    matched = read_counterparts(one, other, same_vocabulary=True)
    assert matched == (0, 1, 3, 4, 5, 6)
    found = kl_by_position(one, other, matched)
    assert found[:2] == pytest.approx(0, abs=1e-9)  # nothing before them differs
    wanted = [distance(one.logits[here], other.logits[there]).kl for here, there in enumerate(matched)]
    assert found == pytest.approx(wanted, abs=1e-6)
    alone = kl_by_position(other, one, read_counterparts(other, one, same_vocabulary=True))
    assert np.isnan(alone[2])


def test_texts_of_one_length_correspond_by_position_if_one_tokenizer_cut_them() -> None:
    model, llama = load("storybook"), load("storybook-llama")
    assert counterparts(model.trace(ONE), model.trace(OTHER), same_vocabulary=True) == (0, 1, 2, 3, 4)
    assert has_same_vocabulary(model, load("storybook"))
    same = has_same_vocabulary(model, llama)
    assert same is (model.tokenizer.get_vocab() == llama.tokenizer.get_vocab())
