"""The four storybook models as data: transformers' own configurations, and what training must know of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import torch
from torch import Tensor
from transformers import (
    EuroBertConfig,
    EuroBertForMaskedLM,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedConfig,
    T5Config,
    T5ForConditionalGeneration,
)

from models.training.attention import NAME as ATTENTION
from models.training.compilation import compile_pieces
from models.training.tokenizer import END_ID, MASK_ID, PAD_ID, VOCABULARY

Objective = Literal["next", "masked", "gaps"]

Network: TypeAlias = Any
"""A PreTrainedModel: transformers tells a type checker nothing about the parts and calls of its networks."""


@dataclass(frozen=True)
class Preset:
    """One model: its shape, its task, and the rows of a training step.

    `repeats` of the rows teach copying (rows.py). How the matrices lie and at what pace some learn is for optimizer.py;
    `peak` is a factor on all rates, `beginnings` the models whose weights it begins with (beginnings.py).
    """

    config: PreTrainedConfig
    network: Any
    objective: Objective
    rows: int
    context: int = 256
    transposed: bool = False
    fused_parts: int = 1
    pace: Mapping[str, float] = field(default_factory=dict)
    peak: float = 1.0
    repeats: int = 0
    beginnings: tuple[str, ...] = ()


PRESETS: dict[str, Preset] = {
    "storybook": Preset(
        GPT2Config(
            vocab_size=VOCABULARY, n_positions=256, n_embd=256, n_layer=6, n_head=4,
            resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, bos_token_id=END_ID, eos_token_id=END_ID,
        ),
        GPT2LMHeadModel, "next", rows=32, transposed=True, fused_parts=3, repeats=1,
    ),
    "storybook-llama": Preset(
        LlamaConfig(
            vocab_size=VOCABULARY, max_position_embeddings=256, hidden_size=256, intermediate_size=704,
            num_hidden_layers=6, num_attention_heads=4, num_key_value_heads=2, tie_word_embeddings=True,
            bos_token_id=END_ID, eos_token_id=END_ID, pad_token_id=PAD_ID,
        ),
        LlamaForCausalLM, "next", rows=32, repeats=1,
    ),
    "storybook-bert": Preset(
        EuroBertConfig(
            vocab_size=VOCABULARY, max_position_embeddings=256, hidden_size=256, intermediate_size=704,
            num_hidden_layers=6, num_attention_heads=4, num_key_value_heads=2, tie_word_embeddings=True,
            bos_token_id=END_ID, eos_token_id=END_ID, pad_token_id=PAD_ID, mask_token_id=MASK_ID,
        ),
        EuroBertForMaskedLM, "masked", rows=16, peak=0.5, beginnings=("storybook-llama",),
    ),
    "storybook-t5": Preset(
        T5Config(  # type: ignore[call-arg] # two settings of every configuration are not declared
            vocab_size=VOCABULARY, d_model=256, d_kv=32, d_ff=704, num_layers=5, num_decoder_layers=5, num_heads=8,
            feed_forward_proj="gated-silu", dropout_rate=0.0, tie_word_embeddings=True,
            pad_token_id=PAD_ID, eos_token_id=END_ID, decoder_start_token_id=PAD_ID,
        ),
        T5ForConditionalGeneration, "gaps", rows=16, peak=0.5, beginnings=("storybook-llama", "storybook-bert"),
        # T5 does not divide its scores by √32: its queries carry the factor, and must learn as much more slowly.
        # All it knows of places is one number per head and distance, which must grow to several: they learn faster.
        pace={"Attention.q.weight": 32**-0.5, "relative_attention_bias.weight": 20.0},
    ),
}  # fmt: skip
"""By name, in the order in which they are worth training."""


def network(preset: Preset, *, seed: int, device: torch.device, precision: torch.dtype) -> Network:
    """A fresh network with random weights, ready for training."""
    torch.manual_seed(seed)
    fresh = _built(preset, ATTENTION)
    if preset.objective == "gaps":
        with torch.no_grad():  # T5 begins with embeddings of size 1, which small steps take very long to shape
            fresh.get_input_embeddings().weight.mul_(0.1)
    fresh = fresh.to(device=device, dtype=precision)
    compile_pieces(fresh)
    return fresh.train()


def plain(preset: Preset, weights: Iterable[Tensor] | None = None) -> Network:
    """The same network in float32 on the CPU with `weights` in the order of its parameters, as others will load it."""
    copy = _built(preset, "sdpa").eval()
    if weights is not None:
        with torch.no_grad():
            for parameter, weight in zip(copy.parameters(), weights, strict=True):
                parameter.copy_(weight)
    return copy


def _built(preset: Preset, attention: str) -> Network:
    config = type(preset.config).from_dict(preset.config.to_dict())
    config._attn_implementation = attention  # noqa: SLF001 -- has no public setter
    return preset.network(config)
