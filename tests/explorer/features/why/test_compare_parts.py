"""One word's logit on two sides: each side's own sum, and through it the logit that transformers gives."""

import json
from typing import Any

import pytest
import torch

from explorer.calls import Context
from explorer.features.why.compare_parts import contributions_of_both
from models import load
from models.errors import InputError
from tests.models import families

ONE, OTHER = "The wolf knocked at the", "The old man opened the"


def _asked(model: str, other: str, **more: Any) -> dict[str, Any]:
    return {"model": model, "text": ONE, "other_model": other, "other_text": OTHER} | more


@pytest.mark.parametrize("other", ["storybook", "storybook-llama"])
def test_each_side_is_its_own_sum_and_the_logit_of_transformers(bundled: Context, other: str) -> None:
    answer = contributions_of_both.ask(bundled, _asked("storybook", other, token="door"))
    json.dumps(answer)
    ones, others = [row["one"] for row in answer["rows"]], [row["other"] for row in answer["rows"]]
    for name, text, said, parts in (("storybook", ONE, answer["one"], ones), (other, OTHER, answer["other"], others)):
        model = load(name)
        found = model.trace(text).contributions(token="door", count=1000)
        assert said["token"] is not None
        assert said["token"]["id"] == found.token
        assert (said["logit"], said["sum"], said["remainder"]) == (found.logit, found.sum, found.remainder)
        wanted = {(part.name, part.layer): part.value for part in found.parts}
        assert {(part["name"], part["layer"]): part["value"] for part in parts if part} == wanted
        with torch.no_grad():
            logits = model.network(**model.tokenizer(text, return_tensors="pt")).logits
        assert said["logit"] == pytest.approx(float(logits[0, -1, found.token]), abs=1e-3)


def test_a_side_without_a_sum_says_why_and_the_other_stays(context: Context) -> None:
    text = families.text_of(8)
    asked = {"model": "gpt2", "text": text, "other_model": "bert", "other_text": text, "token": "w20"}
    answer = contributions_of_both.ask(context, asked)
    assert answer["other"]["refusal"]
    assert answer["other"]["logit"] is None
    logit = families.model("gpt2").trace(text).logits_at(-1)[20]
    assert answer["one"]["logit"] == pytest.approx(float(logit), abs=1e-4)
    assert sum(row["one"]["value"] for row in answer["rows"] if row["one"]) == pytest.approx(float(logit), abs=1e-4)
    assert all(row["other"] is None for row in answer["rows"])


def test_a_word_or_place_that_only_a_has_is_said(bundled: Context) -> None:
    last = contributions_of_both.ask(bundled, _asked("storybook", "storybook") | {"other_text": "The", "position": 4})
    assert "counterpart" in last["other"]["refusal"]
    with pytest.raises(InputError):
        contributions_of_both.ask(bundled, _asked("storybook", "storybook", token="door", against="door"))
    with pytest.raises(InputError):
        contributions_of_both.ask(bundled, _asked("storybook", "storybook", position=99))
