"""What the Completion tab says of the next token is the model's own."""

import json
import math
from typing import Any

import pytest
import torch

from explorer.calls import Context
from explorer.features.completion.calls import distribution, filled, word_probability
from explorer.features.completion.endpoints import complete, next_token
from models.errors import InputError, Unsupported
from models.generation import sampling
from models.generation.sampling import Sampling
from tests.models import families

GPT2: dict[str, Any] = {"model": "gpt2", "text": families.text_of(8)}
BERT: dict[str, Any] = {"model": "bert", "text": "w9 <mask> w11 <mask>"}
T5: dict[str, Any] = {"model": "t5", "text": families.text_of(6), "target": "w9 w10"}


def found(context: Context, asked: dict[str, Any], **wishes: Any) -> dict[str, Any]:
    answer = distribution.ask(context, asked | wishes)
    json.dumps(answer)  # plain values only
    assert answer["found"] is not None
    return dict(answer["found"])


@pytest.mark.parametrize("asked", [GPT2, T5])
def test_candidates_are_the_likeliest_tokens_with_their_probabilities(context: Context, asked: dict[str, Any]) -> None:
    answer = found(context, asked, temperature=0.5, top_k=3, limit=7)
    trace = families.model(asked["model"]).trace(asked["text"], asked.get("target", ""))
    own = sampling.distribution(trace.logits_at(-1), Sampling(temperature=0.5, top_k=3))
    assert [row["id"] for row in answer["candidates"]] == [one.id for one in own.top(7)]
    assert [row["final_probability"] for row in answer["candidates"]] == pytest.approx(
        [one.final_probability for one in own.top(7)], rel=1e-3
    )
    assert [row["cut_by"] for row in answer["candidates"]] == [""] * 3 + ["top-k"] * 4
    assert answer["rules"] == [{"name": "temperature", "cut": 0}, {"name": "top-k", "cut": families.VOCAB - 3}]
    assert answer["kept"] == 3
    assert answer["entropy"] == pytest.approx(own.entropy, rel=1e-3)
    assert answer["final_entropy"] == pytest.approx(own.final_entropy, rel=1e-3)


def test_the_endpoint_and_the_page_give_the_same_candidates(context: Context) -> None:
    wishes = {"temperature": 0.7, "top_p": 0.8, "repetition_penalty": 1.2, "limit": 30}
    told = next_token.ask(context, GPT2 | wishes)
    assert told["candidates"] == found(context, GPT2, **wishes)["candidates"]


def test_the_repetition_penalty_counts_the_tokens_of_the_text(context: Context) -> None:
    plain = found(context, GPT2, limit=96)["candidates"]
    after = {row["id"]: row for row in found(context, GPT2, limit=96, repetition_penalty=3.0)["candidates"]}
    said = {token.id for token in families.model("gpt2").tokenize(GPT2["text"])}
    ratio = {row["id"]: after[row["id"]]["final_probability"] / row["final_probability"] for row in plain}
    assert {token for token, factor in ratio.items() if factor < 0.999 * max(ratio.values())} == said


def test_candidates_may_be_sorted_by_what_is_left(context: Context) -> None:
    answer = found(context, GPT2, order="final_probability", typical_p=0.3, limit=30)
    finals = [row["final_probability"] for row in answer["candidates"]]
    assert finals == sorted(finals, reverse=True)
    with pytest.raises(InputError, match="order must be one of"):
        distribution.ask(context, GPT2 | {"order": "id"})


def test_the_mass_curve_ends_at_one_and_crosses_top_p_where_the_cut_is(context: Context) -> None:
    mass = found(context, GPT2, top_p=0.5)["mass"]
    assert mass["cumulative"][-1] == pytest.approx(1, abs=1e-5)
    at_cut = dict(zip(mass["ranks"], mass["cumulative"], strict=True))
    assert at_cut[mass["kept"]] >= 0.5 > at_cut[mass["kept"] - 1]


