"""Whole words: the product of their tokens, read off one trace; masks by their number; what is written, once more."""

import math

import numpy as np
import pytest

from models.errors import InputError, PromptTooLong
from models.generation.mass import mass_curve
from models.generation.next_token import expected_tokens, mask_position, next_token_distribution
from models.generation.replay import replay
from models.generation.sampling import Sampling
from models.generation.word_probability import joint_probability, word_probability
from tests.models import families

TEXT = families.text_of(8)


@pytest.mark.parametrize("case", ["gpt2", "llama"])
def test_a_word_of_two_tokens_is_their_product_under_the_rules_too(case: str) -> None:
    model, rules = families.model(case), Sampling(temperature=0.7, repetition_penalty=1.3)
    found = word_probability(model, model.trace(TEXT), "w20 w21", rules)
    first = model.next_token(TEXT, rules).of(20)
    second = model.next_token(f"{TEXT} w20", rules).of(21)
    assert [step.id for step in found.steps] == [20, 21]
    assert found.probability == pytest.approx(first.probability * second.probability, rel=1e-4)
    assert found.final_probability == pytest.approx(first.final_probability * second.final_probability, rel=1e-4)


def test_a_word_without_a_probability_is_refused() -> None:
    model = families.model("gpt2")
    with pytest.raises(InputError, match="Type a word first"):
        word_probability(model, model.trace(TEXT), " ")
    with pytest.raises(PromptTooLong, match="200"):
        word_probability(model, model.trace(TEXT), "x" * 201)


def test_a_joint_probability_does_not_vanish_before_it_must() -> None:
    assert joint_probability([0.5, 0.25]) == pytest.approx(0.125)
    assert joint_probability([1e-200, 1e-100]) == pytest.approx(1e-300, rel=1e-6)
    assert joint_probability([0.5, 0.0]) == 0


def test_masks_are_counted_from_0_and_no_further_than_there_are() -> None:
    trace = families.model("bert").trace("w9 <mask> w11 <mask>")
    assert [mask_position(trace, mask) for mask in (0, 1)] == list(trace.mask_positions)
    for mask in (-1, 2):
        with pytest.raises(InputError, match="2 masks"):
            next_token_distribution(trace, mask=mask)


def test_what_was_expected_at_a_position_comes_from_what_stands_before_it() -> None:
    model = families.model("gpt2")
    trace = model.trace(TEXT)
    own = model.next_token(" ".join(TEXT.split()[:3]))
    assert [one.id for one in expected_tokens(trace, 3, 4)] == [one.id for one in own.top(4)]
    with pytest.raises(InputError, match="after the first"):
        expected_tokens(trace, 0)


def test_the_mass_curve_adds_up_what_top_p_adds_up() -> None:
    found = families.model("gpt2").next_token(TEXT, Sampling(temperature=0.5, top_p=0.6))
    curve = mass_curve(found)
    ordered = np.sort(found.offered)[::-1].astype(np.float64)
    np.testing.assert_allclose(curve.cumulative, [ordered[:rank].sum() for rank in curve.ranks], rtol=1e-6)
    assert curve.kept == int(found.kept.sum())
    assert math.isclose(curve.cumulative[-1], 1, abs_tol=1e-5)


@pytest.mark.parametrize(("case", "target"), [("gpt2", ""), ("t5", "w9 w10")])
def test_a_replay_is_what_the_steps_were(case: str, target: str) -> None:
    model, rules = families.model(case), Sampling(seed=4, temperature=0.9)
    steps = list(model.complete(TEXT, rules, max_new_tokens=6, target=target))
    again = list(replay(model, TEXT, rules, [step.token.id for step in steps], target=target))
    assert [step.token.id for step in again] == [step.token.id for step in steps]
    assert [step.rank for step in again] == [step.rank for step in steps]
    np.testing.assert_allclose(
        [step.final_probability for step in again], [step.final_probability for step in steps], rtol=1e-3
    )
    assert again[-1].completion == steps[-1].completion
