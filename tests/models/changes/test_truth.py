"""Every kind of change is what a plain hook written for that family by hand makes of the network."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from models.errors import Unsupported
from models.generation.sampling import Sampling
from tests.models.changes.by_hand import ALIBI, GROUPED, PARALLEL, PLACES, ByHand, Hook, inputs_of
from tests.models.families import model, text_of

every_architecture = pytest.mark.parametrize("case", PLACES)
LENGTH = 9


def texts(case: str, seed: int = 0) -> tuple[str, str]:
    both = model(case).kind == "encoder-decoder"
    return text_of(LENGTH, seed), text_of(7, seed + 10) if both else ""


def compare(case: str, hand: ByHand, changes: list[dict[str, Any]]) -> None:
    """The changed run's logits are those of the network changed by hand, and not those of the unchanged one."""
    described, (text, target) = model(case), texts(case)
    expected = hand.logits(inputs_of(described, text, target))
    hand.remove()
    changed = described.trace(text, target, changes=changes).logits
    plain = described.trace(text, target).logits
    spread = float(expected.std())
    np.testing.assert_allclose(changed, expected.numpy(), rtol=0, atol=2e-4 * max(1.0, spread))
    assert float(np.abs(plain - expected.numpy()).max()) > 1e-2 * spread
    untouched = hand.logits(inputs_of(described, text, target))
    np.testing.assert_allclose(plain, untouched.numpy(), rtol=0, atol=2e-4 * max(1.0, spread))


def test_the_architectures_are_of_every_kind() -> None:
    kinds = [model(case).kind for case in PLACES]
    assert len(PLACES) >= 24
    assert min(kinds.count(kind) for kind in ("decoder", "encoder", "encoder-decoder")) >= 5
    assert set(PLACES) >= GROUPED | ALIBI | PARALLEL


@every_architecture
def test_a_head_off(case: str) -> None:
    hand = ByHand(case)
    hand.head(2, torch.zeros_like)
    compare(case, hand, [{"kind": "head", "layer": 1, "head": 2, "by": "zero"}])


def noting(seen: list[Tensor]) -> Hook:
    """Changes nothing, and keeps what it sees."""

    def note(value: Tensor) -> Tensor:
        seen.append(value)
        return value

    return note


@every_architecture
def test_a_head_scaled_and_another_at_its_mean(case: str) -> None:
    """The mean is over the positions of the unchanged run."""
    hand, seen = ByHand(case), list[Tensor]()
    hand.input(hand.projection, noting(seen))
    hand.logits(inputs_of(model(case), *texts(case)))
    hand.remove()
    size = seen[0].shape[-1] // 4
    mean = seen[0].reshape(-1, seen[0].shape[-1])[:, :size].mean(dim=0)
    hand.head(2, lambda old: old * -1.5)
    hand.head(0, mean.expand_as)
    changes = [
        {"kind": "head", "layer": 1, "head": 2, "by": "scale", "value": -1.5},
        {"kind": "head", "layer": 1, "head": 0, "by": "mean"},
    ]
    compare(case, hand, changes)


@every_architecture
@pytest.mark.parametrize("part", ["attention", "feed_forward"])
def test_a_part_off(case: str, part: str) -> None:
    hand = ByHand(case)
    hand.output(hand.adds if part == "attention" else hand.feeds, torch.zeros_like)
    compare(case, hand, [{"kind": "part", "layer": 1, "part": part, "by": "zero"}])


@every_architecture
def test_a_neuron_off_and_another_set(case: str) -> None:
    hand = ByHand(case)
    changes = [
        {"kind": "neuron", "layer": 1, "neuron": 3, "by": "zero"},
        {"kind": "neuron", "layer": 1, "neuron": 17, "by": "set", "value": 4.0},
    ]
    if not hand.last:
        with pytest.raises(Unsupported, match="neurons of block 1"):
            model(case).trace(*texts(case), changes=changes)
        return
    hand.neuron(3, torch.zeros_like)
    hand.neuron(17, lambda old: torch.full_like(old, 4.0))
    compare(case, hand, changes)


@every_architecture
def test_a_patch_from_another_text(case: str) -> None:
    """The residual stream after block 1 at position 4, as it is at position 2 of another text."""
    described, (other, other_target) = model(case), texts(case, seed=5)
    seen: list[Tensor] = []
    hand = ByHand(case)
    hand.output("", noting(seen))
    hand.logits(inputs_of(described, other, other_target))
    hand.remove()

    def put(out: Tensor) -> Tensor:
        new = out.clone()
        new[:, 4] = seen[0][:, 2]
        return new

    hand.output("", put)
    patch = {"kind": "patch", "of": "residual", "depth": 2, "position": 4, "from_position": 2}
    compare(case, hand, [{**patch, "text": other, "target": other_target}])


@every_architecture
def test_steering(case: str) -> None:
    described, hand = model(case), ByHand(case)
    table = hand.network.get_output_embeddings().weight.detach()
    if table.shape[1] != described.width:
        with pytest.raises(Unsupported, match="width"):
            described.trace(*texts(case), changes=[{"kind": "steer", "depth": 2, "toward": "w11"}])
        return
    toward = table[11] - table[12]
    toward = toward / toward.norm()
    hand.output("", lambda out: out + 0.7 * out.norm(dim=-1, keepdim=True) * toward)
    compare(case, hand, [{"kind": "steer", "depth": 2, "toward": "w11", "away": "w12", "strength": 0.7}])


