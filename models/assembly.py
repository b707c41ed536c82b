"""From a network and its tokenizer to a LanguageModel: anatomy found, and captured attention checked against eager."""

from typing import Any

import numpy as np
import torch

from models.anatomy import Anatomy, discover, listen
from models.attention import CAPTURE, EAGER, register
from models.errors import Unsupported
from models.language_model import LanguageModel
from models.run import Inputs, Noted, implementation, run

# How far captured attention may lie from eager: rounding in float32; half precision rounds eager's own weights.
TOLERANCE = {torch.float32: 1e-4}
COARSE = 3e-2


def preferred_attention(automatic: Any, config: Any) -> str:
    """Captured attention for families that take their attention function from the registry, else eager."""
    register()
    network_class = automatic._model_mapping[type(config)]  # noqa: SLF001 - no public way from configuration to class
    return CAPTURE if network_class._can_set_attn_implementation() else EAGER  # noqa: SLF001


def assemble(name: str, network: Any, tokenizer: Any, *, kind: str, revision: str) -> LanguageModel:
    """Find the anatomy of a network, settle how its attention is read, and put it together with its tokenizer."""
    network.eval().requires_grad_(requires_grad=False)
    inputs = probe_inputs(network)
    anatomy = discover(network, inputs)
    listen(anatomy)
    noted = settle_attention(network, anatomy, inputs)
    layers = [layer for layers in noted.scores.values() for layer in layers]
    if not layers or not all(noted.scores.values()) or not whole(noted, inputs):
        raise Unsupported(f"{name} attends in a way the explorer cannot read; choose another model.")
    weight = next(network.parameters())
    return LanguageModel(
        name=name,
        revision=revision,
        kind=kind,
        family=network.config.model_type,
        network=network,
        tokenizer=tokenizer,
        anatomy=anatomy,
        device=weight.device.type,
        precision=str(weight.dtype).removeprefix("torch."),
        context=context_of(network.config),
        layers=anatomy.depths["decoder"] - 1,
        heads=layers[-1].shape[0],
    )


def settle_attention(network: Any, anatomy: Anatomy, inputs: Inputs) -> Noted:
    """Runs captured and eager attention on the probe; where the two disagree, eager it is from then on."""
    if implementation(network) != CAPTURE:
        return run(network, anatomy, inputs)
    captured = run(network, anatomy, inputs, trusted=False)
    network.set_attn_implementation(EAGER)
    eager = run(network, anatomy, inputs)
    tolerance = TOLERANCE.get(next(network.parameters()).dtype, COARSE)
    if not agree(captured, eager, tolerance):
        return eager
    network.set_attn_implementation(CAPTURE)
    return captured


def agree(captured: Noted, eager: Noted, tolerance: float) -> bool:
    """Whether every pattern captured is the one eager attention computed; never so after an unknown keyword."""
    if captured.unknown or captured.scores.keys() != eager.scores.keys():
        return False
    everything = slice(None)
    pairs = [
        (ours.pattern(everything, everything), theirs.pattern(everything, everything))
        for kind in eager.scores
        for ours, theirs in zip(captured.scores[kind], eager.scores[kind], strict=False)
    ]
    counts = all(len(captured.scores[kind]) == len(eager.scores[kind]) for kind in eager.scores)
    return counts and all(a.shape == b.shape and np.abs(a - b).max() <= tolerance for a, b in pairs)


def whole(noted: Noted, inputs: Inputs) -> bool:
    """Whether every pattern has a row for each query and a column for each key; sparse attention has not."""
    source = inputs["input_ids"].shape[1]
    target = inputs.get("decoder_input_ids", inputs["input_ids"]).shape[1]
    wanted = {"self": (source, source), "encoder": (source, source)}
    wanted |= {"decoder": (target, target), "cross": (target, source)}
    return all(layer.shape[1:] == wanted[kind] for kind, layers in noted.scores.items() for layer in layers)


def probe_inputs(network: Any) -> dict[str, torch.Tensor]:
    """A few tokens to run once; source and target differ in length so that the two cannot be confused."""
    place = network.get_input_embeddings().weight.device
    inputs = {"input_ids": torch.arange(5, 12, device=place)[None]}
    if network.config.is_encoder_decoder:
        inputs["decoder_input_ids"] = torch.arange(6, 11, device=place)[None]
    return inputs


def context_of(config: Any) -> int | None:
    """How many tokens the model can read; None where positions have no end (T5's biases, ALiBi)."""
    names = ("max_position_embeddings", "n_positions", "n_ctx", "max_seq_len", "seq_length")
    found = (getattr(config.get_text_config(), name, None) for name in names)
    count = next((int(count) for count in found if count and int(count) > 0), None)
    # RoBERTa's table starts counting behind the padding token, so two of its rows are never used.
    offset = (config.pad_token_id or 0) + 1 if config.model_type in COUNTED_FROM_PADDING else 0
    return None if count is None else count - offset


COUNTED_FROM_PADDING = {"roberta", "xlm-roberta", "camembert", "data2vec-text", "mpnet", "longformer", "esm"}
