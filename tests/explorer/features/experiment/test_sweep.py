"""Sweeps on their way to the page and to programs: what is streamed is what the engine finds, budgets, refusals."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from explorer.calls import Context
from explorer.features.experiment import sweep as module
from explorer.features.experiment.sweep import sweep_examples, sweep_panels
from explorer.features.experiment.sweep_endpoint import sweep
from explorer.settings import Settings
from models.errors import InputError
from models.sweeps.pair import pair_of
from models.sweeps.sweep import sweep as engine_sweep
from tests.models import families

GPT2: dict[str, Any] = {"model": "gpt2", "text": families.text_of(6), "other": families.text_of(6, seed=2)}
T5: dict[str, Any] = {"model": "t5", "target": families.text_of(3, seed=1)} | {
    "text": families.text_of(6), "other": families.text_of(5, seed=2), "metric": "log_probability",
}  # fmt: skip
T5 |= {"token": "w9", "against": "w70"}


@pytest.mark.parametrize("of", ["residual", "head"])
@pytest.mark.parametrize("direction", ["denoise", "noise", "control"])
def test_the_endpoint_gives_what_the_engine_finds(context: Context, of: str, direction: str) -> None:
    *news, last = sweep.ask(context, GPT2 | {"of": of, "direction": direction})
    json.dumps(last)
    assert [one["fraction"] for one in news] == sorted(one["fraction"] for one in news)
    assert set(news[0]) == {"fraction"}
    model = families.model("gpt2")
    pair = pair_of(model, model.trace(GPT2["text"]), model.trace(GPT2["other"]))
    found = engine_sweep(model, pair, of, direction)
    np.testing.assert_allclose(np.array(last["values"], dtype=float), found.values, atol=1e-4)
    assert last["rows"] == list(range(4 if of == "residual" else 3))
    assert len(last["columns"]) == (6 if of == "residual" else 4)
    assert last["clean"] == pytest.approx(pair.of("logit_difference", pair.clean, pair.clean), abs=1e-5)
    assert last["corrupted"] == pytest.approx(pair.of("logit_difference", pair.corrupted, pair.clean), abs=1e-5)
    assert {last["token"], last["against"]} <= {f"w{number}" for number in range(96)} | {"<unk>", "<mask>"}


def test_the_page_hears_of_every_cell_of_three_pictures_and_of_the_estimate(context: Context) -> None:
    messages = list(sweep_panels.ask(context, GPT2 | {"of": "attention", "estimate": True}))
    json.dumps(messages)
    assert set(messages[0]) == {"pair"}
    panels = {one["panel"]["direction"]: one["panel"] for one in messages if "panel" in one}
    assert list(panels) == ["denoise", "noise", "control"]
    for direction, panel in panels.items():
        cells = {
            tuple(cell[:2]) for one in messages if one.get("direction") == direction for cell in one.get("cells", ())
        }
        assert cells == {(row, column) for row in range(panel["rows"]) for column in range(len(panel["columns"]))}
    (found,) = [one["estimate"] for one in messages if "estimate" in one]
    assert found["largest_error"] >= found["mean_error"] >= 0
    assert np.isfinite(np.array(found["values"], dtype=float)).all()


def test_an_encoder_decoder_has_the_columns_of_both_stacks_and_says_what_has_no_counterpart(context: Context) -> None:
    *_news, last = sweep.ask(context, T5)
    stacks = [column["stack"] for column in last["columns"]]
    assert stacks == ["encoder"] * 5 + ["decoder"] * (len(stacks) - 5)
    for place, column in enumerate(last["columns"]):
        known = [row[place] is not None for row in last["values"]]
        if column["from_position"] is None:
            assert not any(known)
        else:
            assert known == [True] * sum(known) + [False] * (len(known) - sum(known))


def test_a_hosted_page_refuses_what_would_hold_up_everybody(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    hosted = replace(context, settings=Settings(mode="hosted", device="cpu"))
    assert list(sweep.ask(hosted, GPT2))
    monkeypatch.setattr(module, "HOSTED_COST", 1e6)
    with pytest.raises(InputError, match="more than this page can spare"):
        list(sweep.ask(hosted, GPT2))
    assert list(sweep.ask(context, GPT2))


def test_what_cannot_be_swept_is_a_sentence(context: Context) -> None:
    with pytest.raises(InputError, match="no difference to restore"):
        list(sweep.ask(context, GPT2 | {"other": GPT2["text"]}))
    with pytest.raises(InputError, match="of must be one of"):
        list(sweep.ask(context, GPT2 | {"of": "neuron"}))
    with pytest.raises(InputError, match="not one token"):
        list(sweep.ask(context, GPT2 | {"token": "nothing of that kind"}))
    with pytest.raises(InputError, match="text is empty"):
        list(sweep.ask(context, GPT2 | {"other": ""}))


@pytest.mark.parametrize("name", ["storybook", "storybook-llama", "storybook-bert", "storybook-t5"])
def test_every_bundled_model_has_pairs_that_lead_apart(context: Context, name: str) -> None:
    found = sweep_examples.ask(context, {"model": name})
    assert len(found) >= 3
    for one in found:
        assert one["text"] != one["other"]
        assert one["answer"] != one["foil"]
        assert one["clean"] - one["corrupted"] > 2


def test_the_pairs_are_what_the_model_says() -> None:
    from models import load  # noqa: PLC0415
    from models.sweeps.examples import examples_of  # noqa: PLC0415

    model = load("storybook", device="cpu")
    for one in examples_of("storybook"):
        pair = pair_of(model, model.trace(one.text), model.trace(one.other))
        assert [model.token_text(token).strip() for token in (pair.answer, pair.foil)] == [one.answer, one.foil]
        assert pair.of("logit_difference", pair.clean, pair.clean) == pytest.approx(one.clean, abs=0.02)
        assert pair.of("logit_difference", pair.corrupted, pair.clean) == pytest.approx(one.corrupted, abs=0.02)
