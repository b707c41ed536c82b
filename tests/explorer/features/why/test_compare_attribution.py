"""Attributions of both sides on their way to the page: each side's own numbers, one agreement, refusals in words."""

import json
from typing import Any

import numpy as np
import pytest
from scipy.stats import spearmanr

from explorer.calls import Context
from explorer.features.why.compare_attribution import attributions_of_both
from explorer.features.why.endpoints import ORDER
from models import load
from models.errors import InputError

ONE, OTHER = "The wolf knocked at the", "The old man opened the"
CHANGES = [{"kind": "head", "layer": 4, "head": 0, "by": "zero"}]


def _asked(other: str, **more: Any) -> dict[str, Any]:
    return {"model": "storybook", "text": ONE, "other_model": other, "other_text": OTHER, "steps": 4} | more


@pytest.mark.parametrize(
    ("other", "more"),
    [("storybook-llama", {}), ("storybook", {"other_text": ONE, "other_changes": CHANGES})],
    ids=["two models and texts", "changes"],
)
def test_each_side_has_its_own_attribution(bundled: Context, other: str, more: dict[str, Any]) -> None:
    asked = _asked(other, token="door", first="source", **more)
    messages = list(attributions_of_both.ask(bundled, asked))
    json.dumps(messages)
    stretches = messages[0]["asked"]["stretches"]
    found = [message["found"] for message in messages if "found" in message]
    assert [one["method"] for one in found] == ["source", *(method for method in ORDER if method != "source")]
    for one in found:
        assert len(one["values"]) == len(one["other_values"]) == len(stretches)
        sides = (
            (load("storybook").trace(ONE), one["values"], one["refusal"]),
            (load(other).trace(asked["other_text"], changes=asked.get("other_changes", [])), one["other_values"],
             one["other_refusal"]),
        )  # fmt: skip
        for trace, values, refusal in sides:
            assert not refusal
            own = trace.attribution(one["method"], token="door", steps=4).values.astype(np.float64)
            assert sum(value for value in values if value is not None) == pytest.approx(float(own.sum()), abs=1e-3)
        both = [pair for pair in zip(one["values"], one["other_values"], strict=True) if None not in pair]
        assert one["rho"] == pytest.approx(spearmanr(*zip(*both, strict=True)).statistic, abs=1e-9)


def test_a_method_that_one_side_has_not_is_said_and_the_others_go_on(bundled: Context) -> None:
    asked = _asked("storybook-t5", other_text="The <extra_id_0> opened the door", other_target="<extra_id_0> man")
    found = [one["found"] for one in attributions_of_both.ask(bundled, asked | {"first": "rollout"}) if "found" in one]
    rollout = found[0]
    assert rollout["other_refusal"]
    assert rollout["rho"] is None
    assert any(value is not None for value in rollout["values"])
    assert any(one["rho"] is not None for one in found[1:])


def test_what_b_has_not_is_one_sentence(bundled: Context) -> None:
    with pytest.raises(InputError, match="B: The chosen token has no counterpart"):
        list(attributions_of_both.ask(bundled, _asked("storybook", other_text="The", position=4)))
