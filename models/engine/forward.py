"""One recorded run of a network: attention and residual stream of every stack."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float32
from torch import Tensor

from models.attention.captured import CapturedAttention, LayerAttention, NoAttention
from models.engine.architecture import Architecture, told_states
from models.engine.capture import CAPTURE, Recorder, implementation, numpy_of, recording
from models.engine.eager import FUSED, FusedWatch, ValueWatch, stored_patterns, watching
from models.errors import Unsupported
from models.translation import _

Inputs = Mapping[str, Tensor]
Notes = list[tuple[int, CapturedAttention]]


@dataclass(frozen=True, eq=False, kw_only=True)
class ForwardRecord:
    """The result of one run. `logits` holds all rows only where they cannot be read from the residual later.

    Without attention that can be read, `layer_attention` is empty; without a head for words there are no logits.
    """

    layer_attention: dict[str, tuple[LayerAttention, ...]]
    residual: dict[str, Float32[np.ndarray, "depth position width"]]
    last_logits: Float32[np.ndarray, " vocab"] | None
    logits: Float32[np.ndarray, "position vocab"] | None
    unknown: frozenset[str] = frozenset()


def forward(network: Any, architecture: Architecture, inputs: Inputs, *, trusted: bool = True) -> ForwardRecord:
    """Runs the network once without gradients; the caller holds the model's lock.

    A `trusted` network must not surprise: a keyword nobody told us about could change its scores.
    """
    way = _way(network, architecture)
    headless = way == CAPTURE and architecture.unembedding is not None and network.base_model is not network
    headless = headless and not architecture.told
    with torch.no_grad(), recording() as recorder, _watch(way) as watch:
        output = (network.base_model if headless else network)(**_settings(network, architecture, way), **inputs)
    if trusted and recorder.unknown:
        raise Unsupported(
            _(
                "This text makes the model attend in a way the explorer cannot read ({keyword}).",
                keyword=min(recorder.unknown),
            )
        )
    residual = {stack: _depths(recorder, output, stack, architecture) for stack in architecture.depths}
    check_numbers(residual)
    logits = None if headless else getattr(output, "logits", None)
    kept = None if logits is None else logits[0]
    last = _last_logits(network, architecture, residual["decoder"]) if kept is None else numpy_of(kept[-1])
    if last is not None and np.isnan(last).any():
        raise Unsupported(no_numbers(_("at the output embedding")))
    return ForwardRecord(
        layer_attention=_attention(way, recorder, output, network, architecture, watch),
        residual=residual,
        last_logits=last,
        logits=numpy_of(kept) if kept is not None and architecture.unembedding is None else None,
        unknown=frozenset(recorder.unknown),
    )


def read_logits(
    network: Any, architecture: Architecture, residual: Float32[np.ndarray, "position width"]
) -> Float32[np.ndarray, "position vocab"]:
    """Logits from the last depth, through final norm and output embedding, in the model's own precision."""
    if architecture.unembedding is None:
        name = type(network).__name__
        raise Unsupported(_("The way from the last block of {name} to its logits is not known.", name=name))
    blocks = architecture.blocks["decoder"]
    weight = next((blocks[-1] if blocks else network).parameters())
    with torch.no_grad():
        rows = torch.from_numpy(np.array(residual)).to(device=weight.device, dtype=weight.dtype)
        return numpy_of(architecture.unembedding(rows[None])[0])


def _last_logits(
    network: Any, architecture: Architecture, residual: Float32[np.ndarray, "depth position width"]
) -> Float32[np.ndarray, " vocab"] | None:
    return None if architecture.unembedding is None else read_logits(network, architecture, residual[-1, -1:])[0]


def _way(network: Any, architecture: Architecture) -> str:
    """How attention is read: captured, fused (watched), eager (handed out), or "" for not at all."""
    return "" if architecture.closed_attention else implementation(network)


def _watch(way: str) -> AbstractContextManager[Any]:
    if way == FUSED:
        return FusedWatch()
    return nullcontext(ValueWatch()) if way in (CAPTURE, "") else watching()


