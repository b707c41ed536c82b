"""What the Overview's calls answer, for every kind of model."""

from typing import Any

import numpy as np
import pytest

from explorer.calls import Context
from explorer.features.overview.calls import flow, interesting_heads, next_word, without_head
from models.errors import InputError

RUNS: dict[str, dict[str, Any]] = {
    "gpt2": {"model": "gpt2", "text": "w9 w8 w7 w9 w8"},
    "bert": {"model": "bert", "text": "w9 w8 <mask> w9 w8"},
    "t5": {"model": "t5", "text": "w9 w8 w7 w9 w8", "target": "w7 w6"},
}
each_kind = pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)


@each_kind
def test_the_picture_ends_in_the_models_own_distribution(context: Context, run: dict[str, Any]) -> None:
    answer = flow.ask(context, run)
    trace = context.pool.trace(run["model"], run["text"], run.get("target", ""))
    logits = trace.logits_at(answer["position"]).astype(np.float64)
    share = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
    np.testing.assert_allclose(
        [one["probability"] for one in answer["candidates"]], np.sort(share)[::-1][:8], rtol=1e-4
    )
    np.testing.assert_allclose(answer["others"], 1 - np.sort(share)[::-1][:8].sum(), atol=1e-5)
    last = answer["depths"][-1]
    assert last["guesses"][0]["id"] == answer["candidates"][0]["id"]
    np.testing.assert_allclose(last["winner"], answer["candidates"][0]["probability"], rtol=1e-4)
    for look in answer["looks"]:
        row = (answer["target_rows"] if look["kind"] == "decoder" else answer["rows"])[look["row"]]
        query = answer["source"] if look["kind"] == "encoder" else answer["position"]
        weight = trace.attention(look["layer"], look["head"], look["kind"])[query, row["first"] : row["last"] + 1].sum()
        assert abs(look["weight"] - weight) < 1e-4


def test_what_is_followed_is_where_the_text_goes_on_its_first_mask_or_what_is_asked_for(context: Context) -> None:
    assert [flow.ask(context, run)["position"] for run in RUNS.values()] == [4, 2, 2]
    assert flow.ask(context, {**RUNS["gpt2"], "position": 1})["position"] == 1
    assert flow.ask(context, {**RUNS["t5"], "source": 3})["source"] == 3
    with pytest.raises(InputError, match="0 to 4"):
        flow.ask(context, {**RUNS["gpt2"], "position": 5})


def test_a_model_whose_depths_cannot_be_read_says_why_and_shows_its_last(context: Context) -> None:
    answers = [
        flow.ask(context, {"model": case, "text": "w9 w8 w7"}) for case in ("gpt2", "opt, projected", "openai-gpt")
    ]
    for answer in answers:
        assert bool(answer["unread"]) == (len(answer["depths"]) == 1)


def test_a_long_text_is_folded_to_the_rows_there_is_room_for(context: Context) -> None:
    text = " ".join(f"w{10 + place}" for place in range(40))
    answer = flow.ask(context, {"model": "gpt2", "text": text, "rows": 10})
    assert len(answer["rows"]) <= 10
    assert answer["rows"][0]["first"] == 0
    assert answer["rows"][-1] == {"first": 39, "last": 39}


@each_kind
def test_a_card_has_its_pattern_and_its_absence_is_measured(context: Context, run: dict[str, Any]) -> None:
    cards = interesting_heads.ask(context, run)["cards"]
    assert cards
    for card in cards:
        head = {key: card[key] for key in ("kind", "layer", "head")}
        found = without_head.ask(context, {**run, **head})
        assert found["before"] != found["after"]
        assert found["new_probability"] is not None
        assert 0 < found["new_probability"] <= 1


def test_the_next_word_is_the_one_completion_draws(context: Context) -> None:
    run = RUNS["gpt2"]
    answer = next_word.ask(context, {**run, "seed": 5, "temperature": 0.7})
    (step,) = context.pool.model("gpt2").complete(
        run["text"], next_word.request.model_validate({**run, "seed": 5, "temperature": 0.7}).sampling, max_new_tokens=1
    )
    assert answer["text"] == run["text"] + step.completion
    assert (answer["token"], answer["probability"]) == (step.token.text, step.final_probability)


def test_an_encoder_fills_its_mask_and_without_one_says_what_is_missing(context: Context) -> None:
    answer = next_word.ask(context, RUNS["bert"])
    best = flow.ask(context, RUNS["bert"])["candidates"][0]["text"].strip()
    assert answer["text"] == f"w9 w8 {best} w9 w8"
    with pytest.raises(InputError, match="<mask>"):
        next_word.ask(context, {"model": "bert", "text": "w9 w8"})


def test_an_encoder_decoder_goes_on_in_its_target(context: Context) -> None:
    answer = next_word.ask(context, {**RUNS["t5"], "seed": 1})
    assert answer["text"] == RUNS["t5"]["text"]
    assert answer["target"].startswith(RUNS["t5"]["target"])
