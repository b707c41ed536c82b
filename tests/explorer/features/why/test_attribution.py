"""Attributions and neurons on their way to the page: every method, agreement and deletion, refusals in a sentence."""

import json
from typing import Any, get_args

import numpy as np
import pytest
from scipy.stats import spearmanr

from explorer.calls import Context
from explorer.features.why.attribution import attributions
from explorer.features.why.endpoints import ORDER, attribution, neurons
from explorer.features.why.neurons import active_neurons, neuron_card, neuron_passages
from models.attribution.names import Method
from models.errors import InputError, Unsupported
from tests.models import families

GPT2: dict[str, Any] = {"model": "gpt2", "text": families.text_of(8)}
T5: dict[str, Any] = {"model": "t5", "text": families.text_of(8), "target": families.text_of(4, seed=1)}
BERT: dict[str, Any] = {"model": "bert", "text": "w5 w6 <mask> w8"}


def test_every_method_has_its_place() -> None:
    assert set(ORDER) == set(get_args(Method))


@pytest.mark.parametrize("method", ORDER)
def test_the_endpoint_gives_what_its_table_says(context: Context, method: str) -> None:
    answer = attribution.ask(context, GPT2 | {"method": method, "token": "w20"})
    json.dumps(answer)
    assert set(answer) == {"tokens", "values", "output", "baseline_output", "completeness_error"}
    assert len(answer["tokens"]) == len(answer["values"]) == 8
    trace = families.model("gpt2").trace(GPT2["text"])
    assert answer["output"] == pytest.approx(float(trace.logits_at(-1)[20]), abs=1e-5)
    assert (answer["completeness_error"] is None) == (method != "integrated_gradients")
    found = trace.attribution(method, token="w20")
    np.testing.assert_allclose(np.array(answer["values"], dtype=float), found.values, atol=1e-4)


def test_what_heads_bring_is_part_of_the_contributions(context: Context) -> None:
    answer = attribution.ask(context, GPT2 | {"method": "source", "token": "w20"})
    parts = families.model("gpt2").trace(GPT2["text"]).contributions(token="w20", by="source", count=5_000).parts
    for position, value in enumerate(answer["values"]):
        assert value == pytest.approx(
            sum(one.value for one in parts if one.name == "source" and one.position == position), abs=1e-4
        )


def test_an_encoder_decoder_has_the_tokens_of_both_texts(context: Context) -> None:
    answer = attribution.ask(context, T5 | {"method": "source"})
    trace = families.model("t5").trace(T5["text"], T5["target"])
    assert len(answer["values"]) == len(trace.tokens) + len(trace.target_tokens)


@pytest.mark.parametrize("asked", [GPT2, T5, BERT], ids=["gpt2", "t5", "bert"])
def test_the_page_hears_of_all_methods_their_agreement_and_what_remains(
    context: Context, asked: dict[str, Any]
) -> None:
    messages = list(attributions.ask(context, asked))
    json.dumps(messages)
    assert "asked" in messages[0]
    found = {message["found"]["method"]: message["found"] for message in messages if "found" in message}
    assert list(found) == list(ORDER)
    told = [name for name, one in found.items() if not one["refusal"]]
    refused = {"gpt2": set(), "t5": {"rollout"}, "bert": {"source"}}[asked["model"]]
    assert set(found) - set(told) == refused
    (agreement,) = [message["agreement"] for message in messages if "agreement" in message]
    assert len(agreement) == len(told) * (len(told) - 1) // 2
    assert all(one["rho"] is None or -1 <= one["rho"] <= 1 for one in agreement)
    (deletion,) = [message["deletion"] for message in messages if "deletion" in message]
    assert list(deletion["curves"]) == told
    for curve in (*deletion["curves"].values(), deletion["random"]):
        assert curve[0] == pytest.approx(messages[0]["asked"]["output"], abs=1e-3)
    assert all(0 <= message["fraction"] <= 1 for message in messages if "fraction" in message)


def test_methods_are_compared_over_the_tokens_that_had_been_read(context: Context) -> None:
    messages = list(attributions.ask(context, GPT2 | {"position": 3}))
    values = {one["found"]["method"]: one["found"]["values"][:4] for one in messages if "found" in one}
    (agreement,) = [message["agreement"] for message in messages if "agreement" in message]
    for pair in agreement:
        one, other = values[pair["one"]], values[pair["other"]]
        assert pair["rho"] == pytest.approx(float(spearmanr(one, other).statistic), abs=1e-6)


@pytest.mark.parametrize(("model", "is_capped"), [("gemma2", True), ("gpt2", False)])
def test_a_soft_cap_is_said(context: Context, model: str, *, is_capped: bool) -> None:
    first = next(attributions.ask(context, GPT2 | {"model": model}))
    assert first["asked"]["soft_capped"] == is_capped


def test_a_reader_who_leaves_ends_the_work(context: Context) -> None:
    stream = attributions.ask(context, GPT2 | {"text": families.text_of(11, seed=5)})
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    with pytest.raises(StopIteration):
        next(stream)


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        ({"method": "magic"}, "method must be one of"),
        ({"method": "rollout", "steps": 0}, "steps must be from 1"),
        ({"method": "rollout", "position": 99}, "position must be"),
        ({"method": "rollout", "token": "no such word"}, "not one token"),
        ({"method": "rollout", "baseline": "unk"}, "baseline must be one of"),
    ],
)
def test_what_is_out_of_range_gets_a_sentence(context: Context, wrong: dict[str, Any], part: str) -> None:
    with pytest.raises(InputError, match=part):
        attribution.ask(context, GPT2 | wrong)


def test_neurons_that_write_a_word_are_listed_best_first(context: Context) -> None:
    answer = neurons.ask(context, {"model": "gpt2", "word": "w20", "count": 5})
    json.dumps(answer)
    assert [set(one) for one in answer] == [{"layer", "neuron", "score"}] * 5
    assert [one["score"] for one in answer] == sorted((one["score"] for one in answer), reverse=True)


def test_a_neuron_has_a_card(context: Context) -> None:
    card = neuron_card.ask(context, GPT2 | {"layer": 1, "neuron": 5})
    json.dumps(card)
    assert len(card["activity"]) == 8
    assert len(card["reads"]) == len(card["raises"]) == len(card["lowers"]) == 10
    assert neuron_card.ask(context, BERT | {"layer": 1, "neuron": 5})["refusal"]


@pytest.mark.parametrize("asked", [GPT2, T5, BERT], ids=["gpt2", "t5", "bert"])
def test_the_most_active_neurons_are_listed_layer_by_layer(context: Context, asked: dict[str, Any]) -> None:
    answer = active_neurons.ask(context, asked)
    json.dumps(answer)
    assert len(answer["layers"]) == families.model(asked["model"]).layers
    for layer in answer["layers"]:
        strengths = [one["strength"] for one in layer]
        assert strengths == sorted(strengths, reverse=True)
    assert (answer["layers"][0][0]["writes"] is None) == (asked["model"] == "bert")


def test_passages_are_told_with_how_far_the_reading_is(context: Context) -> None:
    *progress, last = neuron_passages.ask(context, GPT2 | {"layer": 1, "neuron": 5})
    assert all(message["done"] < message["of"] for message in progress)
    for passage in last["passages"]:
        sizes = [abs(token["activation"]) for token in passage["tokens"]]
        assert sizes[passage["at"]] == max(sizes)


def test_a_model_without_neurons_says_so(context: Context) -> None:
    with pytest.raises(Unsupported, match="mixture of experts"):
        active_neurons.ask(context, {"model": "mixtral", "text": families.text_of(6)})
