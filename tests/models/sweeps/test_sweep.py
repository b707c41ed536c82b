"""Every cell of a sweep is what one run of transformers' own network gives, patched there by hooks written by hand."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from models.engine.capture import EAGER, implementation
from models.engine.trace import Trace
from models.errors import InputError, Unsupported
from models.sweeps.control import control_text
from models.sweeps.estimate import estimate
from models.sweeps.pair import Pair, pair_of
from models.sweeps.patched_runs import PatchedRuns
from models.sweeps.sweep import Found, Sweep, plan, sweep, sweeping
from tests.models.families import FAMILIES, assembled, build, model, text_of

LENGTH = 6
# Where the parts of a block lie: the block, attention's output projection, the modules that write, by stack and kind.
GPT = ("transformer.h.{}", "attn.c_proj", "attn.c_proj", "mlp")
LLAMA = ("model.layers.{}", "self_attn.o_proj", "self_attn.o_proj", "mlp")
BERT = ("bert.encoder.layer.{}", "attention.output.dense", "attention.output.dense", "output.dense")
BY_HAND: dict[str, dict[tuple[str, str], tuple[str, str, str, str]]] = {
    "gpt2": {("decoder", "self"): GPT},
    "llama": {("decoder", "self"): LLAMA},
    "gemma2": {
        ("decoder", "self"): (
            "model.layers.{}", "self_attn.o_proj", "post_attention_layernorm", "post_feedforward_layernorm"
        )
    },
    "bloom": {
        ("decoder", "self"): (
            "transformer.h.{}", "self_attention.dense", "self_attention.dense", "mlp.dense_4h_to_h"
        )
    },
    "gpt_neox": {("decoder", "self"): ("gpt_neox.layers.{}", "attention.dense", "attention.dense", "mlp")},
    "gptj": {("decoder", "self"): ("transformer.h.{}", "attn.out_proj", "attn.out_proj", "mlp")},
    "falcon, ALiBi": {
        ("decoder", "self"): ("transformer.h.{}", "self_attention.dense", "self_attention.dense", "mlp")
    },
    "mixtral": {("decoder", "self"): LLAMA},
    "bert": {("decoder", "self"): BERT},
    "modernbert": {("decoder", "self"): ("model.layers.{}", "attn.Wo", "attn.Wo", "mlp")},
    "t5": {
        ("encoder", "self"): (
            "encoder.block.{}", "layer.0.SelfAttention.o", "layer.0.SelfAttention.o", "layer.1.DenseReluDense"
        ),
        ("decoder", "self"): (
            "decoder.block.{}", "layer.0.SelfAttention.o", "layer.0.SelfAttention.o", "layer.2.DenseReluDense"
        ),
        ("decoder", "cross"): (
            "decoder.block.{}", "layer.1.EncDecAttention.o", "layer.1.EncDecAttention.o", "layer.2.DenseReluDense"
        ),
    },
    "bart": {
        ("encoder", "self"): ("model.encoder.layers.{}", "self_attn.out_proj", "self_attn.out_proj", "fc2"),
        ("decoder", "self"): ("model.decoder.layers.{}", "self_attn.out_proj", "self_attn.out_proj", "fc2"),
        ("decoder", "cross"): ("model.decoder.layers.{}", "encoder_attn.out_proj", "encoder_attn.out_proj", "fc2"),
    },
}  # fmt: skip
Ids = dict[str, Tensor]


def texts(case: str) -> tuple[str, str, str]:
    """A clean text, one that shares a word and a mask with it, and what a decoder has written."""
    words, other = text_of(LENGTH).split(), text_of(LENGTH, seed=2).split()
    other[2] = words[2]
    if model(case).kind == "encoder":
        words[-2] = other[-2] = "<mask>"
    return " ".join(words), " ".join(other), text_of(3, seed=1) if model(case).kind == "encoder-decoder" else ""


@cache
def pair(case: str) -> Pair:
    """Two texts, and the two tokens whose difference is as large as any between them."""
    clean, other, target = texts(case)
    traces = model(case).trace(clean, target), model(case).trace(other, target)
    found = pair_of(model(case), *traces)
    apart = found.clean.logits - found.corrupted.logits
    return pair_of(model(case), *traces, f"#{apart.argmax()}", f"#{apart.argmin()}")


def ids_of(trace: Trace) -> Ids:
    ids = {"input_ids": torch.tensor([[token.id for token in trace.tokens]])}
    if trace.target_tokens:
        ids["decoder_input_ids"] = torch.tensor([[token.id for token in trace.target_tokens]])
    return ids


def module_of(network: Any, case: str, column: Any, of: str, layer: int, layers: int) -> tuple[nn.Module, str]:
    """The module at which a cell is patched, and whether it is what goes in or what comes out."""
    block, projection, attention, feed_forward = BY_HAND[case][column.stack, column.kind]
    block = block.format(min(layer, layers - 1))
    if of == "residual":
        return network.get_submodule(block), "out" if layer == layers else "in"
    name = {"attention": attention, "feed_forward": feed_forward, "head": projection}[of]
    return network.get_submodule(f"{block}.{name}"), "in" if of == "head" else "out"


def hooked(module: nn.Module, side: str, change: Callable[[Tensor], Tensor]) -> Any:
    """A plain hook of PyTorch's that changes the first tensor that goes in, or that comes out."""

    def before(_module: nn.Module, arguments: tuple, keywords: dict) -> tuple[tuple, dict]:
        if arguments:
            return (change(arguments[0]), *arguments[1:]), keywords
        return arguments, keywords | {"hidden_states": change(keywords["hidden_states"])}

    def after(_module: nn.Module, _arguments: tuple, output: Any) -> Any:
        return (change(output[0]), *output[1:]) if isinstance(output, tuple) else change(output)

    if side == "in":
        return module.register_forward_pre_hook(before, with_kwargs=True)
    return module.register_forward_hook(after)


