"""Every number of a trace is the model's own: compared, family by family, with transformers' eager attention."""

import pickle
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch

from models.engine.capture import CAPTURE, implementation
from models.engine.trace import Trace
from models.errors import InputError, PromptTooLong, Unsupported
from tests.models.families import FAMILIES, model, reference, text_of

LENGTH, TARGET_LENGTH = 23, 17
OUTPUTS = {
    "self": "attentions",
    "encoder": "encoder_attentions",
    "decoder": "decoder_attentions",
    "cross": "cross_attentions",
}
OUTSIDE = {
    "gpt_neo", "gptj", "codegen", "openai-gpt", "bloom", "falcon", "mpt", "xglm", "deberta-v2", "mpnet",
}  # fmt: skip
WRONG_EAGERLY = {"falcon, ALiBi"}
"""Falcon's eager attention adds ALiBi twice, its default once: see `test_own_numbers`."""
every_family = pytest.mark.parametrize("case", FAMILIES)


@cache
def traced(case: str, length: int = LENGTH) -> Trace:
    both = model(case).kind == "encoder-decoder"
    return model(case).trace(text_of(length), text_of(TARGET_LENGTH, seed=1) if both else "")


@cache
def expected(case: str, length: int = LENGTH) -> Any:
    """The output of transformers for the same tokens, attention computed eagerly."""
    trace = traced(case, length)
    inputs = {"input_ids": torch.tensor([[token.id for token in trace.tokens]])}
    if trace.target_tokens:
        inputs["decoder_input_ids"] = torch.tensor([[token.id for token in trace.target_tokens]])
    with torch.no_grad():
        asked = {} if case in WRONG_EAGERLY else {"output_attentions": True}
        return reference(case)(**inputs, **asked, output_hidden_states=True)


def test_at_least_24_architectures_are_compared() -> None:
    assert len({model(case).family for case in FAMILIES}) >= 24


@every_family
def test_attention_is_captured_wherever_the_family_allows_it(case: str) -> None:
    """Eager attention stands in where captured attention would be wrong: without this, a broken capture goes unseen."""
    assert (implementation(model(case).network) != CAPTURE) == (model(case).family in OUTSIDE)


@every_family
def test_attention_of_every_layer_head_and_kind_is_the_models_own(case: str) -> None:
    trace = traced(case)
    for kind in set(trace.attention_kinds) if case not in WRONG_EAGERLY else ():
        patterns = getattr(expected(case), OUTPUTS[kind])
        assert trace.layers_of(kind) == len(patterns)
        for layer, pattern in enumerate(patterns):
            assert trace.heads_of(kind) == pattern.shape[1]
            np.testing.assert_allclose(trace.attention(layer, kind=kind), pattern[0].numpy(), rtol=0, atol=1e-5)


@every_family
def test_rows_of_attention_share_out_one_whole(case: str) -> None:
    trace = traced(case)
    for kind in trace.attention_kinds:
        for layer in range(trace.layers_of(kind)):
            sums = trace.attention(layer, kind=kind).sum(axis=-1)
            assert sums.max() <= 1 + 1e-5
            assert sums.min() >= 1 - 1e-5 or case == "gpt_oss"  # its sinks keep a share that goes to no token


@every_family
def test_logits_are_the_models_own(case: str) -> None:
    logits = expected(case).logits[0].numpy()
    np.testing.assert_allclose(traced(case).logits, logits, rtol=0, atol=1e-3)
    for position in (-1, 0, 5, len(logits) - 1):
        np.testing.assert_allclose(traced(case).logits_at(position), logits[position], rtol=0, atol=1e-3)


@every_family
def test_the_last_depth_reads_as_the_logits(case: str) -> None:
    unembedding = model(case).architecture.unembedding
    assert unembedding is not None
    with torch.no_grad():
        read = unembedding(torch.from_numpy(np.array(traced(case).residual[-1]))[None])[0]
    torch.testing.assert_close(read, expected(case).logits[0], rtol=0, atol=1e-3)


