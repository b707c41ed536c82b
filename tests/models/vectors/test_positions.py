"""What is said about positions is what the network does: compared with transformers' own code."""

from typing import Any

import numpy as np
import pytest
import torch
from transformers import LlamaConfig
from transformers.models.bloom.modeling_bloom import build_alibi_tensor
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding, apply_rotary_pos_emb
from transformers.models.xglm.modeling_xglm import XGLMSinusoidalPositionalEmbedding

from models.vectors.positions import _is_sinusoidal, _rotary_scheme, alibi_slopes, position_schemes
from tests.models.families import FAMILIES, model

LEARNED, ROTARY, BIAS = ("learned",), ("rotary",), ("bias",)
EXPECTED = {
    "gpt2": LEARNED, "opt": LEARNED, "bert": LEARNED, "gptj": ROTARY, "llama": ROTARY, "gpt_neox": ROTARY,
    "gemma3": ROTARY * 2, "modernbert": ROTARY * 2, "bloom": ("alibi",), "mpt": ("alibi",), "falcon, ALiBi": ("alibi",),
    "falcon, rotary": ROTARY, "t5": BIAS * 2, "umt5": BIAS * 5, "bart": LEARNED * 2, "mpnet": ("learned", "bias"),
    "xglm": ("sinusoidal",), "deberta-v2": ("learned", "relative"),
}  # fmt: skip


@pytest.mark.parametrize("case", EXPECTED)
def test_each_family_shows_the_schemes_it_has(case: str) -> None:
    assert tuple(scheme.kind for scheme in position_schemes(model(case))) == EXPECTED[case]


@pytest.mark.parametrize("case", FAMILIES)
def test_every_family_has_a_scheme_with_something_to_draw(case: str) -> None:
    schemes = position_schemes(model(case))
    assert schemes
    for scheme in schemes:
        if scheme.table is None:
            assert scheme.curves is not None
            assert scheme.distances is not None
            assert scheme.curves.shape == (len(scheme.names), len(scheme.distances))


def test_a_learned_table_is_the_networks_own() -> None:
    (scheme,) = position_schemes(model("gpt2"))
    assert scheme.table is not None
    assert np.array_equal(scheme.table, model("gpt2").network.transformer.wpe.weight.detach().numpy())


def test_the_rotary_curve_is_what_rotation_does_to_a_score() -> None:
    """A query and a key that point the same way in every pair, rotated by transformers' own code."""
    rotary = LlamaRotaryEmbedding(LlamaConfig(hidden_size=32, num_attention_heads=2, num_hidden_layers=1))
    positions = torch.arange(40)[None]
    same = torch.ones(1, 1, 40, 16)
    query, key = apply_rotary_pos_emb(same, same, *rotary(same, positions))
    scores = (query @ key.transpose(2, 3))[0, 0]
    expected = scores[-1].flip(0) / scores[-1, -1]
    scheme = _rotary_scheme("", rotary.inv_freq.numpy(), 40, 1.0)
    assert scheme.curves is not None
    assert scheme.curves[0] == pytest.approx(expected.numpy(), abs=1e-4)


@pytest.mark.parametrize("case", ["gpt_neox", "phi", "glm", "stablelm", "gptj"])
def test_dimensions_that_are_not_rotated_keep_their_part_of_the_score(case: str) -> None:
    """A query and a key of ones, of which the family's own code rotates the first few dimensions."""
    described = model(case)
    size = described.width // described.heads
    (scheme,) = position_schemes(described)
    frequencies = np.concatenate([scheme_frequencies(described.network)])
    turned = np.cos(np.arange(30)[:, None] * frequencies).sum(axis=1)
    expected = (2 * turned + size - 2 * len(frequencies)) / size
    assert 2 * len(frequencies) < size
    assert scheme.curves is not None
    assert scheme.distances is not None
    assert scheme.curves[0][:30] == pytest.approx(expected, abs=1e-4)


def scheme_frequencies(network: Any) -> np.ndarray:
    """The angle of each pair per position, from the network's buffers or by GPT-J's formula."""
    found = [buffer.numpy() for name, buffer in network.named_buffers() if name.endswith("rotary_emb.inv_freq")]
    return found[0] if found else 10000.0 ** (-np.arange(0, 4, 2) / 4)


@pytest.mark.parametrize("heads", [1, 2, 4, 6, 8, 12, 16, 20])
def test_slopes_are_those_of_bloom(heads: int) -> None:
    ones = torch.ones(1, 5)
    bias = build_alibi_tensor(ones, heads, torch.float32)[:, 0]  # (head, key)
    assert alibi_slopes(heads) == pytest.approx((bias[:, 1] - bias[:, 0]).numpy(), rel=1e-5)


def test_alibi_takes_away_more_the_further_back() -> None:
    (scheme,) = position_schemes(model("bloom"))
    assert scheme.curves is not None
    assert np.all(scheme.curves[:, 0] == 0)
    assert np.all(np.diff(scheme.curves, axis=1) < 0)


@pytest.mark.parametrize("place", [0, 1])
def test_t5_biases_go_from_the_query_back_to_the_key(place: int) -> None:
    scheme = position_schemes(model("t5"))[place]
    module = model("t5").network.get_submodule(scheme.place)
    with torch.no_grad():
        bias = module.compute_bias(12, 12)[0]
    assert scheme.curves is not None
    assert scheme.distances is not None
    ahead = () if module.is_decoder else (-1, -7, -11)
    for distance in (0, 1, 5, 11, *ahead):
        query = 11 if distance >= 0 else 0
        curve = scheme.curves[:, list(scheme.distances).index(distance)]
        assert curve == pytest.approx(bias[:, query, query - distance].numpy())
    assert scheme.distances.min() == (0 if module.is_decoder else -256)


@pytest.mark.parametrize(
    ("case", "without"),
    [("smollm3", (1,)), ("cohere2", (1,)), ("exaone4", (1,)), ("llama", ()), ("gemma3", ()), ("modernbert", ()),
     ("gpt_neox", ()), ("glm", ()), ("phi", ())],
)  # fmt: skip
def test_layers_without_rotary_embedding_are_named(case: str, without: tuple[int, ...]) -> None:
    """As transformers' own code has it: SmolLM3 by a list, Cohere 2 and EXAONE 4 in layers without a window."""
    for scheme in position_schemes(model(case)):
        assert scheme.without == without


def test_sines_and_cosines_are_told_from_learned_numbers() -> None:
    table = XGLMSinusoidalPositionalEmbedding(64, 32, padding_idx=1).weights.numpy()
    assert _is_sinusoidal(table)
    assert not _is_sinusoidal(np.random.default_rng(1).normal(size=(64, 32)).astype(np.float32))