def one_run(network: Any, ids: Ids, module: nn.Module, side: str, change: Callable[[Tensor], Tensor]) -> Tensor:
    handle = hooked(module, side, change)
    with torch.no_grad():
        logits: Tensor = network(**ids).logits[0]
    handle.remove()
    return logits


def by_hand(case: str, network: Any, found: Sweep, row: int, place: int) -> float:
    """One cell: the giving run noted, then one run of the other text with that put in."""
    wanted, column = found.plan, found.columns[place]
    layers = model(case).architecture.depths[column.stack] - 1
    module, side = module_of(network, case, column, wanted.of, row, layers)
    noted: list[Tensor] = []

    def note(value: Tensor) -> Tensor:
        noted.append(value.clone())
        return value

    one_run(network, ids_of(wanted.donor.trace), module, side, note)

    def put(value: Tensor) -> Tensor:
        given, changed = noted[0].reshape(-1, noted[0].shape[-1]), value.clone()
        flat = changed.reshape(-1, value.shape[-1])
        width = slice(None)
        if column.head is not None:
            size = value.shape[-1] // 4
            width = slice(column.head * size, (column.head + 1) * size)
        for into, come in zip(column.positions, column.donors, strict=True):
            flat[into, width] = given[come, width]
        return flat.reshape(value.shape)

    logits = one_run(network, ids_of(wanted.patched.trace), module, side, put)[wanted.patched.position]
    measured = float(logits[wanted.pair.answer] - logits[wanted.pair.foil])
    return (measured - wanted.scale.base) / (wanted.scale.other - wanted.scale.base)


