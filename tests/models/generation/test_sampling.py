"""Sampling: transformers' rules in their order, cuts put down to the right rule, draws that follow the odds."""

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some
from transformers import GenerationConfig, GenerationMixin, LogitsProcessorList

from models.errors import InputError
from models.generation.sampling import (
    KEPT,
    RULES,
    Distribution,
    Sampling,
    arrival_times,
    distribution,
    distributions,
    draw,
    entropy_bits,
    largest,
)

VOCABULARY = 211
numbers = {
    "temperature": some.one_of(some.just(1.0), some.floats(0.05, 5)),
    "top_k": some.one_of(some.just(0), some.integers(1, 300)),
    "top_p": some.one_of(some.just(1.0), some.floats(0.01, 1)),
    "min_p": some.one_of(some.just(0.0), some.floats(0, 1)),
    "typical_p": some.one_of(some.just(1.0), some.floats(0.01, 1)),
    "repetition_penalty": some.one_of(some.just(1.0), some.floats(0.5, 3)),
}
samplings = some.builds(Sampling, greedy=some.booleans(), **numbers)


def rows(seed: int, count: int = 1) -> torch.Tensor:
    return torch.randn(count, VOCABULARY, generator=torch.Generator().manual_seed(seed)) * 3


def processors_of_generate(sampling: Sampling) -> LogitsProcessorList:
    """What `generate` itself would build for the same settings."""
    config = GenerationConfig(  # type: ignore[no-untyped-call]
        do_sample=not sampling.is_greedy,
        temperature=sampling.temperature or 1.0,
        top_k=sampling.top_k,
        top_p=sampling.top_p,
        min_p=sampling.min_p,
        typical_p=sampling.typical_p,
        repetition_penalty=sampling.repetition_penalty,
    )
    model: Any = SimpleNamespace(
        config=SimpleNamespace(is_encoder_decoder=False),
        _merge_criteria_processor_list=lambda own, _: own,
    )
    return GenerationMixin._get_logits_processor(model, config, input_ids_seq_length=3)


@settings(max_examples=400, deadline=None)
@given(sampling=samplings, seed=some.integers(0, 10_000), context=some.lists(some.integers(0, 210), min_size=1))
def test_final_probabilities_are_those_of_transformers_generate(
    sampling: Sampling, seed: int, context: list[int]
) -> None:
    scores = processors_of_generate(sampling)(torch.LongTensor([context]), rows(seed))
    if sampling.is_greedy:
        scores = torch.full_like(scores, -torch.inf).index_fill(1, scores.argmax(-1), 0)
    expected = torch.softmax(scores[0], -1)
    found = distribution(rows(seed)[0], sampling, context)
    np.testing.assert_allclose(found.final_probability, expected.numpy(), atol=1e-7)
    np.testing.assert_array_equal(found.kept, ~torch.isneginf(scores[0]).numpy())


@settings(max_examples=100, deadline=None)
@given(sampling=samplings, seed=some.integers(0, 10_000))
def test_every_cut_belongs_to_the_rule_that_made_it(sampling: Sampling, seed: int) -> None:
    found = distribution(rows(seed)[0], sampling, [1, 2, 3])
    scores, before = rows(seed), np.zeros(VOCABULARY, dtype=bool)
    for rule, processor in sampling.rules():
        scores = processor(torch.tensor([[1, 2, 3]]), scores)
        after = torch.isneginf(scores)[0].numpy()
        if not sampling.is_greedy:
            assert set(found.cut_by_index[after & ~before]) <= {rule}
        before = after
    assert sampling.is_greedy or (found.cut_by_index == KEPT).sum() == (~before).sum()
    assert found.kept.any()


@settings(max_examples=60, deadline=None)
@given(sampling=samplings, contexts=some.lists(some.lists(some.integers(0, 210), max_size=9), min_size=1, max_size=5))
def test_rows_together_get_what_each_gets_alone(sampling: Sampling, contexts: list[list[int]]) -> None:
    logits = rows(4, len(contexts))
    together = distributions(logits, sampling, contexts)
    for row, context in enumerate(contexts):
        alone = distribution(logits[row], sampling, context)
        np.testing.assert_allclose(together[row].final_probability, alone.final_probability, atol=1e-7)
        np.testing.assert_array_equal(together[row].cut_by_index, alone.cut_by_index)


def test_a_worked_example_shows_each_rule_cutting() -> None:
    logits = np.log(np.array([0.4, 0.3, 0.15, 0.1, 0.05], dtype=np.float32))
    found = distribution(logits, Sampling(top_k=4, top_p=0.85, min_p=0.45))
    assert [RULES[rule] for rule in found.cut_by_index] == ["", "", "min-p", "top-p", "top-k"]
    np.testing.assert_allclose(found.final_probability, [4 / 7, 3 / 7, 0, 0, 0], atol=1e-6)
    np.testing.assert_allclose(found.offered, np.array([0.4, 0.3, 0.15, 0.1, 0]) / 0.95, atol=1e-6)
    assert [candidate.cut_by for candidate in found.top(3)] == ["", "", "min-p"]