@every_architecture
@pytest.mark.parametrize("head", [None, 2])
def test_an_edge_cut(case: str, head: int | None) -> None:
    hand = ByHand(case)
    with hand.edge(6, 5, head, (counts(case)[-1],) * 2):
        expected = hand.logits(inputs_of(model(case), *texts(case))).numpy()
    compare_edge(case, expected, {"kind": "edge", "layer": 1, "head": head, "query": 6, "key": 5})


def counts(case: str) -> list[int]:
    """How many tokens each stack reads."""
    return [read.shape[1] for read in inputs_of(model(case), *texts(case)).values()]


def compare_edge(case: str, expected: np.ndarray, change: dict[str, Any]) -> None:
    """The logits are those of the network cut by hand, and the pattern shown has lost the edge and nothing else."""
    described, (text, target) = model(case), texts(case)
    trace, plain = described.trace(text, target, changes=[change]), described.trace(text, target)
    np.testing.assert_allclose(trace.logits, expected, rtol=0, atol=2e-4 * max(1.0, float(expected.std())))
    kind = change.get("attention", "decoder" if described.kind == "encoder-decoder" else "self")
    heads = slice(None) if change["head"] is None else change["head"]
    pattern, before = trace.attention(1, kind=kind), plain.attention(1, kind=kind)
    assert (pattern[heads, change["query"], change["key"]] == 0).all()
    np.testing.assert_allclose(pattern.sum(axis=-1), before.sum(axis=-1), atol=1e-5)
    assert not np.allclose(plain.logits, expected, atol=1e-4)


@pytest.mark.parametrize("case", sorted(ALIBI))
def test_an_edge_cut_where_distance_is_a_bias(case: str) -> None:
    """By the family's own mask: −∞ added for one head, put in before the attention module is called."""
    hand, number = ByHand(case), 2
    name = {"bloom": "self_attention", "mpt": "attn"}.get(case, "self_attention")

    def cut(_module: Any, given: tuple, named: dict[str, Any]) -> tuple[tuple, dict[str, Any]]:
        mask = named["attention_mask"]
        whole = mask.expand(mask.shape[0], 4, *mask.shape[2:]).clone()
        whole[:, number, 6, 5] = True if mask.dtype == torch.bool else torch.finfo(mask.dtype).min
        return given, {**named, "attention_mask": whole}

    hand.handles.append(hand.module(name).register_forward_pre_hook(cut, with_kwargs=True))
    compare(case, hand, [{"kind": "edge", "layer": 1, "head": number, "query": 6, "key": 5}])


@pytest.mark.parametrize("case", ["bloom", "falcon, ALiBi", "mpt", "gptj", "llama"])
def test_a_completion_keeps_an_edge_cut_at_every_token(case: str) -> None:
    """Greedy, from the cache, it writes what whole runs over the grown text say."""
    described, text = model(case), text_of(LENGTH)
    changes = [
        {"kind": "edge", "query": LENGTH - 1, "key": 3},
        {"kind": "edge", "layer": 1, "head": 2, "query": 6, "key": 5},
    ]
    grown, wanted = text, []
    for _ in range(4):
        wanted.append(int(described.trace(grown, changes=changes).logits_at(-1).argmax()))
        grown += f" w{wanted[-1]}"
    steps = described.complete(text, Sampling(temperature=0), 4, changes=changes)
    assert [step.token.id for step in steps] == wanted


@pytest.mark.parametrize("case", ["t5", "mt5", "bart", "marian", "pegasus"])
@pytest.mark.parametrize("attention", ["encoder", "cross"])
def test_the_encoder_and_what_reads_it(case: str, attention: str) -> None:
    """A head of the encoder, and one that looks from the decoder into it."""
    hand = ByHand(case)
    if attention == "encoder":
        hand.block = hand.block.replace("decoder", "encoder")
    else:
        crossing = {
            "layer.0.SelfAttention.o": "layer.1.EncDecAttention.o",
            "self_attn.out_proj": "encoder_attn.out_proj",
        }
        hand.projection = crossing[hand.projection]
    hand.head(1, torch.zeros_like)
    compare(case, hand, [{"kind": "head", "layer": 1, "head": 1, "by": "zero", "attention": attention}])


@pytest.mark.parametrize("case", ["t5", "mt5", "bart", "marian", "pegasus"])
@pytest.mark.parametrize("attention", ["encoder", "cross"])
def test_an_edge_of_the_encoder_and_one_that_reads_it(case: str, attention: str) -> None:
    hand = ByHand(case)
    if attention == "encoder":
        hand.block = hand.block.replace("decoder", "encoder")
    source, written = counts(case)
    with hand.edge(4, 2, 1, (source if attention == "encoder" else written, source)):
        expected = hand.logits(inputs_of(model(case), *texts(case))).numpy()
    change = {"kind": "edge", "layer": 1, "head": 1, "query": 4, "key": 2, "attention": attention}
    compare_edge(case, expected, change)