def _settings(network: Any, architecture: Architecture, way: str) -> dict[str, Any]:
    settings: dict[str, Any] = {"return_dict": True}
    if hasattr(network.config, "use_cache"):
        settings["use_cache"] = False  # one pass: nothing to reuse
    if way not in (CAPTURE, FUSED, ""):
        settings["output_attentions"] = True
    if architecture.told:
        settings["output_hidden_states"] = True
    return settings


def _depths(
    recorder: Recorder, output: Any, stack: str, architecture: Architecture
) -> Float32[np.ndarray, "depth position width"]:
    if architecture.told:
        depths = [numpy_of(state[0]) for state in told_states(output, stack)]
    else:
        depths = recorder.residual.get(stack, [])
    if len(depths) != architecture.depths[stack]:
        ran, expected = len(depths) - 1, architecture.depths[stack] - 1
        raise Unsupported(
            _("The {stack} ran {ran} blocks where {expected} were expected.", stack=stack, ran=ran, expected=expected)
        )
    return np.stack(depths)


def no_numbers(place: str) -> str:
    """The sentence for a run whose numbers end at `place`."""
    return _(
        "The weights, or this precision, give no numbers {place}: what follows would be made up. Try float32, or "
        "another copy of the model.",
        place=place,
    )


def check_numbers(residual: Mapping[str, Float32[np.ndarray, "depth position width"]]) -> None:
    """One NaN makes all that follows NaN: such a run has no answer, and the page says where its numbers end."""
    for depths in residual.values():
        broken = [depth for depth, vectors in enumerate(depths) if not np.isfinite(vectors).all()]
        if broken:
            place = _("at the embedding") if broken[0] == 0 else _("at layer {layer}", layer=broken[0] - 1)
            raise Unsupported(no_numbers(place))


def _attention(
    way: str, recorder: Recorder, output: Any, network: Any, architecture: Architecture, watch: Any
) -> dict[str, tuple[LayerAttention, ...]]:
    found: dict[str, tuple[LayerAttention, ...]] = {}
    if way in (CAPTURE, FUSED):
        found = _captured(recorder, network, architecture)
    elif way:
        found = _stored(output, network, architecture, watch)
    return found if any(layer.shape[0] for layers in found.values() for layer in layers) else {}


def _captured(recorder: Recorder, network: Any, architecture: Architecture) -> dict[str, tuple[LayerAttention, ...]]:
    blocks = {stack: depths - 1 for stack, depths in architecture.depths.items()}
    decoder = recorder.attention.get("decoder", [])
    if not network.config.is_encoder_decoder or "encoder" not in blocks:
        return {"self": by_block(decoder, blocks["decoder"])}
    seen: set[int] = set()
    own: Notes = []
    across: Notes = []
    for layer, note in decoder:  # each decoder block attends to the target, then to the source
        (across if layer in seen else own).append((layer, note))
        seen.add(layer)
    return {
        "encoder": by_block(recorder.attention.get("encoder", []), blocks["encoder"]),
        "decoder": by_block(own, blocks["decoder"]),
        "cross": by_block(across, blocks["decoder"]),
    }


def by_block(notes: Notes, blocks: int) -> tuple[LayerAttention, ...]:
    """One layer of attention for each block; blocks that did not attend have no heads."""
    if not notes:
        return ()
    if len(notes) == blocks and all(layer < 0 for layer, _note in notes):  # no block could be told from the others
        return tuple(note for _layer, note in notes)
    layers = dict(notes)
    if len(layers) < len(notes) or not layers.keys() <= set(range(blocks)):
        raise Unsupported(_("The blocks of this model attend more than once, which the explorer cannot read."))
    _heads, queries, keys = notes[0][1].shape
    return tuple(layers.get(layer, NoAttention(queries=queries, keys=keys)) for layer in range(blocks))


def _stored(
    output: Any, network: Any, architecture: Architecture, watch: ValueWatch
) -> dict[str, tuple[LayerAttention, ...]]:
    names = {"self": ("attentions", "decoder")}
    if network.config.is_encoder_decoder and "encoder" in architecture.depths:
        names = {
            "encoder": ("encoder_attentions", "encoder"),
            "decoder": ("decoder_attentions", "decoder"),
            "cross": ("cross_attentions", "decoder"),
        }
    return {
        kind: stored_patterns(getattr(output, name, None) or (), watch, architecture.depths[stack] - 1)
        for kind, (name, stack) in names.items()
    }
