"""Contributions add up to the logit that transformers computes, in every family in which they are a sum."""

import pickle
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch

from models import load
from models.contributions.ask import PartName, Place, inside, source_totals
from models.contributions.contribution import By, Contributions
from models.engine.points import Point, editing
from models.engine.trace import Trace
from models.errors import InputError, Unsupported
from tests.models.families import FAMILIES, model, reference, text_of

POST_NORM = {
    "openai-gpt", "opt, projected", "bert", "roberta", "xlm-roberta", "distilbert", "electra", "albert", "deberta-v2",
    "mpnet", "bart", "marian",
}  # fmt: skip
ADDITIVE = [case for case in FAMILIES if case not in POST_NORM | {"modernbert"}]
EVERY: list[By] = ["part", "head", "source", "neuron"]
LENGTH, WRITTEN = 9, 6


def trace_of(case: str, length: int = LENGTH, written: int = WRITTEN) -> Trace:
    both = model(case).kind == "encoder-decoder"
    return model(case).trace(text_of(length), text_of(written, seed=1) if both else "")


def logits_of(case: str, trace: Trace) -> np.ndarray:
    """The logits of transformers' own eager run, before its soft cap."""
    inputs = {"input_ids": torch.tensor([[token.id for token in trace.tokens]])}
    if trace.target_tokens:
        inputs["decoder_input_ids"] = torch.tensor([[token.id for token in trace.target_tokens]])
    with torch.no_grad():
        logits = reference(case)(**inputs).logits[0].double().numpy()
    cap = getattr(reference(case).config, "final_logit_softcapping", None)
    return logits if cap is None else cap * np.arctanh(logits / cap)


def adds_up(found: Contributions, wanted: float, tolerance: float = 1e-4) -> None:
    scale = max(abs(wanted), *(abs(part.value) for part in found.parts))
    assert abs(found.remainder) <= tolerance * scale
    assert abs(found.sum - wanted) <= tolerance * scale


@pytest.mark.parametrize("case", ADDITIVE)
def test_every_level_adds_up_to_the_logit_of_transformers(case: str) -> None:
    trace = trace_of(case)
    logits = logits_of(case, trace)
    for by in EVERY:
        adds_up(trace.contributions(-1, "w20", by=by, count=10_000), logits[-1, 20])
    adds_up(trace.contributions(0, "w20", by="head"), logits[0, 20])
    adds_up(trace.contributions(-1, "w20", "w30", count=3), logits[-1, 20] - logits[-1, 30])


@pytest.mark.parametrize("case", ADDITIVE)
def test_what_a_part_is_opened_into_adds_up_to_that_part(case: str) -> None:
    trace = trace_of(case)
    whole = trace.contributions(token="w20")
    parts: tuple[PartName, ...] = ("self", "cross", "feed_forward")
    for layer, part in product((0, trace.layers - 1), parts):
        name = {"self": "attention", "cross": "cross-attention", "feed_forward": "feed-forward"}[part]
        bars = [one.value for one in whole.parts if one.layer == layer and one.name == name]
        if not bars or (part == "feed_forward" and model(case).architecture.parts["decoder"][layer].neurons is None):
            continue
        found = inside(model(case), trace, Place(layer=layer, part=part), token="w20", count=10_000)
        adds_up(found, bars[0])
        if part != "feed_forward":
            head = inside(model(case), trace, Place(layer=layer, part=part, head=1), token="w20", count=10_000)
            adds_up(head, next(one.value for one in found.parts if one.head == 1))


@pytest.mark.parametrize("case", sorted(POST_NORM))
def test_a_model_whose_norms_follow_its_sums_is_refused(case: str) -> None:
    with pytest.raises(Unsupported, match="a norm follows every sum"):
        trace_of(case).contributions()


def test_a_head_that_is_not_linear_is_refused() -> None:
    with pytest.raises(Unsupported, match="not linear"):
        trace_of("modernbert").contributions()


@pytest.mark.parametrize("case", ["gpt2", "llama", "gemma2", "t5", "granite", "bloom"])
def test_a_text_of_one_token_adds_up(case: str) -> None:
    trace = trace_of(case, 1, 1)
    for by in EVERY:
        adds_up(trace.contributions(0, "w20", by=by), logits_of(case, trace)[0, 20])


