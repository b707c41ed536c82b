"""Hooks installed once change nothing by themselves, and under edits what plain PyTorch hooks would change."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from models.engine.cache import derived
from models.engine.capture import CAPTURE, EAGER, implementation
from models.engine.points import Kind, Point, current, editing, offset, reading
from models.engine.pool import Pool
from models.engine.scores import ScoreEdits, unwatch_scores
from models.errors import InputError, Unsupported
from models.generation.completion import Step
from models.generation.sampling import Sampling
from tests.models import families
from tests.models.families import FAMILIES, build, model, text_of

TIMEOUT = 20.0  # seconds a thread may take before a test gives it up
LENGTH = 9
every_family = pytest.mark.parametrize("case", FAMILIES)

# Where the modules of some families lie: (output projection of attention, feed-forward part) of block 1.
BY_HAND: dict[str, tuple[str, str]] = {
    "gpt2": ("transformer.h.1.attn.c_proj", "transformer.h.1.mlp"),
    "gpt_neox": ("gpt_neox.layers.1.attention.dense", "gpt_neox.layers.1.mlp"),
    "gptj": ("transformer.h.1.attn.out_proj", "transformer.h.1.mlp"),
    "bloom": ("transformer.h.1.self_attention.dense", "transformer.h.1.mlp.dense_4h_to_h"),
    "falcon, ALiBi": ("transformer.h.1.self_attention.dense", "transformer.h.1.mlp"),
    "opt": ("model.decoder.layers.1.self_attn.out_proj", "model.decoder.layers.1.fc2"),
    "llama": ("model.layers.1.self_attn.o_proj", "model.layers.1.mlp"),
    "mixtral": ("model.layers.1.self_attn.o_proj", "model.layers.1.mlp"),
    "gemma2": ("model.layers.1.self_attn.o_proj", "model.layers.1.post_feedforward_layernorm"),
    "granite": ("model.layers.1.self_attn.o_proj", "model.layers.1.mlp"),
    "bert": ("bert.encoder.layer.1.attention.output.dense", "bert.encoder.layer.1.output.dense"),
    "modernbert": ("model.layers.1.attn.Wo", "model.layers.1.mlp"),
    "t5": ("decoder.block.1.layer.0.SelfAttention.o", "decoder.block.1.layer.2.DenseReluDense"),
    "bart": ("model.decoder.layers.1.self_attn.out_proj", "model.decoder.layers.1.fc2"),
}
ATTENTION_OUTPUT = {"gemma2": "model.layers.1.post_attention_layernorm"}  # a norm stands before the residual stream
BLOCKS = {
    "gpt2": "transformer.h.1", "gpt_neox": "gpt_neox.layers.1", "gptj": "transformer.h.1", "bloom": "transformer.h.1",
    "falcon, ALiBi": "transformer.h.1", "opt": "model.decoder.layers.1", "llama": "model.layers.1",
    "mixtral": "model.layers.1", "gemma2": "model.layers.1", "granite": "model.layers.1",
    "bert": "bert.encoder.layer.1", "modernbert": "model.layers.1", "t5": "decoder.block.1",
    "bart": "model.decoder.layers.1",
}  # fmt: skip
# Mixtures of experts, which have no one row of neurons, from which layer on.
EXPERTS = {"mixtral": 0, "qwen2_moe": 0, "gpt_oss": 0, "deepseek_v3": 1}
some_families = pytest.mark.parametrize("case", BY_HAND)


def inputs_of(case: str) -> dict[str, Tensor]:
    ids = torch.arange(7, 7 + LENGTH)[None]
    both = model(case).kind == "encoder-decoder"
    return {"input_ids": ids} | ({"decoder_input_ids": ids[:, :6] + 3} if both else {})


def logits_of(network: Any, case: str) -> Tensor:
    with torch.no_grad():
        logits: Tensor = network(**inputs_of(case)).logits
    return logits


def untouched(case: str) -> Any:
    """The network as transformers makes it, no hook in it, attending as the explorer's does."""
    return build(case, eager=implementation(model(case).network) == EAGER)


def turned(value: Tensor) -> Tensor:
    """An edit that no multiplier or norm undoes."""
    return value.flip(-1) * 0.5 + 0.25


@every_family
def test_a_run_without_edits_is_the_untouched_networks_bit_for_bit(case: str) -> None:
    assert torch.equal(logits_of(model(case).network, case), logits_of(untouched(case), case))


