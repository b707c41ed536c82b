"""Contributions on their way to the page: sums that are the logit, opened or not, and refusals in a sentence."""

import json
from typing import Any

import numpy as np
import pytest

from explorer.calls import Context
from explorer.features.why.contributions import waterfall
from explorer.features.why.endpoints import contributions
from models.errors import InputError
from tests.models import families

GPT2: dict[str, Any] = {"model": "gpt2", "text": families.text_of(8)}
T5: dict[str, Any] = {"model": "t5", "text": families.text_of(8), "target": families.text_of(4, seed=1)}


def test_the_endpoint_gives_what_its_table_says(context: Context) -> None:
    answer = contributions.ask(context, GPT2 | {"token": "w20", "by": "head", "count": 5})
    json.dumps(answer)
    assert set(answer) == {"token", "logit", "parts", "rest", "sum", "frozen_norm"}
    assert answer["token"] == {"id": 20, "text": "w20"}
    assert len(answer["parts"]) == 5
    assert set(answer["parts"][0]) == {"name", "layer", "head", "position", "neuron", "value"}
    logit = families.model("gpt2").trace(GPT2["text"]).logits_at(-1)[20]
    assert answer["logit"] == pytest.approx(logit, abs=1e-5)
    assert sum(part["value"] for part in answer["parts"]) + answer["rest"] == pytest.approx(logit, abs=1e-4)


def test_a_difference_is_one_logit_less_the_other(context: Context) -> None:
    answer = contributions.ask(context, GPT2 | {"token": "w20", "against": "w30", "position": 2})
    row = families.model("gpt2").trace(GPT2["text"]).logits_at(2)
    assert answer["logit"] == pytest.approx(row[20] - row[30], abs=1e-5)
    assert answer["sum"] == pytest.approx(answer["logit"], abs=1e-4)


@pytest.mark.parametrize("asked", [GPT2, T5], ids=["gpt2", "t5"])
@pytest.mark.parametrize(
    "opened", [{"layer": 1}, {"layer": 1, "part": "self"}, {"layer": 1, "part": "feed_forward"},
               {"layer": 1, "part": "self", "head": 2}]
)  # fmt: skip
def test_what_is_opened_adds_up_to_its_bar(context: Context, asked: dict[str, Any], opened: dict[str, Any]) -> None:
    answer = waterfall.ask(context, asked | opened)
    json.dumps(answer)
    whole, inside = answer["whole"], answer["inside"]
    assert whole is not None
    assert inside is not None
    for one in (whole, inside):
        np.testing.assert_allclose(one["sum"] + one["remainder"], one["total"], atol=1e-9)
        assert abs(one["remainder"]) < 1e-4
    names = {"self": "attention", "feed_forward": "feed-forward"}
    bars = [part for part in whole["parts"] if part["layer"] == 1]
    if "head" not in opened:
        wanted = [part["value"] for part in bars if part["name"] == names.get(opened.get("part", ""), part["name"])]
        assert inside["total"] == pytest.approx(sum(wanted), abs=1e-9)
    else:
        assert [part["position"] for part in inside["parts"]] == list(range(len(inside["parts"])))


def test_the_cross_attention_opens_into_the_sources_tokens(context: Context) -> None:
    answer = waterfall.ask(context, T5 | {"layer": 0, "part": "cross", "head": 1})
    assert answer["inside"] is not None
    assert len(answer["inside"]["parts"]) == 8
    assert {part["name"] for part in answer["inside"]["parts"]} == {"cross-attention source"}


def test_by_itself_the_likeliest_token_at_the_end_or_at_the_mask_is_asked_about(context: Context) -> None:
    answer = waterfall.ask(context, GPT2)
    assert answer["position"] == 7
    assert answer["token"]["id"] == answer["candidates"][0]["id"]
    assert answer["share"] == answer["candidates"][0]["probability"]
    masked = waterfall.ask(context, {"model": "bert", "text": "w5 <mask> w7"})
    assert masked["position"] == 1


@pytest.mark.parametrize(("model", "reason"), [("bert", "a norm follows every sum"), ("modernbert", "not linear")])
def test_where_there_is_no_such_sum_the_page_is_given_the_reason(context: Context, model: str, reason: str) -> None:
    answer = waterfall.ask(context, {"model": model, "text": "w5 <mask> w7"})
    assert reason in answer["refusal"]
    assert answer["whole"] is None
    assert answer["candidates"]


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        ({"token": "nothing"}, "not one token"),
        ({"token": "w5", "against": "w5"}, "another one"),
        ({"position": 8}, "position"),
        ({"layer": 3}, "layer must be from 0 to 2"),
        ({"layer": 0, "part": "self", "head": 9}, "no head 9"),
        ({"layer": 0, "part": "cross"}, "no such attention"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(context: Context, wrong: dict[str, Any], part: str) -> None:
    with pytest.raises(InputError, match=part):
        waterfall.ask(context, GPT2 | wrong)
