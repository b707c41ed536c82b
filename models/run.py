"""One run of a network, noted: attention and residual stream of every stack."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float32
from torch import Tensor

from models.anatomy import Anatomy
from models.attention import CAPTURE, Recorder, numpy_of, recording
from models.eager import ValueWatch, kept, watching
from models.errors import Unsupported
from models.scores import CapturedScores, Scores

Inputs = Mapping[str, Tensor]


@dataclass(frozen=True, eq=False, kw_only=True)
class Noted:
    """What one run left behind. `logits` holds all rows only where they cannot be read from the residual later."""

    scores: dict[str, tuple[Scores, ...]]
    residual: dict[str, Float32[np.ndarray, "depth position width"]]
    last_logits: Float32[np.ndarray, " vocab"]
    logits: Float32[np.ndarray, "position vocab"] | None
    unknown: frozenset[str] = frozenset()


def run(network: Any, anatomy: Anatomy, inputs: Inputs, *, trusted: bool = True) -> Noted:
    """Runs the network once without gradients; the caller holds the model's lock.

    A `trusted` network must not surprise: a keyword nobody told us about could change its scores.
    """
    captured = implementation(network) == CAPTURE
    headless = captured and anatomy.readout is not None and network.base_model is not network
    with torch.no_grad(), recording() as noted, nullcontext(ValueWatch()) if captured else watching() as watch:
        output = (network.base_model if headless else network)(**_settings(network, captured=captured), **inputs)
    if trusted and noted.unknown:
        raise Unsupported(f"This text makes the model attend in a way the explorer cannot read ({min(noted.unknown)}).")
    residual = {stack: _stacked(noted, stack, anatomy) for stack in anatomy.blocks}
    logits = None if headless else output.logits[0]
    return Noted(
        scores=_captured(noted, network) if captured else _kept(output, network, watch),
        residual=residual,
        last_logits=read_logits(network, anatomy, residual["decoder"][-1, -1:])[0]
        if logits is None
        else numpy_of(logits[-1]),
        logits=numpy_of(logits) if logits is not None and anatomy.readout is None else None,
        unknown=frozenset(noted.unknown),
    )


def read_logits(
    network: Any, anatomy: Anatomy, residual: Float32[np.ndarray, "position width"]
) -> Float32[np.ndarray, "position vocab"]:
    """Logits from the last depth, through final norm and output embedding, in the model's own precision."""
    if anatomy.readout is None:
        raise Unsupported(f"The way from the last block of {type(network).__name__} to its logits is not known.")
    place = next(anatomy.blocks["decoder"][-1].parameters())
    with torch.no_grad():
        rows = torch.from_numpy(np.array(residual)).to(device=place.device, dtype=place.dtype)
        return numpy_of(anatomy.readout(rows[None])[0])


def implementation(network: Any) -> str:
    """Which attention function the network uses now."""
    return str(network.config._attn_implementation)  # noqa: SLF001 - transformers offers no public name for it


def _settings(network: Any, *, captured: bool) -> dict[str, Any]:
    settings: dict[str, Any] = {"return_dict": True}
    if hasattr(network.config, "use_cache"):
        settings["use_cache"] = False  # one pass: nothing to reuse
    if not captured:
        settings["output_attentions"] = True
    return settings


def _stacked(noted: Recorder, stack: str, anatomy: Anatomy) -> Float32[np.ndarray, "depth position width"]:
    depths = noted.residual[stack]
    if len(depths) != anatomy.depths[stack]:
        raise Unsupported(f"The {stack} ran {len(depths) - 1} blocks where {anatomy.depths[stack] - 1} were expected.")
    return np.stack(depths)


def _captured(noted: Recorder, network: Any) -> dict[str, tuple[Scores, ...]]:
    if not network.config.is_encoder_decoder:
        return {"self": tuple(noted.attention.get("decoder", ()))}
    decoder = noted.attention.get("decoder", [])
    layers: dict[str, list[CapturedScores]] = {
        "encoder": noted.attention.get("encoder", []),
        "decoder": decoder[0::2],  # each decoder block attends to the target, then to the source
        "cross": decoder[1::2],
    }
    return {kind: tuple(scores) for kind, scores in layers.items()}


def _kept(output: Any, network: Any, watch: ValueWatch) -> dict[str, tuple[Scores, ...]]:
    names = {"self": "attentions"}
    if network.config.is_encoder_decoder:
        names = {"encoder": "encoder_attentions", "decoder": "decoder_attentions", "cross": "cross_attentions"}
    return {
        kind: tuple(kept(weights, watch) for weights in getattr(output, name, None) or ())
        for kind, name in names.items()
    }