@every_family
def test_a_run_that_only_reads_is_the_untouched_networks_bit_for_bit(case: str) -> None:
    points = {point for point in model(case).points if point.part != "mask"}
    with reading(points) as values:
        read = logits_of(model(case).network, case)
    assert torch.equal(read, logits_of(untouched(case), case))
    assert values.keys() == points


@every_family
def test_every_part_of_every_block_is_located(case: str) -> None:
    described = model(case)
    cross = {"mask", "values", "heads", "attention"} if described.kind == "encoder-decoder" else set()
    eager = implementation(described.network) != CAPTURE
    for stack, depth in described.architecture.depths.items():
        for layer in range(depth - 1):
            here = {(p.part, p.kind) for p in described.points if p.stack == stack and p.layer == layer}
            parts = ("input", "mask", "values", "heads", "attention", "feed_forward", "output")
            wanted = {(part, "self") for part in parts}
            if not (case in EXPERTS and layer >= EXPERTS[case]):
                wanted.add(("neurons", "self"))
            wanted |= {(part, "cross") for part in cross if stack == "decoder"}
            assert here == {(part, kind) for part, kind in wanted if part != "values" or not eager}


@some_families
@pytest.mark.parametrize("part", ["input", "heads", "attention", "feed_forward", "output"])
def test_an_edit_changes_what_a_plain_hook_would_change(case: str, part: Any) -> None:
    with editing({Point(layer=1, part=part): turned if part != "heads" else _turned_heads}):
        edited = logits_of(model(case).network, case)
    network = untouched(case)
    by_hand(network, case, part)
    expected = logits_of(network, case)
    torch.testing.assert_close(edited, expected, rtol=0, atol=1e-5)
    assert not torch.allclose(expected, logits_of(untouched(case), case), atol=1e-3)
    assert torch.equal(logits_of(model(case).network, case), logits_of(untouched(case), case))


def _turned_heads(value: Tensor) -> Tensor:
    """Changes head 2 alone, position 1 and later."""
    changed = value.clone()
    changed[:, 1:, 2] = turned(value[:, 1:, 2])
    return changed


def by_hand(network: Any, case: str, part: str) -> None:
    """The same change with PyTorch's own hooks, at modules named by hand."""
    projection, feed_forward = BY_HAND[case]
    block = network.get_submodule(BLOCKS[case])
    if part == "input":
        block.register_forward_pre_hook(_before, with_kwargs=True)
    elif part == "heads":
        network.get_submodule(projection).register_forward_pre_hook(_joined)
    else:
        output = {"attention": ATTENTION_OUTPUT.get(case, projection), "feed_forward": feed_forward}
        module = block if part == "output" else network.get_submodule(output[part])
        module.register_forward_hook(lambda _, __, out: (turned(out[0]), *out[1:]) if _many(out) else turned(out))


def _many(output: Any) -> bool:
    return isinstance(output, tuple)


def _before(_module: nn.Module, arguments: tuple, keywords: dict) -> tuple[tuple, dict]:
    if arguments:
        return (turned(arguments[0]), *arguments[1:]), keywords
    return arguments, keywords | {"hidden_states": turned(keywords["hidden_states"])}


def _joined(_module: nn.Module, arguments: tuple) -> tuple:
    value = arguments[0]
    changed = value.clone()
    size = value.shape[-1] // 4
    changed[..., 1:, 2 * size : 3 * size] = turned(value[..., 1:, 2 * size : 3 * size])
    return (changed,)


@every_family
def test_the_parts_of_an_additive_block_make_up_what_it_adds(case: str) -> None:
    both = model(case).kind == "encoder-decoder"
    for stack in model(case).architecture.blocks:
        runs = model(case).forward_parts(text_of(LENGTH), text_of(5, seed=1) if both else "", stack=stack)
        assert len(runs) == model(case).architecture.depths[stack] - 1
        for run in runs:
            assert set(run.parts) == {"self", "feed_forward"} | ({"cross"} if both and stack == "decoder" else set())
            if run.form in ("sequential", "parallel"):
                total = run.input + sum(run.parts.values())
                np.testing.assert_allclose(total, run.output, rtol=0, atol=2e-5 * np.abs(run.output).max())


