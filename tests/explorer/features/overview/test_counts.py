"""What counts: the parts of a logit as the Overview draws them, and the depth where its token first leads."""

from typing import Any

import numpy as np
import pytest

from explorer.calls import Context
from explorer.features.overview.calls import counts, flow
from models.errors import InputError
from tests.explorer.features.overview.test_calls import RUNS, each_kind

ADDITIVE = {case: RUNS[case] for case in ("gpt2", "t5")}


@pytest.mark.parametrize("run", ADDITIVE.values(), ids=ADDITIVE)
def test_all_parts_add_up_to_the_models_own_logit(context: Context, run: dict[str, Any]) -> None:
    answer = counts.ask(context, run)
    assert answer["refusal"] == ""
    trace = context.pool.trace(run["model"], run["text"], run.get("target", ""))
    own = float(trace.logits_at(answer["position"])[answer["token"]["id"]])
    assert answer["logit"] == pytest.approx(own, rel=1e-4)
    assert sum(part["value"] for part in answer["parts"]) == pytest.approx(own, rel=1e-3, abs=1e-4)
    kinds = {part["name"] for part in answer["parts"]}
    assert {"head", "feed-forward"} <= kinds
    assert ("cross-attention head" in kinds) == (trace.kind == "encoder-decoder")


def test_with_another_token_it_is_the_lead_over_that(context: Context) -> None:
    one = counts.ask(context, {**RUNS["gpt2"], "token": "w7"})
    other = counts.ask(context, {**RUNS["gpt2"], "token": "w8"})
    lead = counts.ask(context, {**RUNS["gpt2"], "token": "w7", "against": "w8"})
    assert lead["logit"] == pytest.approx(one["logit"] - other["logit"], rel=1e-3, abs=1e-4)
    assert sum(part["value"] for part in lead["parts"]) == pytest.approx(lead["logit"], rel=1e-3, abs=1e-4)


@each_kind
def test_the_first_depth_is_the_first_whose_best_guess_it_is(context: Context, run: dict[str, Any]) -> None:
    answer, drawn = counts.ask(context, run), flow.ask(context, run)
    best = [depth["guesses"][0]["id"] for depth in drawn["depths"]]
    assert answer["position"] == drawn["position"]
    assert answer["first"] == best.index(answer["token"]["id"])
    trace = context.pool.trace(run["model"], run["text"], run.get("target", ""))
    unlikely = int(np.argmin(trace.logits_at(answer["position"])))
    never = counts.ask(context, {**run, "token": f"#{unlikely}"})["first"]
    assert never is None or best[never] == unlikely


def test_a_model_whose_norms_follow_its_sums_says_why_and_has_its_depth(context: Context) -> None:
    answer = counts.ask(context, RUNS["bert"])
    assert answer["parts"] == []
    assert "norm follows every sum" in answer["refusal"]
    assert answer["first"] is not None


def test_where_depths_cannot_be_read_it_says_why(context: Context) -> None:
    for case in ("gpt2", "opt, projected", "openai-gpt"):
        run = {"model": case, "text": "w9 w8 w7"}
        assert counts.ask(context, run)["unread"] == flow.ask(context, run)["unread"]


def test_a_position_that_is_not_there_is_refused(context: Context) -> None:
    with pytest.raises(InputError, match="0 to 4"):
        counts.ask(context, {**RUNS["gpt2"], "position": 5})
