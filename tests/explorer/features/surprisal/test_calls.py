"""A reading on its way to the page: in bits, the largest first, and what was expected instead."""

import json
from typing import Any

import numpy as np
import pytest

from explorer.calls import Context
from explorer.features.surprisal.calls import expected_here, surprisal
from models.errors import InputError
from models.generation.scoring import score
from tests.models import families

GPT2: dict[str, Any] = {"model": "gpt2", "text": families.text_of(8)}


def test_a_reading_is_told_in_bits_with_the_largest_surprisal_first(context: Context) -> None:
    (message,) = surprisal.ask(context, GPT2)
    json.dumps(message)
    answer, found = message["reading"], score(families.model("gpt2").trace(GPT2["text"]))
    np.testing.assert_allclose(answer["surprisal"], found.surprisal, atol=1e-3)
    told = [answer["surprisal"][place] for place in answer["top"]]
    assert told == sorted(told, reverse=True)
    assert answer["perplexity"] == pytest.approx(found.perplexity, rel=1e-3)


def test_a_masked_model_says_how_far_it_is_and_then_its_reading(context: Context) -> None:
    *progress, last = surprisal.ask(context, {"model": "bert", "text": families.text_of(5)})
    assert progress == [{"done": 0, "of": 5}]
    assert last["reading"]["pseudo"]
    assert len(last["reading"]["surprisal"]) == 5


def test_a_text_of_one_token_is_refused(context: Context) -> None:
    with pytest.raises(InputError):
        list(surprisal.ask(context, GPT2 | {"text": "w5"}))


def test_what_was_expected_is_told_for_tokens_after_the_first(context: Context) -> None:
    answer = expected_here.ask(context, GPT2 | {"position": 3})
    trace = families.model("gpt2").trace(GPT2["text"])
    assert answer["candidates"][0]["id"] == int(trace.logits_at(2).argmax())
    assert len(answer["candidates"]) == 8


@pytest.mark.parametrize(
    ("position", "part"), [(8, "after the first"), (0, "at least 1"), (-1, "at least 1"), ("2", "whole number")]
)
def test_a_position_without_a_score_is_refused(context: Context, position: Any, part: str) -> None:
    with pytest.raises(InputError, match=part):
        expected_here.ask(context, GPT2 | {"position": position})