@pytest.mark.parametrize(
    ("case", "form"),
    [("gpt2", "sequential"), ("t5", "sequential"), ("granite", "sequential"), ("gpt_neox", "parallel"),
     ("falcon, rotary", "parallel"), ("cohere", "parallel"), ("bert", "post-norm"), ("bart", "post-norm"),
     ("opt, projected", "post-norm")],
)  # fmt: skip
def test_the_form_of_a_block_is_told(case: str, form: str) -> None:
    assert {parts.form for blocks in model(case).architecture.parts.values() for parts in blocks} == {form}


def test_blocks_that_share_their_weights_are_told_apart() -> None:
    described, points = model("albert"), [Point(layer=layer, part="output") for layer in range(3)]
    values = described.read(points, text_of(LENGTH))
    trace = described.trace(text_of(LENGTH))
    for layer, point in enumerate(points):
        np.testing.assert_array_equal(values[point], trace.residual[layer + 1])
    with editing({points[1]: torch.zeros_like}):
        edited = described.trace(text_of(LENGTH))
    assert [bool(edited.residual[depth].any()) for depth in range(4)] == [True, True, False, True]
    np.testing.assert_array_equal(edited.residual[1], trace.residual[1])


def test_a_trace_under_edits_shows_the_edited_residual_stream() -> None:
    described = model("llama")
    with editing({Point(layer=1, part="input"): torch.zeros_like}):
        edited = described.trace(text_of(LENGTH))
    plain = described.trace(text_of(LENGTH))
    assert not edited.residual[1].any()
    np.testing.assert_array_equal(edited.residual[0], plain.residual[0])
    assert not np.allclose(edited.logits, plain.logits)


def cut(query: int, key: int, head: int | None = None) -> Callable[[Tensor], Tensor]:
    def edit(allowed: Tensor) -> Tensor:
        changed = allowed.clone()
        changed[:, slice(None) if head is None else head, query, key] = False
        return changed

    return edit