@every_family
def test_the_lens_at_the_last_depth_is_the_models_own_logits(case: str) -> None:
    trace = traced(case)
    np.testing.assert_allclose(trace.lens(trace.layers), expected(case).logits[0].numpy(), rtol=0, atol=1e-3)
    np.testing.assert_array_equal(trace.lens(trace.layers), trace.logits)


@pytest.mark.parametrize(
    ("case", "norm", "head"),
    [
        ("gpt2", "transformer.ln_f", "lm_head"),
        ("llama", "model.norm", "lm_head"),
        ("gpt_neox", "gpt_neox.final_layer_norm", "lm_head"),
        ("t5, gated and untied", "decoder.final_layer_norm", "lm_head"),
        ("bert", "cls.predictions.transform", "cls.predictions.decoder"),
    ],
)
def test_the_logit_lens_is_final_norm_and_output_embedding_at_any_depth(case: str, norm: str, head: str) -> None:
    trace, network = traced(case), reference(case)
    for depth in range(trace.layers):
        residual = torch.from_numpy(np.array(trace.residual[depth]))
        with torch.no_grad():
            wanted = network.get_submodule(head)(network.get_submodule(norm)(residual)).numpy()
        np.testing.assert_allclose(trace.lens(depth), wanted, rtol=0, atol=1e-4)
        np.testing.assert_allclose(trace.lens(depth, positions=slice(2, 4)), wanted[2:4], rtol=0, atol=1e-4)
        assert not np.allclose(wanted, trace.logits, atol=1e-2)


@pytest.mark.parametrize("depth", [-1, 4])
def test_a_depth_out_of_range_is_named(depth: int) -> None:
    with pytest.raises(InputError, match=r"depth .* 0 to 3"):
        traced("gpt2").lens(depth)


def test_a_lens_of_another_name_is_refused() -> None:
    with pytest.raises(InputError, match="one of logit, tuned"):
        traced("gpt2").lens(1, lens="magnifying")


@every_family
def test_the_residual_stream_is_what_each_block_put_out(case: str) -> None:
    trace, output = traced(case), expected(case)
    states = output.decoder_hidden_states if trace.kind == "encoder-decoder" else output.hidden_states
    assert trace.residual.shape == (len(states), len(trace.target_tokens or trace.tokens), model(case).width)
    for depth, state in enumerate(states[:-1]):  # transformers' last state has often been through the final norm
        np.testing.assert_allclose(trace.residual[depth], state[0].numpy(), rtol=1e-4, atol=1e-4)
    if trace.encoder_residual is not None:
        for depth, state in enumerate(output.encoder_hidden_states[:-1]):
            np.testing.assert_allclose(trace.encoder_residual[depth], state[0].numpy(), rtol=1e-4, atol=1e-4)


@every_family
def test_decoders_never_look_ahead_and_encoders_do(case: str) -> None:
    trace = traced(case)
    for kind in set(trace.attention_kinds) - {"cross"}:
        ahead = np.triu(np.ones((len(trace.queries(kind)), len(trace.keys(kind)))), k=1).astype(bool)
        seen = max(trace.attention(layer, kind=kind)[:, ahead].max() for layer in range(trace.layers_of(kind)))
        sees_ahead = kind == "encoder" or trace.kind == "encoder"
        assert (seen > 1e-3) == sees_ahead
        assert seen == 0 or sees_ahead


@every_family
def test_a_prefix_has_the_same_logits(case: str) -> None:
    if model(case).kind == "encoder":
        pytest.skip("an encoder reads from both sides")
    whole = traced(case)
    shorter = (
        model(case).trace(whole.text, " ".join(whole.target.split()[:6]))
        if whole.target_tokens
        else model(case).trace(" ".join(whole.text.split()[:7]))
    )
    np.testing.assert_allclose(shorter.logits, whole.logits[:7], rtol=0, atol=1e-3)


@every_family
def test_any_rows_of_any_head_are_the_rows_of_the_whole(case: str) -> None:
    trace = traced(case)
    for kind in trace.attention_kinds:
        whole = trace.attention(1, kind=kind)
        for rows in (slice(3, 9), slice(0, 1), slice(-2, None)):
            np.testing.assert_allclose(trace.attention(1, 2, kind, rows), whole[2][rows], rtol=0, atol=1e-6)
            np.testing.assert_allclose(trace.attention(1, kind=kind, queries=rows), whole[:, rows], rtol=0, atol=1e-6)