def test_entropy_of_halves_quarters_and_eighths_is_1_75_bits() -> None:
    assert entropy_bits(np.array([1 / 2, 1 / 4, 1 / 8, 1 / 8, 0])) == pytest.approx(1.75)
    found = distribution(np.log(np.array([1 / 2, 1 / 4, 1 / 8, 1 / 8], dtype=np.float32)), Sampling(top_k=1))
    assert found.entropy == pytest.approx(1.75)
    assert found.final_entropy == 0


@pytest.mark.parametrize("setting", [{"greedy": True}, {"temperature": 0}])
def test_greedy_leaves_the_likeliest_token_alone(setting: dict[str, Any]) -> None:
    found = distribution(rows(1)[0], Sampling(**setting, top_k=7))
    assert found.final_probability.sum() == found.final_probability[rows(1)[0].argmax()] == 1
    assert {RULES[rule] for rule in found.cut_by_index} == {"", "greedy"}
    assert {found.draw(position) for position in range(50)} == {int(rows(1)[0].argmax())}


def test_the_rules_in_force_are_named_in_order() -> None:
    every = Sampling(repetition_penalty=1.2, temperature=0.7, top_k=5, top_p=0.9, min_p=0.1, typical_p=0.9)
    assert every.rule_names() == RULES[1:-1]
    assert Sampling().rule_names() == ()
    assert Sampling(repetition_penalty=1.2, top_k=5, temperature=0).rule_names() == ("repetition penalty", "greedy")


@pytest.mark.parametrize("sampling", [Sampling(), Sampling(temperature=0.7, top_p=0.95), Sampling(top_k=40)])
def test_draws_match_the_shown_probabilities(sampling: Sampling) -> None:
    """Chi-square over 10,000 draws; the threshold is passed by chance once in 100,000, and the seeds are fixed."""
    found = distribution(rows(7)[0], sampling)
    draws = [draw(found.final_probability, seed, seed % 17) for seed in range(10_000)]
    expected = found.final_probability.astype(np.float64) * 10_000
    counts = np.bincount(draws, minlength=VOCABULARY)
    assert counts[expected == 0].sum() == 0
    common = expected >= 5
    counted = np.append(counts[common], counts[~common].sum())
    awaited = np.append(expected[common], max(expected[~common].sum(), 1e-9))
    statistic = ((counted - awaited) ** 2 / awaited)[awaited > 1e-6].sum()
    freedom = common.sum()
    assert statistic < freedom + 4.5 * math.sqrt(2 * freedom) + 9


def test_noise_depends_on_seed_and_position_and_on_nothing_else() -> None:
    flat = np.full(VOCABULARY, 1 / VOCABULARY, dtype=np.float32)
    first = arrival_times(flat, 3, 5)
    np.testing.assert_array_equal(first, arrival_times(flat, 3, 5))
    assert not np.array_equal(first, arrival_times(flat, 3, 6))
    assert not np.array_equal(first, arrival_times(flat, 4, 5))
    assert not np.array_equal(first, arrival_times(flat, 5, 3))
    assert draw(flat, 2**63 - 1, 0) in range(VOCABULARY)


def test_no_token_wins_because_its_noise_has_too_few_digits() -> None:
    flat = np.ones(50_000, dtype=np.float32)
    assert min(arrival_times(flat, 0, position).min() for position in range(1_000)) > 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", -0.1),
        ("temperature", 1e-9),
        ("temperature", math.nan),
        ("temperature", math.inf),
        ("temperature", "1"),
        ("top_k", -1),
        ("top_k", 2.5),
        ("top_p", 0),
        ("top_p", 1.01),
        ("top_p", math.nan),
        ("min_p", -0.1),
        ("min_p", 2),
        ("typical_p", 0),
        ("repetition_penalty", 0),
        ("repetition_penalty", True),
        ("seed", -1),
        ("seed", 2**63),
        ("greedy", "yes"),
    ],
)
def test_a_value_out_of_range_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(InputError, match=name):
        Sampling.of({name: value})


def test_whole_numbers_may_come_as_floats() -> None:
    found = Sampling(top_k=5.0, seed=7.0)
    assert found == Sampling(top_k=5, seed=7)
    assert isinstance(found.top_k, int)
    assert isinstance(found.seed, int)


def test_settings_from_outside_ignore_unknown_names_and_take_the_default_for_none() -> None:
    assert Sampling.of({"model": "x", "top_k": None, "top_p": 0.5}) == Sampling(top_p=0.5)


@given(values=some.lists(some.floats(-5, 5, width=32), min_size=1, max_size=40), limit=some.integers(0, 50))
def test_the_largest_are_those_of_a_stable_sort(values: list[float], limit: int) -> None:
    array = np.array(values, dtype=np.float32)
    np.testing.assert_array_equal(largest(array, limit), np.argsort(-array, kind="stable")[:limit])


def test_a_distribution_cannot_be_written_to() -> None:
    found: Distribution = distribution(rows(0)[0], Sampling())
    with pytest.raises(ValueError, match="read-only"):
        found.probability[0] = 1


def test_one_token_is_found_with_its_rank() -> None:
    found = distribution(rows(0)[0], Sampling())
    for candidate in found.top(VOCABULARY):
        assert found.of(candidate.id) == candidate
    with pytest.raises(InputError, match="outside the vocabulary"):
        found.of(VOCABULARY)
