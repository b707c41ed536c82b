"""Lets an encoder or an encoder-decoder begin with what storybook-llama has learned: the layers have the same shape.

A decoder's weights are a good beginning for both (Rothe et al. 2020, "Leveraging pre-trained checkpoints for sequence
generation tasks"; Gisserot-Boukhlef et al. 2025, "Should we still pretrain encoders with masked language modeling?").
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import torch
from torch import Tensor

from models.errors import InputError
from models.training import checkpoint
from models.training.presets import Network, Preset

Weights = Mapping[str, Tensor]

FEED_FORWARD = {"wi_0": "gate_proj", "wi_1": "up_proj", "wo": "down_proj"}
"""T5's names for the matrices of a gated layer, and Llama's."""


@torch.no_grad()
def begin(preset: Preset, network: Network, run: Path) -> None:
    """Copy the best weights of the decoder trained in `run` into `network`, as far as they have a place there.

    Raises InputError where `run` holds no weights of storybook-llama's shape.
    """
    path = run / "best.pt"
    if not path.exists():
        raise InputError(f"{run} holds no trained weights. Train storybook-llama first, or leave --begin out.")
    weights = checkpoint.read(path)["weights"]
    copied = dict(_encoder_decoder(weights, network) if preset.objective == "gaps" else weights)
    own = network.state_dict()
    if any(name not in own or own[name].shape != weight.shape for name, weight in copied.items()):
        raise InputError(f"The weights in {run} do not fit this model. Name a run of storybook-llama with --begin.")
    network.load_state_dict(copied, strict=False)


def _encoder_decoder(weights: Weights, network: Network) -> Iterator[tuple[str, Tensor]]:
    """T5's weights from Llama's; its cross attention begins by adding nothing."""
    config = network.config
    for name in ("shared.weight", "encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight"):
        yield name, weights["model.embed_tokens.weight"]
    yield "encoder.final_layer_norm.weight", weights["model.norm.weight"]
    yield (
        "decoder.final_layer_norm.weight",
        weights["model.norm.weight"] * config.d_model**0.5,
    )  # T5 divides by it later
    for stack, layers, last in (("encoder", config.num_layers, 1), ("decoder", config.num_decoder_layers, 2)):
        for layer in range(layers):
            yield from _block(weights, f"model.layers.{layer}", f"{stack}.block.{layer}.layer", last, config.d_kv)
    for layer in range(config.num_decoder_layers):
        name = f"decoder.block.{layer}.layer.1.EncDecAttention.o.weight"
        yield name, torch.zeros_like(network.state_dict()[name])


def _block(weights: Weights, source: str, target: str, last: int, head: int) -> Iterator[tuple[str, Tensor]]:
    """One layer: its attention, with every head's own keys and values, and its gated layer."""
    query = weights[f"{source}.self_attn.q_proj.weight"]
    yield f"{target}.0.SelfAttention.q.weight", query * head**-0.5  # T5 does not divide its scores
    yield f"{target}.0.SelfAttention.o.weight", weights[f"{source}.self_attn.o_proj.weight"]
    for part in ("k", "v"):
        stacked = weights[f"{source}.self_attn.{part}_proj.weight"]
        shared = stacked.reshape(-1, head, stacked.shape[1])  # (group, head width, width)
        heads = shared.repeat_interleave(query.shape[0] // shared[:, :, 0].numel(), dim=0)
        yield f"{target}.0.SelfAttention.{part}.weight", heads.flatten(0, 1)
    yield f"{target}.0.layer_norm.weight", weights[f"{source}.input_layernorm.weight"]
    yield f"{target}.{last}.layer_norm.weight", weights[f"{source}.post_attention_layernorm.weight"]
    for own, other in FEED_FORWARD.items():
        yield f"{target}.{last}.DenseReluDense.{own}.weight", weights[f"{source}.mlp.{other}.weight"]