@pytest.mark.parametrize("case", BY_HAND)
@pytest.mark.parametrize("of", ["residual", "attention", "feed_forward", "head"])
@pytest.mark.parametrize("direction", ["denoise", "noise"])
def test_every_cell_is_a_run_patched_by_hand(case: str, of: str, direction: str) -> None:
    found = sweep(model(case), pair(case), of, direction)
    network = build(case, eager=implementation(model(case).network) == EAGER)
    cells = np.argwhere(np.isfinite(found.values))
    assert len(cells) == len(found.plan.cells)
    step = max(1, len(cells) // 24)  # every cell of small ones, some of each row of large ones
    for row, place in cells[::step]:
        expected = by_hand(case, network, found, int(row), int(place))
        assert found.values[row, place] == pytest.approx(expected, abs=2e-4), (row, place)


@pytest.mark.parametrize("case", ["gpt2", "llama", "bloom", "gpt_neox", "gemma2", "bert", "t5"])
def test_a_run_that_begins_at_its_own_block_is_used_where_it_is_exact(case: str) -> None:
    runs = PatchedRuns(model=model(case), side=pair(case).corrupted, copies=3)
    assert runs.blocks is not None


@pytest.mark.parametrize("case", FAMILIES)
def test_every_family_can_be_swept_and_its_ends_are_exact(case: str) -> None:
    """The embedding of all changed words restores nothing alone, the last depth at the position asked about all."""
    found = sweep(model(case), pair(case), "residual")
    last = model(case).architecture.depths["decoder"] - 1
    own = next(
        place
        for place, column in enumerate(found.columns)
        if column.stack == "decoder" and column.positions == (found.plan.patched.position,)
    )
    assert found.values[last, own] == pytest.approx(1.0, abs=1e-4)
    others = [place for place, column in enumerate(found.columns) if column.stack == "decoder" and place != own]
    np.testing.assert_allclose(found.values[last, others], 0, atol=1e-4)


@pytest.mark.parametrize("metric", ["logit_difference", "log_probability", "kl"])
@pytest.mark.parametrize("case", ["gpt2", "llama"])
def test_the_metrics_are_their_formulas(case: str, metric: str) -> None:
    """At the last depth and the position asked about the other run is met: the metric there is that run's."""
    both = pair(case)
    found = plan(model(case), both, "residual", "denoise", metric).scale
    clean, corrupted = (torch.tensor(side.logits).double().softmax(-1) for side in (both.clean, both.corrupted))
    expected = {
        "logit_difference": [(one[both.answer] / one[both.foil]).log() for one in (corrupted, clean)],
        "log_probability": [one[both.answer].log() for one in (corrupted, clean)],
        "kl": [(clean * (clean / corrupted).log2()).sum(), torch.tensor(0.0)],
    }[metric]
    assert [found.base, found.other] == pytest.approx([float(value) for value in expected], abs=1e-4)
    values = sweep(model(case), both, "residual", "denoise", metric).values
    assert values[-1, both.corrupted.position] == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("case", ["gpt2", "llama", "gpt_neox", "bert", "t5"])
@pytest.mark.parametrize("of", ["residual", "attention", "feed_forward", "head"])
def test_an_estimate_is_the_slope_of_a_small_patch(case: str, of: str) -> None:
    """A sweep from a run that is nearly the same is nearly linear: there estimate and exact values meet."""
    network = assembled(case, f"{case}, near")
    table = network.network.get_input_embeddings().weight
    with torch.no_grad():
        table[11] = table[13] + 1e-3 * torch.randn(table.shape[1], generator=torch.Generator().manual_seed(3))
    clean = text_of(LENGTH).split()
    clean[1] = "w11"
    if network.kind == "encoder":
        clean[-2] = "<mask>"
    other = [clean[0], "w13", *clean[2:]]
    target = text_of(3, seed=1) if network.kind == "encoder-decoder" else ""
    near, far = (network.trace(" ".join(words), target) for words in (clean, other))
    both = pair_of(network, near, far)
    try:
        wanted = plan(network, both, of)
    except InputError:  # as it should: near texts have no difference to restore
        wanted = _forced(network, both, of)
    exact = sweep_of(wanted)
    mean, _largest = estimate(wanted).errors(exact)
    assert mean < 0.02 * max(1.0, float(np.nanmax(np.abs(exact.values))))


def _forced(network: Any, both: Pair, of: str) -> Any:
    """The plan of a sweep between runs that are too near each other to be offered."""
    import models.sweeps.pair as module  # noqa: PLC0415

    least, module.LEAST = module.LEAST, 0.0
    try:
        return plan(network, both, of)
    finally:
        module.LEAST = least


def sweep_of(wanted: Any) -> Sweep:
    *_news, found = sweeping(wanted)
    assert isinstance(found, Sweep)
    return found


def test_texts_of_different_lengths_are_aligned_by_words_and_the_rest_is_left_out() -> None:
    described = model("gpt2")
    clean, other = described.trace("w5 w6 w7 w8"), described.trace("w5 w6 w9 w7 w8")
    found = sweep(described, pair_of(described, clean, other), "residual")
    assert [column.donors for column in found.columns] == [(0,), (1,), (), (2,), (3,)]
    assert np.isnan(found.values[:, 2]).all()
    assert np.isfinite(found.values[:, [0, 1, 3, 4]]).all()


def test_two_texts_that_lead_to_the_same_are_refused_in_a_sentence() -> None:
    described = model("gpt2")
    trace = described.trace(text_of(5))
    with pytest.raises(InputError, match="no difference to restore"):
        plan(described, pair_of(described, trace, described.trace(f"{text_of(5)}")))
    with pytest.raises(InputError, match="compared with itself"):
        pair_of(described, trace, trace, "#7", "#7")
    with pytest.raises(InputError, match="mask"):
        pair_of(model("bert"), model("bert").trace("w5 w6"), model("bert").trace("w5 <mask>"))
    with pytest.raises(InputError, match="must be one of"):
        plan(described, pair("gpt2"), "heads")
    with pytest.raises(InputError, match="must be one of"):
        plan(described, pair("gpt2"), direction="up")
    with pytest.raises(InputError, match="must be one of"):
        plan(described, pair("gpt2"), metric="accuracy")
    long = " ".join(["w7"] * 30)
    endless = model("bloom")
    far = pair_of(endless, endless.trace(" ".join([long] * 18)), endless.trace(text_of(4)))
    with pytest.raises(Unsupported, match="512 tokens"):
        plan(endless, far)


def test_a_sweep_that_is_closed_has_run_one_batch_and_nothing_after() -> None:
    described = assembled("llama", "llama, watched")
    words = " ".join(["w7", "w8", "w9"] * 20)
    both = pair_of(described, described.trace(words), described.trace(words.replace("w9", "w11", 1)))
    calls: list[int] = []
    last = described.architecture.blocks["decoder"][-1]
    news: Any = sweeping(plan(described, both))
    first = next(news)
    assert isinstance(first, Found)
    assert 0 < first.fraction < 0.1
    handle = last.register_forward_hook(lambda *_: calls.append(1))
    news.close()
    handle.remove()
    assert calls == []
    lock: Any = described.lock
    assert lock.acquire(blocking=False)
    lock.release()


def test_many_sweeps_at_once_and_plain_runs_between_them_are_what_they_are_alone() -> None:
    """Thirty visitors of one model, half of them sweeping, half of them only looking."""
    alone = assembled("gpt_neox", "neox, alone")
    shared = assembled("gpt_neox", "neox, shared")

    def ask(described: Any, seed: int) -> np.ndarray:
        if seed % 2:
            return np.array(described.trace(text_of(7, seed=seed)).logits_at(-1))
        one, other = (described.trace(text_of(7, seed=number)) for number in (seed, seed + 100))
        return sweep(described, pair_of(described, one, other), ("residual", "head")[seed % 4 // 2]).values

    expected = [ask(alone, seed) for seed in range(30)]
    with ThreadPoolExecutor(30) as threads:
        found = list(threads.map(lambda seed: ask(shared, seed), range(30)))
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_control_text_is_as_long_as_the_text_it_stands_beside() -> None:
    for count in (1, 7, 40, 130):
        described = model("bloom")
        assert len(described.tokenize(control_text(described, count))) == count
