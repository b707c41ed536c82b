"""Lets an encoder or an encoder-decoder begin with what storybook-llama has learned: the layers have the same shape.

A decoder's weights are a good beginning for both (Rothe et al. 2020, "Leveraging pre-trained checkpoints for sequence
generation tasks"; Gisserot-Boukhlef et al. 2025, "Should we still pretrain encoders with masked language modeling?").
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from models.errors import InputError
from models.training import checkpoint
from models.training.presets import PRESETS, Network, Preset
from models.training.tokenizer import FIRST_SENTINEL_ID, MASK_ID, SENTINELS

Weights = Mapping[str, Tensor]

FEED_FORWARD = {"wi_0": "gate_proj", "wi_1": "up_proj", "wo": "down_proj"}
"""T5's names for the matrices of a gated layer, and Llama's."""

PLACES = {
    "encoder": ((-1, 2.0), (1, 2.0), (-2, 1.0), (2, 1.0), (0, 0.5), (0, 0.15), (0, 0.0), (0, 0.0)),
    "decoder": ((-1, 2.0), (-2, 1.0), (-3, 1.0), (0, 0.5), (0, 0.25), (0, 0.1), (0, 0.0), (0, 0.0)),
}
"""Where each head of T5 looks at first: the distance it prefers, and what each token farther away costs its score."""

MAX_DISTANCE, MIN_BIAS = 128, -8.0
"""Distances beyond share a number, and no score begins lower: e⁻⁸ of the attention is none."""

SENTINEL_NORM = 2.0
"""Size of what tells one sentinel from the next, beside tokens' embeddings of size 1."""

GROUPS = PRESETS["storybook-llama"].config.num_key_value_heads
"""Heads of Llama's that share keys and values stand side by side."""


@torch.no_grad()
def begin(preset: Preset, network: Network, folders: Sequence[Path]) -> None:
    """Copy trained weights into `network`, as far as they have a place there.

    Each of `folders` is a run or a finished model. The first is storybook-llama's; an encoder-decoder may take its
    encoder from a second, storybook-bert's. Raises InputError where a folder holds no weights of that shape.
    """
    trained = [_trained(folder) for folder in folders]
    try:
        copied = dict(_encoder_decoder(trained[0], trained[-1], network) if preset.objective == "gaps" else trained[0])
        network.load_state_dict({**network.state_dict(), **copied})
    except (KeyError, RuntimeError) as failure:  # a name that is missing, or one or a shape that has no place
        names = " and ".join(map(str, folders))
        advice = "Name a folder of storybook-llama with --begin."
        raise InputError(f"The weights in {names} do not fit this model. {advice}") from failure


def _trained(folder: Path) -> Weights:
    if (folder / "best.pt").exists():
        weights: Weights = checkpoint.read(folder / "best.pt")["weights"]
        return weights
    files = sorted(folder.glob("model*.safetensors"))
    if not files:
        raise InputError(
            f"{folder} holds no trained weights. Train storybook-llama first, or use --begin without a name."
        )
    return {name: weight.float() for file in files for name, weight in load_file(file).items()}


def _encoder_decoder(decoder: Weights, encoder: Weights, network: Network) -> Iterator[tuple[str, Tensor]]:
    """T5's weights from Llama's and a Llama-shaped encoder's."""
    width, head = network.config.d_model, network.config.d_kv
    embedding = _told_apart(decoder["model.embed_tokens.weight"])
    for name in ("shared.weight", "encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight"):
        yield name, embedding
    for stack, weights, last in ((network.encoder, encoder, 1), (network.decoder, decoder, 2)):
        name = "decoder" if stack.is_decoder else "encoder"
        factor = width**0.5 if stack.is_decoder else 1.0  # T5 divides by it before the output layer
        yield f"{name}.final_layer_norm.weight", weights["model.norm.weight"] * factor
        for layer, source in enumerate(_spread(len(stack.block), weights)):
            yield from _block(weights, f"model.layers.{source}", f"{name}.block.{layer}.layer", last, head)
        places = _places(stack.block[0].layer[0].SelfAttention, PLACES[name])
        yield f"{name}.block.0.layer.0.SelfAttention.relative_attention_bias.weight", places
    for layer in range(len(network.decoder.block)):
        yield from _reading(f"decoder.block.{layer}.layer.1.EncDecAttention", width, head)


