"""Families that are not of one piece: hybrids, heads that differ, no attention, no head for words, numbers that end."""

from typing import Any

import numpy as np
import pytest
import torch
import transformers
from torch import Tensor, nn
from transformers import BertModel, T5EncoderModel

from models.attention.interesting import interesting_heads
from models.attention.pattern_spec import PatternSpec
from models.attention.rollout import rollout_of
from models.attention.summaries import layer_summary
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.errors import CorruptModel, InputError, Unsupported
from models.generation.sampling import Sampling
from models.lenses.grid import depth_logits
from models.loading.assembly import assemble
from models.loading.loader import AUTOMATIC
from tests.models import families
from tests.models.families import FAMILIES, build, model, text_of, words

HYBRID = {"layer_types": ["conv", "full_attention", "conv", "full_attention"], "num_hidden_layers": 4, "block_dim": 32}
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "lfm2": ("Lfm2Config", families.GROUPED | families.IDS | HYBRID | {"conv_dim": 32, "block_ff_dim": 48}),
    "mamba": ("MambaConfig", {"vocab_size": 96, "hidden_size": 32, "num_hidden_layers": 2, "state_size": 8}),
    "led": ("LEDConfig", families.BLENDER | {"attention_window": 8, "max_encoder_position_embeddings": 64}),
    "xlm": ("XLMConfig", {"n_words": 96, "emb_dim": 32, "n_layers": 3, "n_heads": 4, "max_position_embeddings": 64,
                          "pad_index": 2, "causal": True}),
    "roberta, decoder": ("RobertaConfig", families.ENCODER | {"pad_token_id": 1, "is_decoder": True}),
    "xmod": ("XmodConfig", families.ENCODER | {"pad_token_id": 1, "languages": ["en_XX"],
                                               "default_language": "en_XX"}),
    "ibert": ("IBertConfig", families.ENCODER | {"pad_token_id": 1}),
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def these_families() -> Any:
    FAMILIES.update(CASES)
    yield
    for case in CASES:
        del FAMILIES[case]


def own(case: str, trace: Trace) -> Any:
    """What the network computes for the tokens of a trace, by its own default and with nothing recorded."""
    inputs = {"input_ids": torch.tensor([[token.id for token in trace.tokens]])}
    if trace.target_tokens:
        inputs["decoder_input_ids"] = torch.tensor([[token.id for token in trace.target_tokens]])
    network = build(case)
    network.set_attn_implementation("sdpa" if network._supports_sdpa else "eager")
    with torch.no_grad():
        return network(**inputs, output_hidden_states=True, return_dict=True)


def test_falcons_attention_is_what_its_default_kernel_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A softmax by hand in the kernel's place gives the same logits, and the patterns the trace shows."""
    case, patterns = "falcon, ALiBi", list[Tensor]()
    trace = model(case).trace(text_of(23))
    network = build(case)

    def by_hand(query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None = None, **_: Any) -> Tensor:
        assert attn_mask is not None
        pattern = (query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5 + attn_mask).softmax(dim=-1)
        patterns.append(pattern)
        return pattern @ value

    ids = torch.tensor([[token.id for token in trace.tokens]])
    with torch.no_grad():
        wanted = network(ids).logits[0]
        monkeypatch.setattr(nn.functional, "scaled_dot_product_attention", by_hand)
        torch.testing.assert_close(network(ids).logits[0], wanted, rtol=0, atol=1e-4)
    np.testing.assert_allclose(trace.logits, wanted.numpy(), atol=1e-4)
    for layer, pattern in enumerate(patterns):
        np.testing.assert_allclose(trace.attention(layer), pattern[0].numpy(), atol=1e-5)


def test_layers_of_a_hybrid_are_its_blocks() -> None:
    hybrid = model("lfm2")
    trace = hybrid.trace(text_of(23))
    assert (trace.layers, trace.layers_of(), trace.heads_by_layer()) == (4, 4, (0, 4, 0, 4))
    with torch.no_grad():
        eager = build("lfm2", eager=True)(
            torch.tensor([[token.id for token in trace.tokens]]), output_attentions=True
        ).attentions
    patterns = [pattern for pattern in eager if pattern is not None]
    for layer, pattern in zip((1, 3), patterns, strict=True):
        np.testing.assert_allclose(trace.attention(layer), pattern[0].numpy(), atol=1e-5)
    with pytest.raises(Unsupported, match=r"Block 2 .* does not attend.* layer 1 or 3"):
        trace.attention(2, 0)
    with pytest.raises(Unsupported, match="Rollout"):
        rollout_of(trace, 3)
    assert {one.layer for one in interesting_heads(hybrid, trace)} <= {1, 3}
    assert layer_summary(trace, PatternSpec(), 0).cells.shape[0] == 0
    assert len(layer_summary(trace, PatternSpec(), 1).scores["entropy"]) == 4


