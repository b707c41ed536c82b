"""Sweeps on their way to the page and to programs: what is streamed is what the engine finds, budgets, refusals."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Self

import numpy as np
import pytest
import torch
from torch import Tensor

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


HEADS_OFF = [
    {"kind": "head", "layer": 0, "head": 1, "by": "zero"},
    {"kind": "head", "layer": 2, "head": 3, "by": "mean"},
]


Edit = Callable[[Tensor], Tensor]


class Hooked:
    """GPT-2 as transformers makes it, with hooks put in by hand until the block ends."""

    def __init__(self) -> None:
        self.network = families.reference("gpt2")
        self.handles: list[Any] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for handle in self.handles:
            handle.remove()

    def at(self, of: str, row: int, edit: Edit) -> None:
        """Edits the residual before block `row` (or, after the last, before the final norm), or a part of the block."""
        blocks, norm = self.network.transformer.h, self.network.transformer.ln_f
        if of == "feed_forward":
            self.handles.append(blocks[row].mlp.register_forward_hook(lambda _, __, out: edit(out)))
            return
        module = blocks[row].attn.c_proj if of == "head" else [*blocks, norm][row]
        self.handles.append(module.register_forward_pre_hook(lambda _, given: (edit(given[0]), *given[1:])))

    def heads_off(self, mean: Tensor) -> None:
        """The changes of `HEADS_OFF`; heads are 8 wide."""
        self.at("head", 0, lambda value: replaced(value, slice(8, 16), torch.zeros(8)))
        self.at("head", 2, lambda value: replaced(value, slice(24, 32), mean))

    def logits(self, text: str) -> Tensor:
        ids = [token.id for token in families.model("gpt2").tokenize(text)]
        with torch.no_grad():
            found: Tensor = self.network(torch.tensor([ids])).logits[0, -1]
        return found

    def values(self, of: str, row: int, text: str) -> Tensor:
        seen: list[Tensor] = []
        self.at(of, row, lambda value: seen.append(value) or value)  # type: ignore[func-returns-value]
        self.logits(text)
        return seen[0]


def replaced(value: Tensor, columns: slice, new: Tensor, rows: slice = slice(None)) -> Tensor:
    after = value.clone()
    after[:, rows, columns] = new
    return after


@pytest.mark.parametrize("of", ["residual", "feed_forward", "head"])
def test_a_changed_model_is_swept_as_if_its_changes_were_hooks_put_in_by_hand(context: Context, of: str) -> None:
    """One column, cell by cell: transformers' own network with plain hooks for the changes, and one for the patch."""
    asked = GPT2 | {"of": of, "changes": HEADS_OFF}
    *_news, last = sweep.ask(context, asked)
    answer, foil = (families.words().convert_tokens_to_ids(last[name]) for name in ("token", "against"))
    with Hooked() as plain:
        mean = plain.values("head", 2, GPT2["text"])[0, :, 24:32].mean(dim=0)
    column = 2
    columns, rows = (slice(16, 24), slice(None)) if of == "head" else (slice(None), slice(2, 3))
    found = []
    for row in last["rows"]:
        with Hooked() as donor:
            donor.heads_off(mean)
            given = donor.values(of, row, GPT2["text"])[:, rows, columns]
        with Hooked() as patched:
            patched.heads_off(mean)
            patched.at(of, row, lambda value, given=given: replaced(value, columns, given, rows))  # type: ignore[misc]
            logits = patched.logits(GPT2["other"])
        found.append(float(logits[answer] - logits[foil]))
    wanted = (np.array(found) - last["corrupted"]) / (last["clean"] - last["corrupted"])
    found_here = np.array([row[column] for row in last["values"]], dtype=float)
    np.testing.assert_allclose(found_here, wanted, atol=1e-4)
    with Hooked() as plain:
        unchanged = plain.logits(GPT2["other"])
    assert abs(float(unchanged[answer] - unchanged[foil]) - last["corrupted"]) > 1e-3


def test_changes_of_one_position_have_no_place_in_two_texts(context: Context) -> None:
    edge = {"kind": "edge", "query": 4, "key": 1}
    (*_news, cut), (*_news, plain) = (list(sweep.ask(context, GPT2 | {"changes": one})) for one in ([edge], []))
    assert cut == plain
