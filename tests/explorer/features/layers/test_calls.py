"""A lens on its way to the page and to programs: the same numbers as the trace has."""

import json
from typing import Any

import numpy as np
import pytest

from explorer.calls import Context
from explorer.features.layers.calls import layers_cell, layers_grid
from explorer.features.layers.endpoints import lens
from models.errors import InputError, Unsupported
from tests.models import families

GPT2: dict[str, Any] = {"model": "gpt2", "text": families.text_of(8)}
T5: dict[str, Any] = {"model": "t5", "text": families.text_of(8), "target": families.text_of(3, seed=1)}


def shares(logits: np.ndarray) -> np.ndarray:
    exact = np.exp(logits.astype(np.float64) - logits.max(-1, keepdims=True))
    return exact / exact.sum(-1, keepdims=True)


@pytest.mark.parametrize(("run", "name"), [(GPT2, "logit"), (T5, "logit"), (T5, "decoder")])
def test_the_endpoint_gives_what_the_trace_reads(context: Context, run: dict[str, Any], name: str) -> None:
    answer = lens.ask(context, run | {"lens": name, "top": 3})
    json.dumps(answer)
    trace = families.model(run["model"]).trace(run["text"], run.get("target", ""))
    assert answer["depths"] == list(range(trace.lens_depths(name)))
    assert len(answer["tokens"]) == trace.residual.shape[1]
    own = shares(trace.logits)
    for depth in answer["depths"]:
        read = shares(trace.lens(depth, name))
        for position, told in enumerate(answer["top"][depth]):
            assert [one["id"] for one in told] == np.argsort(-read[position])[:3].tolist()
            assert [one["probability"] for one in told] == pytest.approx(np.sort(read[position])[::-1][:3], abs=1e-5)
        assert answer["entropy"][depth] == pytest.approx(-(read * np.log2(read)).sum(-1), abs=1e-3)
        assert answer["kl"][depth] == pytest.approx((own * np.log2(own / read)).sum(-1), abs=1e-3)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"lens": "tuned"}, r"no tuned lens yet; fit one with python -m models\.training\.lenses"),
        ({"lens": "decoder"}, "for models with an encoder and a decoder"),
    ],
)
def test_a_lens_that_is_not_there_is_told_with_what_to_do(context: Context, asked: dict, sentence: str) -> None:
    with pytest.raises(Unsupported, match=sentence):
        lens.ask(context, GPT2 | asked)


@pytest.mark.parametrize("asked", [{"lens": "spectacles"}, {"top": 0}, {"top": 101}, {"top": "many"}])
def test_a_bad_request_is_named(context: Context, asked: dict) -> None:
    with pytest.raises(InputError, match=r"lens|top"):
        lens.ask(context, GPT2 | asked)


def test_the_grid_is_that_of_the_endpoint(context: Context) -> None:
    (message,) = layers_grid.ask(context, GPT2)
    grid, told = message["grid"], lens.ask(context, GPT2 | {"top": 1})
    json.dumps(grid)
    ids = [[grid["entries"][place]["id"] for place in row] for row in grid["best"]]
    assert ids == [[cell[0]["id"] for cell in row] for row in told["top"]]
    assert grid["start"] == 7
    assert grid["lenses"] == ["logit"]
    assert grid["faithfulness"] is None
    assert grid["rank"][-1] == [1] * 8


def test_a_masked_model_begins_at_its_mask(context: Context) -> None:
    (message,) = layers_grid.ask(context, {"model": "modernbert", "text": "w9 <mask> w7"})
    assert message["grid"]["start"] == 1


def test_a_cell_is_the_whole_list_and_the_ways_of_words(context: Context) -> None:
    request = GPT2 | {"depth": 1, "position": 4, "words": ["w20", "no such word"]}
    answer = layers_cell.ask(context, request)
    json.dumps(answer)
    trace = families.model("gpt2").trace(GPT2["text"])
    read = shares(trace.lens(1)[4])
    assert [one["id"] for one in answer["candidates"]] == np.argsort(-read)[:24].tolist()
    assert [one["rank"] for one in answer["candidates"]] == list(range(1, 25))
    own, typed = answer["ways"]
    assert own["id"] == int(np.argmax(trace.logits[4]))
    assert (own["typed"], typed["typed"], typed["id"]) == ("", "w20", 20)
    for depth in range(trace.layers + 1):
        logits = trace.lens(depth)[4]
        assert typed["ranks"][depth] == int((logits > logits[20]).sum()) + 1
        assert typed["probabilities"][depth] == pytest.approx(shares(logits)[20], rel=1e-4)
    assert own["ranks"][-1] == 1
    assert len(answer["refused"]) == 1


@pytest.mark.parametrize("asked", [{"depth": 9, "position": 0}, {"depth": 0, "position": 99}])
def test_a_cell_outside_the_grid_is_named(context: Context, asked: dict) -> None:
    with pytest.raises(InputError, match=r"must be from 0 to"):
        layers_cell.ask(context, GPT2 | asked)
