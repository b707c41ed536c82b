"""One recorded run of a network: attention and residual stream of every stack."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float32
from torch import Tensor

from models.attention.captured import CapturedAttention, LayerAttention
from models.engine.architecture import Architecture
from models.engine.capture import CAPTURE, Recorder, implementation, numpy_of, recording
from models.engine.eager import ValueWatch, stored_pattern, watching
from models.errors import Unsupported
from models.translation import _

Inputs = Mapping[str, Tensor]


@dataclass(frozen=True, eq=False, kw_only=True)
class ForwardRecord:
    """The result of one run. `logits` holds all rows only where they cannot be read from the residual later."""

    layer_attention: dict[str, tuple[LayerAttention, ...]]
    residual: dict[str, Float32[np.ndarray, "depth position width"]]
    last_logits: Float32[np.ndarray, " vocab"]
    logits: Float32[np.ndarray, "position vocab"] | None
    unknown: frozenset[str] = frozenset()


def forward(network: Any, architecture: Architecture, inputs: Inputs, *, trusted: bool = True) -> ForwardRecord:
    """Runs the network once without gradients; the caller holds the model's lock.

    A `trusted` network must not surprise: a keyword nobody told us about could change its scores.
    """
    captured = implementation(network) == CAPTURE
    headless = captured and architecture.unembedding is not None and network.base_model is not network
    with torch.no_grad(), recording() as recorder, nullcontext(ValueWatch()) if captured else watching() as watch:
        output = (network.base_model if headless else network)(**_settings(network, captured=captured), **inputs)
    if trusted and recorder.unknown:
        raise Unsupported(
            _(
                "This text makes the model attend in a way the explorer cannot read ({keyword}).",
                keyword=min(recorder.unknown),
            )
        )
    residual = {stack: _stacked(recorder, stack, architecture) for stack in architecture.blocks}
    logits = None if headless else output.logits[0]
    return ForwardRecord(
        layer_attention=_captured(recorder, network) if captured else _stored(output, network, watch),
        residual=residual,
        last_logits=read_logits(network, architecture, residual["decoder"][-1, -1:])[0]
        if logits is None
        else numpy_of(logits[-1]),
        logits=numpy_of(logits) if logits is not None and architecture.unembedding is None else None,
        unknown=frozenset(recorder.unknown),
    )


def read_logits(
    network: Any, architecture: Architecture, residual: Float32[np.ndarray, "position width"]
) -> Float32[np.ndarray, "position vocab"]:
    """Logits from the last depth, through final norm and output embedding, in the model's own precision."""
    if architecture.unembedding is None:
        name = type(network).__name__
        raise Unsupported(_("The way from the last block of {name} to its logits is not known.", name=name))
    weight = next(architecture.blocks["decoder"][-1].parameters())
    with torch.no_grad():
        rows = torch.from_numpy(np.array(residual)).to(device=weight.device, dtype=weight.dtype)
        return numpy_of(architecture.unembedding(rows[None])[0])


def _settings(network: Any, *, captured: bool) -> dict[str, Any]:
    settings: dict[str, Any] = {"return_dict": True}
    if hasattr(network.config, "use_cache"):
        settings["use_cache"] = False  # one pass: nothing to reuse
    if not captured:
        settings["output_attentions"] = True
    return settings


def _stacked(recorder: Recorder, stack: str, architecture: Architecture) -> Float32[np.ndarray, "depth position width"]:
    depths = recorder.residual[stack]
    if len(depths) != architecture.depths[stack]:
        ran, expected = len(depths) - 1, architecture.depths[stack] - 1
        raise Unsupported(
            _("The {stack} ran {ran} blocks where {expected} were expected.", stack=stack, ran=ran, expected=expected)
        )
    return np.stack(depths)


def _captured(recorder: Recorder, network: Any) -> dict[str, tuple[LayerAttention, ...]]:
    if not network.config.is_encoder_decoder:
        return {"self": tuple(recorder.attention.get("decoder", ()))}
    decoder = recorder.attention.get("decoder", [])
    layers: dict[str, list[CapturedAttention]] = {
        "encoder": recorder.attention.get("encoder", []),
        "decoder": decoder[0::2],  # each decoder block attends to the target, then to the source
        "cross": decoder[1::2],
    }
    return {kind: tuple(found) for kind, found in layers.items()}


def _stored(output: Any, network: Any, watch: ValueWatch) -> dict[str, tuple[LayerAttention, ...]]:
    names = {"self": "attentions"}
    if network.config.is_encoder_decoder:
        names = {"encoder": "encoder_attentions", "decoder": "decoder_attentions", "cross": "cross_attentions"}
    return {
        kind: tuple(stored_pattern(weights, watch) for weights in getattr(output, name, None) or ())
        for kind, name in names.items()
    }