@pytest.mark.parametrize(("case", "norm"), [("gpt2", "transformer.ln_f"), ("llama", "model.norm")])
def test_a_head_of_the_last_block_adds_what_goes_with_its_output_under_the_frozen_norm(case: str, norm: str) -> None:
    """In the last block nothing reads a head but the final norm; its gain by name, its mean removed by hand."""
    trace, described = trace_of(case), model(case)
    last = trace.layers - 1
    found = inside(described, trace, Place(layer=last, part="self"), token="w20")
    attention, heads = Point(layer=last, part="attention"), Point(layer=last, part="heads")
    plain = described.read([attention], trace.text)[attention][-1]
    with editing({heads: without_head_1}):
        less = described.read([attention], trace.text)[attention][-1]
    gone = (plain - less).astype(np.float64)
    gain = described.network.get_submodule(norm).weight.detach().double().numpy()
    if case == "gpt2":
        gone -= gone.mean()
    expected = (gone * gain) @ described.embedding("output")[20].astype(np.float64) / (found.frozen_norm or 1)
    assert next(one.value for one in found.parts if one.head == 1) == pytest.approx(expected, rel=1e-4)


def without_head_1(value: torch.Tensor) -> torch.Tensor:
    changed = value.clone()
    changed[..., 1, :] = 0
    return changed


def test_what_all_heads_bring_from_a_token_is_the_sum_of_what_each_brings() -> None:
    trace = trace_of("t5")
    totals = source_totals(model("t5"), trace, token="w20")
    found = trace.contributions(token="w20", by="source", count=10_000)
    for kind, name in (("self", "source"), ("cross", "cross-attention source")):
        for position, total in enumerate(totals[kind]):
            each = [one.value for one in found.parts if one.name == name and one.position == position]
            assert total == pytest.approx(sum(each), abs=1e-9)
    assert len(totals["self"]) == len(trace.target_tokens)
    assert len(totals["cross"]) == len(trace.tokens)


def test_a_decoder_brings_nothing_from_tokens_it_cannot_see() -> None:
    found = trace_of("llama").contributions(3, "w20", by="source", count=10_000)
    assert all(one.value == 0 for one in found.parts if one.name == "source" and (one.position or 0) > 3)


def test_the_largest_are_listed_in_their_order_and_the_rest_is_one_number() -> None:
    trace = trace_of("gpt2")
    every, few = (trace.contributions(token="w20", by="neuron", count=count) for count in (10_000, 4))
    largest = sorted(every.parts, key=lambda one: -abs(one.value))[:4]
    assert set(few.parts) == set(largest)
    assert few.others == len(every.parts) - 4
    assert few.sum == pytest.approx(every.sum, abs=1e-9)


def test_half_precision_adds_up_as_far_as_it_counts() -> None:
    half = load("storybook-llama", precision="bfloat16", device="cpu")
    trace = half.trace("The wolf knocked at the")
    for by in EVERY:
        found = trace.contributions(by=by, count=10_000)
        adds_up(found, float(trace.logits_at(-1).max()), tolerance=0.03)


@pytest.mark.parametrize("name", ["storybook", "storybook-llama", "storybook-bert", "storybook-t5"])
def test_the_bundled_models_add_up(name: str) -> None:
    described = load(name)
    mask = described.tokenizer.mask_token
    text = f"The wolf knocked at the {mask}." if described.kind == "encoder" else "The wolf knocked at the"
    trace = described.trace(text, "The wolf" if described.kind == "encoder-decoder" else "")
    position = trace.mask_positions[0] if trace.mask_positions else len(trace.target_tokens or trace.tokens) - 1
    assert trace.contributions().position == position
    for by in EVERY:
        adds_up(trace.contributions(position, by=by), float(trace.logits_at(position).max()), tolerance=1e-5)


def test_a_trace_that_lost_its_model_says_so() -> None:
    lost: Trace = pickle.loads(pickle.dumps(trace_of("gpt2")))
    with pytest.raises(Unsupported, match="lost its model"):
        lost.contributions()


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        ({"by": "layer"}, "by must be one of"),
        ({"position": LENGTH}, "position must be from"),
        ({"position": True}, "position must be from"),
        ({"token": "nothing"}, "not one token"),
        ({"token": "w5", "against": "w5"}, "another one"),
        ({"count": 0}, "count must be from"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(wrong: dict[str, Any], part: str) -> None:
    with pytest.raises(InputError, match=part):
        trace_of("gpt2").contributions(**wrong)