def _told_apart(embedding: Tensor) -> Tensor:
    """Sentinels that no text contained have all become alike: each is the mask now, and something of its own."""
    random = torch.Generator().manual_seed(FIRST_SENTINEL_ID)
    own = torch.randn(len(SENTINELS), embedding.shape[1], generator=random)
    apart = embedding.clone()
    apart[FIRST_SENTINEL_ID : FIRST_SENTINEL_ID + len(SENTINELS)] = embedding[MASK_ID] + SENTINEL_NORM * (
        torch.nn.functional.normalize(own, dim=1)
    )
    return apart


def _spread(layers: int, weights: Weights) -> list[int]:
    """Which layers of the source to take where there are more of them: the first, the last, and evenly between."""
    there = 1 + max(int(name.split(".")[2]) for name in weights if name.startswith("model.layers."))
    return [int(layer) for layer in torch.linspace(0, there - 1, layers).round()]


def _places(attention: Network, preferred: Sequence[tuple[int, float]]) -> Tensor:
    """T5's numbers per distance (bucket, head), so that each head begins by looking where PLACES says."""
    there = range(-MAX_DISTANCE, 1) if attention.is_decoder else range(-MAX_DISTANCE, MAX_DISTANCE + 1)
    distances = torch.tensor(there)
    buckets = attention._relative_position_bucket(distances, bidirectional=not attention.is_decoder)  # noqa: SLF001 -- not public
    count, heads = attention.relative_attention_bias.weight.shape
    wanted = torch.stack([-slope * (distances - place).abs() for place, slope in preferred[:heads]], dim=1)
    sums = torch.zeros(count, heads).index_add_(0, buckets, wanted.clamp(min=MIN_BIAS))
    return sums / torch.bincount(buckets, minlength=count).clamp(min=1)[:, None]


def _reading(name: str, width: int, head: int) -> Iterator[tuple[str, Tensor]]:
    """Cross attention that looks for what is like the place it writes for, so a gap finds its own sentinel."""
    random = torch.Generator().manual_seed(width)
    turned = torch.linalg.qr(torch.randn(width, width, generator=random)).Q
    yield f"{name}.q.weight", turned * head**-0.5
    yield f"{name}.k.weight", turned
    yield f"{name}.v.weight", torch.eye(width)
    yield f"{name}.o.weight", torch.zeros(width, width)


def _block(weights: Weights, source: str, target: str, last: int, head: int) -> Iterator[tuple[str, Tensor]]:
    """One layer: its attention, with every head's own keys and values, and its gated layer."""
    query = weights[f"{source}.self_attn.q_proj.weight"]
    yield f"{target}.0.SelfAttention.q.weight", query * head**-0.5  # T5 does not divide its scores
    yield f"{target}.0.SelfAttention.o.weight", weights[f"{source}.self_attn.o_proj.weight"]
    shared_head = weights[f"{source}.self_attn.k_proj.weight"].shape[0] // GROUPS
    for part in ("k", "v"):
        shared = weights[f"{source}.self_attn.{part}_proj.weight"].reshape(GROUPS, shared_head, -1)
        copies = query.shape[0] // shared_head // GROUPS
        yield f"{target}.0.SelfAttention.{part}.weight", shared.repeat_interleave(copies, dim=0).flatten(0, 1)
    yield f"{target}.0.layer_norm.weight", weights[f"{source}.input_layernorm.weight"]
    yield f"{target}.{last}.layer_norm.weight", weights[f"{source}.post_attention_layernorm.weight"]
    for own, other in FEED_FORWARD.items():
        yield f"{target}.{last}.DenseReluDense.{own}.weight", weights[f"{source}.mlp.{other}.weight"]