def test_heads_may_differ_from_layer_to_layer() -> None:
    settings = families.HEADED | families.IDS | {"num_attention_heads_per_layer": [4, 8, 4]}
    settings |= {"num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 16}
    automatic: Any = AUTOMATIC["decoder"]
    network = automatic.from_config(made("LagunaConfig", settings), attn_implementation="capture")
    laguna = assemble("laguna", network, words(), kind="decoder", revision="test")
    trace = laguna.trace(text_of(9))
    assert (trace.heads_by_layer(), trace.heads_of()) == ((4, 8, 4), 8)
    assert trace.attention(1, 7).shape == (9, 9)
    with pytest.raises(InputError, match="0 to 3"):
        trace.attention(0, 7)
    assert all(one.layer == 1 or one.head < 4 for one in interesting_heads(laguna, trace))


def test_a_state_space_model_says_that_it_has_no_attention_and_shows_the_rest() -> None:
    mamba = model("mamba")
    trace = mamba.trace(text_of(23))
    output = own("mamba", trace)
    np.testing.assert_allclose(trace.logits, output.logits[0].numpy(), atol=1e-4)
    np.testing.assert_allclose(trace.residual[1], output.hidden_states[1][0].numpy(), atol=1e-4)
    assert (trace.attention_kinds, trace.heads, mamba.heads) == ((), 0, 0)
    with pytest.raises(Unsupported, match="mamba has no attention"):
        trace.attention(0, 0)
    assert interesting_heads(mamba, trace) == ()
    found = depth_logits(mamba, trace, "logit", trace.layers, slice(None))
    np.testing.assert_allclose(found.numpy(), output.logits[0].numpy(), atol=1e-4)


@pytest.mark.parametrize("case", ["xlm", "led"])
def test_where_blocks_cannot_be_told_apart_depths_are_the_networks_own_hidden_states(case: str) -> None:
    target = text_of(5, seed=1) if case == "led" else ""
    trace = model(case).trace(text_of(23), target)
    output = own(case, trace)
    states = output.decoder_hidden_states if case == "led" else output.hidden_states
    for depth, state in enumerate(states):
        np.testing.assert_allclose(trace.residual[depth], state[0].numpy(), atol=1e-4)
    np.testing.assert_allclose(trace.logits, output.logits[0].numpy(), atol=1e-3)


@pytest.mark.parametrize("case", ["lfm2", "mamba", "openai-gpt", "roberta, decoder"])
def test_every_decoder_completes_as_it_would_without_a_cache(case: str) -> None:
    described, text = model(case), text_of(6)
    network, ids = build(case), [token.id for token in described.tokenize(text)]
    found = list(described.complete(text, Sampling(greedy=True), max_new_tokens=8))
    for step in found:
        with torch.no_grad():
            shares = network(torch.tensor([ids]), use_cache=False).logits[0, -1].double().softmax(dim=-1)
        assert step.token.id == int(shares.argmax())
        assert step.probability == pytest.approx(float(shares.max()), rel=1e-3)
        ids.append(step.token.id)


@pytest.mark.parametrize("case", ["xmod", "ibert", "roberta"])
def test_the_context_leaves_out_rows_of_the_table_that_are_never_read(case: str) -> None:
    described = model(case)
    assert described.context == 62
    assert len(described.trace(text_of(62)).tokens) == 62


def made(name: str, settings: dict[str, Any]) -> Any:
    """A configuration of this class."""
    return getattr(transformers, name)(**settings)


def bare(kind: str) -> LanguageModel:
    """A network without a head for words."""
    if kind == "t5":
        return assemble("t5", T5EncoderModel(made("T5Config", families.T5)), words(), kind="encoder", revision="test")
    network = BertModel(made("BertConfig", families.ENCODER), add_pooling_layer=False)
    return assemble("minilm", network, words(), kind="encoder", revision="test")


@pytest.mark.parametrize("kind", ["bert", "t5"])
def test_a_network_without_a_head_shows_attention_and_depths_and_says_why_no_words(kind: str) -> None:
    described = bare(kind)
    trace = described.trace(text_of(9))
    inputs = {"input_ids": torch.tensor([[token.id for token in trace.tokens]])}
    described.network.set_attn_implementation("eager")
    with torch.no_grad():
        output = described.network(**inputs, output_attentions=True, output_hidden_states=True)
    described.network.set_attn_implementation("capture")
    for layer, pattern in enumerate(output.attentions):
        np.testing.assert_allclose(trace.attention(layer), pattern[0].numpy(), atol=1e-5)
    for depth, state in enumerate(output.hidden_states[:-1]):
        np.testing.assert_allclose(trace.residual[depth], state[0].numpy(), atol=1e-4)
    for ask in (lambda: trace.logits, lambda: trace.logits_at(-1), lambda: described.embedding("output"),
                lambda: described.complete("w5", Sampling())):  # fmt: skip
        with pytest.raises(Unsupported, match="no head that turns them into words"):
            ask()


def test_a_decoder_start_that_only_the_generation_settings_name_is_found() -> None:
    network = build("t5")
    network.config.decoder_start_token_id = None
    network.generation_config.decoder_start_token_id = 3
    described = assemble("t5", network, words(), kind="encoder-decoder", revision="test")
    assert described.trace("w7 w8", "w9").target_tokens[0].id == 3


def test_numbers_that_end_are_named_with_their_layer() -> None:
    described = families.assembled("llama", "llama")
    with torch.no_grad():
        described.network.model.layers[1].mlp.down_proj.weight[0] = float("nan")
    with pytest.raises(Unsupported, match="no numbers at layer 1"):
        described.trace(text_of(5))
    with pytest.raises(Unsupported, match="no numbers"):
        list(described.complete(text_of(5), Sampling()))
    broken = build("llama")
    with torch.no_grad():
        broken.model.layers[2].self_attn.q_proj.weight[0] = float("inf")
    with pytest.raises(CorruptModel, match=r"layers\.2\.self_attn\.q_proj\.weight .* no numbers"):
        assemble("broken", broken, words(), kind="decoder", revision="test")