@pytest.mark.parametrize("case", ["gpt2", "llama", "mistral, sliding", "gemma2", "gpt_oss", "bert", "t5", "bart"])
@pytest.mark.parametrize("head", [None, 2])
def test_a_connection_cut_carries_nothing_and_the_rest_shares_its_weight(case: str, head: int | None) -> None:
    described = model(case)
    both = described.kind == "encoder-decoder"
    kinds: tuple[Kind, ...] = ("self", "cross") if both else ("self",)
    for kind in kinds:
        name = {"self": "decoder" if both else "self", "cross": "cross"}[kind]
        arguments = (text_of(LENGTH), text_of(6, seed=1) if both else "")
        plain = described.trace(*arguments).attention(1, kind=name)
        with editing({Point(layer=1, part="mask", kind=kind): cut(4, 3, head)}):
            edited = described.trace(*arguments).attention(1, kind=name)
        expected = plain.copy()
        chosen = slice(None) if head is None else slice(head, head + 1)
        if case == "gpt_oss":  # the sink's share grows too
            assert (edited[chosen, 4, 3] == 0).all()
            continue
        expected[chosen, 4, 3] = 0
        expected[chosen, 4] /= expected[chosen, 4].sum(axis=-1, keepdims=True)
        np.testing.assert_allclose(edited, expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize("case", ["llama", "gemma2", "t5"])
def test_a_head_with_its_connection_cut_hands_on_what_its_shown_pattern_says(case: str) -> None:
    described = model(case)
    heads, mask = Point(layer=0, part="heads"), Point(layer=0, part="mask")
    arguments = (text_of(LENGTH), text_of(6, seed=1) if case == "t5" else "")
    with editing({mask: cut(4, 2, 1)}):
        edited, trace = described.read([heads], *arguments)[heads], described.trace(*arguments)
    plain = described.read([heads], *arguments)[heads]
    assert not np.allclose(edited[4, 1], plain[4, 1])
    np.testing.assert_allclose(np.delete(edited, 4, axis=0), np.delete(plain, 4, axis=0), atol=1e-6)
    np.testing.assert_allclose(edited[4, [0, 2, 3]], plain[4, [0, 2, 3]], atol=1e-6)
    kind = "decoder" if case == "t5" else "self"
    assert trace.attention(0, 1, kind)[4, 2] == 0


def test_a_position_cut_off_from_everything_is_refused() -> None:
    with (
        editing({Point(layer=1, part="mask"): torch.zeros_like}),
        pytest.raises(InputError, match="at least one position"),
    ):
        model("gpt2").trace(text_of(LENGTH))


def test_what_cannot_be_edited_is_refused_and_not_passed_over() -> None:
    closed = families.assembled("bloom", "bloom that cannot be cut")
    unwatch_scores(closed.architecture)
    with editing({Point(layer=1, part="mask"): cut(4, 3)}), pytest.raises(Unsupported, match="connection"):
        closed.trace(text_of(LENGTH))
    for point in (Point(layer=3, part="input"), Point(layer=0, part="heads", kind="cross")):
        with editing({point: torch.zeros_like}), pytest.raises(Unsupported, match=point.part):
            model("gpt2").trace(text_of(LENGTH))


@pytest.mark.parametrize(
    ("case", "softmax"),
    [("bloom", "no softmax at all"), ("mpt", "one that spreads what is cut evenly"), ("gptj", "one before the scores")],
)
def test_connections_are_cut_only_where_a_cut_shows_in_the_pattern(
    case: str, softmax: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Families whose attention only looks as if it could be cut are found out when they are loaded."""
    assert any(point.part == "mask" for point in model(case).points)
    wrong = {
        "no softmax at all": lambda _self, arguments, _keywords: arguments[0],
        "one that spreads what is cut evenly": lambda _self, arguments, _keywords: arguments[0] * 0,
        "one before the scores": lambda _self, arguments, _keywords: arguments[0].clamp(max=0),
    }
    monkeypatch.setattr(ScoreEdits, "_scores", wrong[softmax])
    assert not any(point.part == "mask" for point in families.assembled(case, softmax).points)


def failing(value: Tensor) -> Tensor:
    raise ZeroDivisionError


def test_edits_nest_and_end_with_their_block_even_after_an_error() -> None:
    described, point = model("gpt2"), Point(layer=0, part="output")
    plain = described.trace(text_of(LENGTH)).residual[1]
    with editing({point: lambda value: value + 1}):
        with editing({point: lambda value: value * 2}):
            both = described.trace(text_of(LENGTH)).residual[1]
        with pytest.raises(ZeroDivisionError), editing({point: failing}):
            described.trace(text_of(LENGTH))
        one = described.trace(text_of(LENGTH)).residual[1]
    np.testing.assert_allclose(both, (plain + 1) * 2, rtol=1e-6)
    np.testing.assert_allclose(one, plain + 1, rtol=1e-6)
    np.testing.assert_array_equal(described.trace(text_of(LENGTH)).residual[1], plain)
    assert current() is None


@pytest.mark.parametrize("case", ["gpt2", "t5"])
def test_runs_with_different_edits_in_different_threads_never_meet(case: str) -> None:
    threads, rounds, start = 6, 4, Barrier(6)
    described = model(case)
    arguments = (text_of(LENGTH), text_of(6, seed=1) if case == "t5" else "")

    def edits_of(number: int) -> dict[Point, Callable[[Tensor], Tensor]]:
        if number == 0:
            return {}
        return {Point(layer=number % 2, part="heads"): lambda value: value * number}

    def run(number: int) -> list[np.ndarray]:
        with editing(edits_of(number)) if number else ExitStack():
            start.wait(TIMEOUT)
            return [described.trace(*arguments).logits for _ in range(rounds)]

    with ThreadPoolExecutor(threads) as pool:
        together = list(pool.map(run, range(threads)))
    for number, logits in enumerate(together):
        with editing(edits_of(number)):
            alone = described.trace(*arguments).logits
        for found in logits:
            np.testing.assert_array_equal(found, alone)


def test_two_runs_inside_the_network_at_once_keep_their_own_edits() -> None:
    """Without the model's lock: both threads stand in the same block at the same time, one with an edit."""
    network, inside = model("llama").network, Barrier(2)
    inputs = inputs_of("llama")

    def run(factor: float) -> Tensor:
        def edit(value: Tensor) -> Tensor:
            inside.wait(TIMEOUT)
            return value * factor

        with editing({Point(layer=1, part="attention"): edit}), torch.no_grad():
            logits: Tensor = network(**inputs).logits
        return logits

    with ThreadPoolExecutor(2) as pool:
        doubled, gone = pool.map(run, (2.0, 0.0))
    for factor, found in ((2.0, doubled), (0.0, gone)):
        with editing({Point(layer=1, part="attention"): lambda value, factor=factor: value * factor}):  # type: ignore[misc]
            assert torch.equal(found, logits_of(network, "llama"))


@pytest.mark.parametrize("case", ["gpt2", "llama", "bloom", "t5", "opt"])
def test_a_completion_from_a_cache_sees_the_edits_of_its_run(case: str) -> None:
    described, steps = families.assembled(case, case), 5
    text, target = text_of(LENGTH), text_of(3, seed=1) if case == "t5" else ""

    def at_position_2(value: Tensor) -> Tensor:
        """Head 1 is off everywhere, and position 2 is halved: where it is depends on what the cache has read."""
        changed = value.clone()
        changed[:, :, 1] = 0
        if offset() <= 2 < offset() + value.shape[1]:
            changed[:, 2 - offset()] *= 0.5
        return changed

    edits = {Point(layer=1, part="heads"): at_position_2}
    with editing(edits):
        found = list(described.complete(text, Sampling(greedy=True), max_new_tokens=steps, target=target))
    plain = list(described.complete(text, Sampling(greedy=True), max_new_tokens=steps, target=target))
    said = ""
    for step in found:
        read = (text, (target + said)) if case == "t5" else (text + said, "")
        with editing(edits):
            logits = described.trace(*read).logits_at(-1).astype(np.float64)
        share = np.exp(logits - logits.max())
        np.testing.assert_allclose(step.probability, share[step.token.id] / share.sum(), rtol=2e-4)
        said += f" w{step.token.id}"
    assert [step.probability for step in found] != [step.probability for step in plain]


def test_a_visitor_without_edits_is_served_without_those_of_another() -> None:
    described = families.assembled("gpt2", "shared")

    def ask() -> Iterator[Step]:
        return described.complete(text_of(LENGTH), Sampling(greedy=True), max_new_tokens=6)

    plain = [step.probability for step in ask()]
    edits = {Point(layer=1, part="output"): torch.zeros_like}
    with editing(edits):
        alone = [step.probability for step in ask()]
    assert alone != plain
    visitor = ask()
    first = next(visitor)
    with editing(edits):
        edited = ask()
        mixed = [next(edited).probability, next(visitor).probability]  # the visitor's step, asked for under the edits
    assert [first.probability, mixed[1], *(step.probability for step in visitor)] == plain
    assert mixed[0] == alone[0]


def test_nothing_computed_under_edits_is_kept_for_others() -> None:
    described = families.assembled("gpt2", "shared")
    pool = Pool(lambda *_, **__: described)
    edits = {Point(layer=0, part="output"): torch.zeros_like}
    plain = described.trace(text_of(LENGTH)).logits
    with editing(edits):
        edited = pool.trace("shared", text_of(LENGTH)).logits
        kept = derived(described, "logits", lambda: described.trace(text_of(LENGTH)).logits)
    assert not np.allclose(edited, plain)
    np.testing.assert_array_equal(kept, plain)
    np.testing.assert_array_equal(pool.trace("shared", text_of(LENGTH)).logits, plain)


@pytest.mark.parametrize("case", ["gpt2", "llama", "gemma2", "gpt_oss", "bert"])
def test_each_heads_output_is_its_pattern_over_its_values_edited_or_not(case: str) -> None:
    values, heads = Point(layer=1, part="values"), Point(layer=1, part="heads")
    pattern = model(case).trace(text_of(LENGTH)).attention(1)
    for edits in ({}, {values: turned}):
        with editing(edits):
            read = model(case).read([values, heads], text_of(LENGTH))
        expected = np.einsum("hqk,khs->qhs", pattern, read[values])
        np.testing.assert_allclose(read[heads], expected, rtol=0, atol=2e-5)


@pytest.mark.parametrize("case", ["gpt2", "llama", "gemma2", "t5", "bert"])
def test_a_feed_forward_part_without_its_neurons_adds_the_same_everywhere(case: str) -> None:
    neurons, part = Point(layer=1, part="neurons"), Point(layer=1, part="feed_forward")
    both = model(case).kind == "encoder-decoder"
    with editing({neurons: torch.zeros_like}):
        added = model(case).read([part], text_of(LENGTH), text_of(6, seed=1) if both else "")[part]
    np.testing.assert_allclose(added, np.broadcast_to(added[:1], added.shape), rtol=0, atol=1e-6)
    assert np.ptp(model(case).read([neurons], text_of(LENGTH), text_of(6, seed=1) if both else "")[neurons]) > 0