def test_each_mask_has_its_own_candidates_and_its_place_in_the_text(context: Context) -> None:
    trace = families.model("bert").trace(BERT["text"])
    for mask in (0, 1):
        answer = found(context, BERT, mask=mask)
        assert answer["candidates"][0]["id"] == int(trace.logits_at(trace.mask_positions[mask]).argmax())
    masks = distribution.ask(context, BERT)["masks"]
    assert [mask["position"] for mask in masks] == [1, 3]
    assert [mask["before"].strip() for mask in masks] == ["w9", "w9 <mask> w11"]
    with pytest.raises(InputError, match="2 masks"):
        distribution.ask(context, BERT | {"mask": 2})


def test_a_text_without_a_mask_has_no_distribution_and_names_the_mask(context: Context) -> None:
    asked = BERT | {"text": "w9 w8"}
    assert distribution.ask(context, asked) == {"masks": [], "mask_token": "<mask>", "found": None}
    with pytest.raises(Unsupported, match="put <mask> where it should predict"):
        next_token.ask(context, asked)


@pytest.mark.parametrize("asked", [GPT2, T5])
def test_the_probability_of_a_word_is_the_product_of_its_tokens(context: Context, asked: dict[str, Any]) -> None:
    answer = word_probability.ask(context, asked | {"word": "w20 w21"})
    first = found(context, asked, limit=96)["candidates"]
    longer = asked | ({"target": f"{asked['target']} w20"} if asked is T5 else {"text": f"{asked['text']} w20"})
    second = found(context, longer, limit=96)["candidates"]
    chances = [
        next(row["probability"] for row in rows if row["id"] == token) for rows, token in ((first, 20), (second, 21))
    ]
    assert [step["probability"] for step in answer["steps"]] == pytest.approx(chances, rel=1e-3)
    assert answer["probability"] == pytest.approx(math.prod(chances), rel=1e-3)


@pytest.mark.parametrize("mask", [0, 1])
def test_the_probability_of_a_word_at_a_mask_is_the_masked_models_own(context: Context, mask: int) -> None:
    trace = families.model("bert").trace(BERT["text"])
    own = torch.tensor(trace.logits_at(trace.mask_positions[mask])).softmax(-1)
    answer = word_probability.ask(context, BERT | {"word": "w20", "mask": mask})
    assert [step["id"] for step in answer["steps"]] == [20]
    assert answer["probability"] == pytest.approx(float(own[20]), rel=1e-3)


@pytest.mark.parametrize(
    ("asked", "word", "part"),
    [
        (GPT2, "", "Type a word first"),
        (GPT2, "  ", "Type a word first"),
        (GPT2, None, "word"),
        (GPT2, 7, "word must be a text"),
        (GPT2, "x" * 201, "200 characters"),
        (BERT, "w5 w6", "“w5 w6” with 2 tokens here, and a mask holds one"),
    ],
)
def test_a_word_that_has_no_probability_is_refused(
    context: Context, asked: dict[str, Any], word: Any, part: str
) -> None:
    with pytest.raises(InputError, match=part):
        word_probability.ask(context, asked | {"word": word})


@pytest.mark.parametrize("asked", [GPT2, T5])
@pytest.mark.parametrize("seed", [0, 1, 5])
def test_the_token_that_the_seed_draws_is_the_first_of_a_completion(
    context: Context, asked: dict[str, Any], seed: int
) -> None:
    rules = {"temperature": 0.9, "top_k": 20, "seed": seed}
    *_, written = complete.ask(context, asked | rules | {"max_new_tokens": 1})
    assert found(context, asked, **rules)["drawn"]["id"] == written["tokens"][0]["id"]


def test_nothing_is_drawn_where_nothing_is_written(context: Context) -> None:
    assert found(context, BERT)["drawn"] is None


def test_gaps_are_filled_with_the_likeliest_token_or_the_one_that_was_chosen(context: Context) -> None:
    answer = filled.ask(context, BERT | {"token_ids": [-1, 20]})
    json.dumps(answer)
    first, second = answer["gaps"]
    assert first["filled"] == first["best"] == found(context, BERT)["candidates"][0]
    assert second["filled"]["id"] == 20
    assert second["best"] == found(context, BERT, mask=1)["candidates"][0]
    text = "".join(gap["before"] + gap["mask"] for gap in answer["gaps"]) + answer["after"]
    assert text == BERT["text"]
    with pytest.raises(InputError, match="outside the vocabulary"):
        filled.ask(context, BERT | {"token_ids": [10**6]})
