"""From a network and its tokenizer to a LanguageModel: modules located, attention checked against eager."""

from pathlib import Path
from typing import Any

import numpy as np
import torch

from models.engine.architecture import Architecture, locate_modules
from models.engine.capture import CAPTURE, EAGER, implementation, register
from models.engine.forward import ForwardRecord, Inputs, forward
from models.engine.hooks import install_hooks
from models.engine.language_model import LanguageModel
from models.errors import Unsupported
from models.translation import _

# How far captured attention may lie from eager: rounding in float32; half precision rounds eager's own weights.
TOLERANCE = {torch.float32: 1e-4}
COARSE = 3e-2


def preferred_attention(automatic: Any, config: Any) -> str:
    """Captured attention for families that take their attention function from the registry, else eager."""
    register()
    network_class = automatic._model_mapping[type(config)]  # noqa: SLF001 - no public way from configuration to class
    return CAPTURE if network_class._can_set_attn_implementation() else EAGER  # noqa: SLF001


def assemble(
    name: str, network: Any, tokenizer: Any, *, kind: str, revision: str, folder: Path | None = None
) -> LanguageModel:
    """Find the architecture of a network, settle how its attention is read, and put it together with its tokenizer."""
    network.eval().requires_grad_(requires_grad=False)
    inputs = probe_inputs(network)
    architecture = locate_modules(network, inputs)
    install_hooks(network, architecture)
    record = settle_attention(network, architecture, inputs)
    layers = [layer for layers in record.layer_attention.values() for layer in layers]
    if not layers or not all(record.layer_attention.values()) or not whole(record, inputs):
        raise Unsupported(_("{name} uses an attention the explorer does not support; choose another model.", name=name))
    weight = next(network.parameters())
    return LanguageModel(
        name=name,
        revision=revision,
        kind=kind,
        family=network.config.model_type,
        network=network,
        tokenizer=tokenizer,
        architecture=architecture,
        device=weight.device.type,
        precision=str(weight.dtype).removeprefix("torch."),
        context=context_of(network.config),
        folder=folder,
        layers=architecture.depths["decoder"] - 1,
        heads=layers[-1].shape[0],
    )


def settle_attention(network: Any, architecture: Architecture, inputs: Inputs) -> ForwardRecord:
    """Runs captured and eager attention on the probe; where the two disagree, eager it is from then on."""
    if implementation(network) != CAPTURE:
        return forward(network, architecture, inputs)
    captured = forward(network, architecture, inputs, trusted=False)
    network.set_attn_implementation(EAGER)
    eager = forward(network, architecture, inputs)
    tolerance = TOLERANCE.get(next(network.parameters()).dtype, COARSE)
    if not agree(captured, eager, tolerance):
        return eager
    network.set_attn_implementation(CAPTURE)
    return captured


def agree(captured: ForwardRecord, eager: ForwardRecord, tolerance: float) -> bool:
    """True if every pattern captured is the one eager attention computed; never after an unknown keyword."""
    if captured.unknown or captured.layer_attention.keys() != eager.layer_attention.keys():
        return False
    everything = slice(None)
    pairs = [
        (ours.pattern(everything, everything), theirs.pattern(everything, everything))
        for kind in eager.layer_attention
        for ours, theirs in zip(captured.layer_attention[kind], eager.layer_attention[kind], strict=False)
    ]
    counts = all(len(captured.layer_attention[kind]) == len(layers) for kind, layers in eager.layer_attention.items())
    return counts and all(a.shape == b.shape and np.abs(a - b).max() <= tolerance for a, b in pairs)


def whole(record: ForwardRecord, inputs: Inputs) -> bool:
    """True if every pattern has a row for each query and a column for each key; sparse attention has not."""
    source = inputs["input_ids"].shape[1]
    target = inputs.get("decoder_input_ids", inputs["input_ids"]).shape[1]
    wanted = {"self": (source, source), "encoder": (source, source)}
    wanted |= {"decoder": (target, target), "cross": (target, source)}
    return all(layer.shape[1:] == wanted[kind] for kind, layers in record.layer_attention.items() for layer in layers)


def probe_inputs(network: Any) -> dict[str, torch.Tensor]:
    """A few tokens to run once; source and target differ in length so that the two cannot be confused."""
    device = network.get_input_embeddings().weight.device
    inputs = {"input_ids": torch.arange(5, 12, device=device)[None]}
    if network.config.is_encoder_decoder:
        inputs["decoder_input_ids"] = torch.arange(6, 11, device=device)[None]
    return inputs


def context_of(config: Any) -> int | None:
    """The context length in tokens; None where positions have no end (T5's biases, ALiBi)."""
    names = ("max_position_embeddings", "n_positions", "n_ctx", "max_seq_len", "seq_length")
    found = (getattr(config.get_text_config(), name, None) for name in names)
    count = next((int(count) for count in found if count and int(count) > 0), None)
    # RoBERTa's table starts counting behind the padding token, so two of its rows are never used.
    offset = (config.pad_token_id or 0) + 1 if config.model_type in COUNTED_FROM_PADDING else 0
    return None if count is None else count - offset


COUNTED_FROM_PADDING = {"roberta", "xlm-roberta", "camembert", "data2vec-text", "mpnet", "longformer", "esm"}
