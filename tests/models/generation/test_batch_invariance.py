"""Near-ties, which a batch could decide otherwise, are found; all other choices are settled."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from models.generation.batch_invariance import sample
from models.generation.sampling import Sampling, distribution

NOISE = 2e-4
SETTINGS = [
    Sampling(),
    Sampling(greedy=True),
    Sampling(top_k=5),
    Sampling(top_p=0.6),
    Sampling(min_p=0.2, temperature=1.7),
    Sampling(typical_p=0.5),
    Sampling(top_k=9, top_p=0.8, repetition_penalty=1.4),
]


def row(seed: int) -> np.ndarray:
    return (np.random.default_rng(seed).standard_normal(60) * 3).astype(np.float32)


@settings(max_examples=400, deadline=None)
@given(sampling=some.sampled_from(SETTINGS), seed=some.integers(0, 5_000), nudge=some.integers(0, 5_000))
def test_a_settled_choice_stands_whatever_the_last_digits(sampling: Sampling, seed: int, nudge: int) -> None:
    noise = np.random.default_rng(nudge).uniform(-NOISE, NOISE, 60).astype(np.float32)
    token_id, settled = sample(distribution(row(seed), sampling, [1, 2]), [1, 2], seed, NOISE)
    moved = distribution(row(seed) + noise * 0.9, dataclasses.replace(sampling, seed=seed), [1, 2])
    assert not settled or moved.draw(2) == token_id


@pytest.mark.parametrize("sampling", SETTINGS)
def test_most_choices_are_settled(sampling: Sampling) -> None:
    unsettled = [not sample(distribution(row(seed), sampling, [1]), [1], seed, NOISE)[1] for seed in range(400)]
    assert sum(unsettled) <= 16


def test_a_tie_is_not_settled() -> None:
    tied = np.zeros(2, dtype=np.float32)
    assert sample(distribution(tied, Sampling(greedy=True)), [1], 0, NOISE) == (0, False)


def test_a_token_at_the_edge_of_top_k_is_not_settled_when_it_would_win() -> None:
    edge = np.array([3.0, 1.0, 1.0 + 1e-6], dtype=np.float32)
    verdicts = {sample(distribution(edge, Sampling(top_k=2)), [1], seed, NOISE) for seed in range(200)}
    assert (0, True) in verdicts  # the clear winner is not doubted
    assert (2, False) in verdicts
    assert (2, True) not in verdicts


def test_tokens_that_may_change_places_at_the_edge_of_top_k_settle_nothing_between_them() -> None:
    edge, changed = (np.array([1.0, *pair], dtype=np.float32) for pair in ((0.9, 0.9 + 1e-6), (0.9 + 1e-6, 0.9)))
    for seed in range(200):
        token_id, settled = sample(distribution(edge, Sampling(top_k=2)), [1], seed, NOISE)
        assert not settled or distribution(changed, Sampling(top_k=2, seed=seed)).draw(1) == token_id


def test_a_token_at_the_edge_of_top_p_is_not_settled_when_it_would_win() -> None:
    edge = np.log(np.array([0.5, 0.3, 0.2], dtype=np.float32))
    verdicts = {sample(distribution(edge, Sampling(top_p=0.80001)), [1], seed, NOISE) for seed in range(200)}
    assert (2, True) not in verdicts
    assert (2, False) in verdicts


def test_a_token_that_top_p_barely_cuts_is_not_ruled_out() -> None:
    edge = np.log(np.array([0.5, 0.3, 0.2], dtype=np.float32))
    for seed in range(200):
        token_id, settled = sample(distribution(edge, Sampling(top_p=0.79999)), [1], seed, NOISE)
        assert not settled or distribution(edge, Sampling(top_p=0.80001, seed=seed)).draw(1) == token_id
