"""What two runs cost beside each other, as programs and the page ask it."""

from typing import Any

import pytest

from explorer.calls import Context
from explorer.features.surprisal.calls import surprisal
from explorer.features.surprisal.endpoints import compare
from explorer.shell.calls import pair

TEXT = "The wolf knocked at the door."
STORY = {"model": "storybook", "text": TEXT}
OFF = {"kind": "head", "layer": 4, "head": 0, "by": "zero"}


def bits_of(context: Context, asked: dict[str, Any]) -> float:
    *_progress, last = surprisal.ask(context, asked)
    return float(last["reading"]["bits"])


@pytest.fixture
def context(bundled: Context) -> Context:
    return bundled


def test_what_is_left_empty_of_the_other_side_is_as_on_the_first(context: Context) -> None:
    found = compare.ask(context, STORY)
    assert found["bits_per_byte"] == found["other_bits_per_byte"]
    assert found["kl"] is not None
    assert max(value for value in found["kl"] if value is not None) == 0


def test_the_bits_of_both_sides_are_those_of_each_alone(context: Context) -> None:
    found = compare.ask(context, STORY | {"other_model": "storybook-llama", "other_changes": [OFF]})
    for name, asked in (("bits", STORY), ("other_bits", {**STORY, "model": "storybook-llama", "changes": [OFF]})):
        total = sum(segment[name] for segment in found["segments"] if segment[name] is not None)  # type: ignore[literal-required]
        assert total == pytest.approx(bits_of(context, asked), abs=1e-2)


def test_a_change_costs_bits_on_its_own_side_alone(context: Context) -> None:
    found = compare.ask(context, STORY | {"changes": [OFF]})
    assert found["bits_per_byte"] != found["other_bits_per_byte"]
    assert compare.ask(context, STORY)["bits_per_byte"] == found["other_bits_per_byte"]
    assert max(value for value in found["kl"] or [] if value is not None) > 0


def test_masked_models_are_compared_by_their_pseudo_likelihood(context: Context) -> None:
    asked = {"model": "storybook-bert", "text": TEXT}
    found = compare.ask(context, asked | {"other_text": "The fox knocked at the door."})
    total = sum(one["bits"] for one in found["segments"] if one["bits"] is not None)
    assert total == pytest.approx(bits_of(context, asked), abs=1e-2)
    assert [one["other_text"] for one in found["segments"] if one["text"] == "wolf"] == ["fox"]


def test_a_pair_knows_which_tokens_correspond(context: Context) -> None:
    asked = STORY | {"other_model": "storybook", "other_text": "The grey wolf knocked at the door."}
    found = pair.ask(context, asked)
    assert (found["same_model"], found["same_text"], found["same_vocabulary"]) == (True, False, True)
    assert found["counterparts"] == [0, 2, 3, 4, 5, 6, 7]
    assert found["target_counterparts"] == []