@every_family
def test_attention_times_values_is_what_the_block_hands_on(case: str) -> None:
    """Norms are positive and finite for every head and key; their values are compared where they can be told apart."""
    trace = traced(case)
    for kind in trace.attention_kinds:
        norms = trace.value_norms(trace.layers_of(kind) - 1, kind)
        assert norms.shape == (trace.heads_of(kind), len(trace.keys(kind)))
        assert np.isfinite(norms).all()
        assert (norms > 0).all()


@pytest.mark.parametrize(("case", "path"), [("llama", "model"), ("bloom", "transformer"), ("t5", "decoder")])
def test_value_norms_are_the_lengths_of_the_value_vectors(case: str, path: str) -> None:
    seen: list[torch.Tensor] = []
    network, trace = reference(case), traced(case)
    projection = {
        "llama": lambda: network.model.layers[1].self_attn.v_proj,
        "bloom": lambda: network.transformer.h[1].self_attention.query_key_value,
        "t5": lambda: network.decoder.block[1].layer[1].EncDecAttention.v,
    }[case]()
    handle = projection.register_forward_hook(lambda _, __, output: seen.append(output[0]))
    expected.__wrapped__(case)
    handle.remove()
    length = len(seen[0])
    values = seen[0].view(length, -1, 3, 8)[:, :, 2] if case == "bloom" else seen[0].view(length, -1, 8)
    lengths = values.norm(dim=-1).T.repeat_interleave(4 // values.shape[1], dim=0)
    kind = "cross" if case == "t5" else "self"
    np.testing.assert_allclose(trace.value_norms(1, kind), lengths.numpy(), rtol=1e-4)


def test_what_a_trace_hands_out_cannot_be_written_to() -> None:
    trace = traced("gpt2")
    arrays = (
        trace.residual,
        trace.attention(0),
        trace.attention(0, 0),
        trace.logits,
        trace.logits_at(0),
        trace.logits_at(-1),
    )
    assert not any(array.flags.writeable for array in (*arrays, trace.value_norms(0)))


def test_sliding_masks_and_relative_biases_are_kept_without_their_squares() -> None:
    """A trace four times as long holds about four times as much, though patterns have sixteen times the entries."""
    for case in ("llama", "mistral, sliding", "gemma2", "t5", "modernbert"):
        assert traced(case, 60).nbytes < 4.5 * traced(case, 15).nbytes


def test_a_trace_travels_to_another_process_without_its_model() -> None:
    trace = traced("gpt2")
    copy = pickle.loads(pickle.dumps(trace))
    np.testing.assert_array_equal(copy.attention(1, 1), trace.attention(1, 1))
    np.testing.assert_array_equal(copy.logits_at(-1), trace.logits_at(-1))
    with pytest.raises(Unsupported, match="run the text again"):
        copy.logits_at(0)


@pytest.mark.parametrize(
    ("layer", "head", "kind"),
    [(3, 0, "self"), (-1, 0, "self"), (0, 4, "self"), (0, -1, "self"), (0, 0, "cross")],
)
def test_a_layer_head_or_kind_out_of_range_is_named(layer: int, head: int, kind: str) -> None:
    with pytest.raises(InputError, match=r"layer .* 0 to 2|head .* 0 to 3|'cross'"):
        traced("gpt2").attention(layer, head, kind)


def test_a_position_out_of_range_is_named() -> None:
    with pytest.raises(InputError, match=r"position .* 0 to 22"):
        traced("gpt2").logits_at(LENGTH)


def test_text_longer_than_the_context_is_refused_with_both_numbers() -> None:
    with pytest.raises(PromptTooLong, match=r"65 tokens .* 64"):
        model("gpt2").trace(text_of(65))


def test_shapes_that_do_not_fit_the_tokens_are_refused_at_birth() -> None:
    trace = traced("gpt2")
    with pytest.raises(ValueError, match="22 tokens"):
        replace(trace, tokens=trace.tokens[1:])
