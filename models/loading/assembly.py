"""From a network and its tokenizer to a LanguageModel: modules located, and all that is read compared with the network.

What is compared, on these very weights: logits, the residual stream and attention of a recorded run against the
network's own *default* implementation (eager attention of some families is not what the default computes: Falcon's adds
ALiBi twice). What does not agree is not offered, in one sentence; the rest of the model still works.
"""

from dataclasses import replace
from inspect import signature
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from models.engine.architecture import Architecture, locate_modules
from models.engine.capture import CAPTURE, EAGER, implementation, register
from models.engine.cost import tables_of
from models.engine.eager import FUSED
from models.engine.forward import ForwardRecord, Inputs, forward, read_logits
from models.engine.hooks import install_hooks
from models.engine.language_model import LanguageModel
from models.engine.points import editing
from models.engine.scores import are_cut, cuts, unwatch_scores, watch_scores
from models.errors import CorruptModel, ModelError, Unsupported
from models.translation import _

# How far captured attention may lie from eager: rounding in float32; half precision rounds eager's own weights.
TOLERANCE = {torch.float32: 1e-4}
COARSE = 3e-2
LOGIT_TOLERANCE = {torch.float32: 1e-3}
"""How far logits may lie from the default implementation's, as a part of the largest of them."""


def preferred_attention(automatic: Any, config: Any) -> str:
    """Captured attention for families that take their attention function from the registry, else their own default."""
    register()
    network_class = automatic._model_mapping[type(config)]  # noqa: SLF001 - no public way from configuration to class
    if isinstance(network_class, tuple):
        network_class = network_class[0]
    if network_class._can_set_attn_implementation():  # noqa: SLF001
        return CAPTURE
    return FUSED if network_class._supports_sdpa else EAGER  # noqa: SLF001


def assemble(
    name: str, network: Any, tokenizer: Any, *, kind: str, revision: str, folder: Path | None = None
) -> LanguageModel:
    """Find the architecture of a network, settle how its attention is read, and put it together with its tokenizer."""
    network.eval().requires_grad_(requires_grad=False)
    check_weights(name, network)
    settle_start(network)
    inputs = probe_inputs(network)
    reference = default_logits(network, inputs)
    architecture = locate_modules(network, inputs)
    install_hooks(network, architecture)
    architecture, record = settle_attention(name, network, architecture, inputs, reference)
    settle_cuts(network, architecture, inputs, record)
    layers = [layer for layers in record.layer_attention.values() for layer in layers]
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
        context=context_of(network.config, architecture.positions),
        folder=folder,
        layers=architecture.depths["decoder"] - 1,
        heads=max((layer.shape[0] for layer in layers), default=0),
        tables=tables_of(layers),
        closed=closed_parts(name, architecture),
    )


def check_weights(name: str, network: Any) -> None:
    """Refuse weights among which are some that are no numbers: PyTorch's kernels may pass over them in silence."""
    for place, weight in network.named_parameters():
        if weight.is_floating_point() and not bool(weight.sum(dtype=torch.float32).isfinite()):
            raise CorruptModel(
                _(
                    "{name}: among the weights of {place} are some that are no numbers, in this copy or in this "
                    "precision; download the model again, or load it in float32.",
                    name=name,
                    place=place,
                )
            )


def closed_parts(name: str, architecture: Architecture) -> dict[str, str]:
    """What this model cannot show, each with the reason in one sentence."""
    closed = {"attention": architecture.closed_attention} if architecture.closed_attention else {}
    if not architecture.speaks:
        closed["words"] = _(
            "{name} turns text into vectors and has no head that turns them into words, so it shows none. See its "
            "vectors under Embeddings, or choose a language model.",
            name=name,
        )
    return closed


def settle_start(network: Any) -> None:
    """The token a decoder starts with, where only the settings for generation name it."""
    config, told = network.config, getattr(network, "generation_config", None)
    if config.is_encoder_decoder and getattr(config, "decoder_start_token_id", None) is None:
        start = getattr(told, "decoder_start_token_id", None)
        config.decoder_start_token_id = getattr(told, "bos_token_id", None) if start is None else start


def default_logits(network: Any, inputs: Inputs) -> Tensor | None:
    """What the network itself computes, attention by its own default and nothing recorded; None without a head."""
    chosen = implementation(network)
    if chosen == CAPTURE:
        network.set_attn_implementation(FUSED if network._supports_sdpa else EAGER)  # noqa: SLF001
    settings = {"use_cache": False} if hasattr(network.config, "use_cache") else {}
    try:
        with torch.no_grad():
            output = network(**inputs, **settings, return_dict=True)
    finally:
        if chosen == CAPTURE:
            network.set_attn_implementation(CAPTURE)
    logits = getattr(output, "logits", None)
    return None if logits is None else logits[0]


def settle_attention(
    name: str, network: Any, architecture: Architecture, inputs: Inputs, reference: Tensor | None
) -> tuple[Architecture, ForwardRecord]:
    """The first way of reading attention whose numbers are the network's own: captured, fused, eager, or none."""
    for way in {CAPTURE: (CAPTURE, EAGER), FUSED: (FUSED, EAGER)}.get(implementation(network), (EAGER,)):
        try:
            _use(network, way)
            read = own_numbers(network, architecture, inputs, reference)
            drawn = read is not None and drawable(read[1], inputs)
            if read is not None and drawn and _as_eager(way, network, inputs, reference, read):
                _use(network, way)
                return read
        except torch.OutOfMemoryError:
            raise  # no word about the family
        except (ModelError, AttributeError, IndexError, KeyError, RuntimeError, TypeError, ValueError):
            continue  # a family that cannot run this way says so in its own words
    return without_attention(name, network, architecture, inputs, reference)


def settle_cuts(network: Any, architecture: Architecture, inputs: Inputs, record: ForwardRecord) -> None:
    """Lets connections be cut where attention is not captured, if one that is cut is gone from every pattern."""
    if implementation(network) == CAPTURE or architecture.closed_attention or not cuts(architecture):
        return
    watch_scores(architecture)
    tolerance = TOLERANCE.get(next(network.parameters()).dtype, COARSE)
    try:
        with editing(cuts(architecture)):
            changed = forward(network, architecture, inputs, trusted=False)
        if are_cut(record.layer_attention, changed.layer_attention, tolerance):
            return
    except torch.OutOfMemoryError:
        raise
    except (ModelError, AttributeError, IndexError, KeyError, RuntimeError, TypeError, ValueError):
        pass  # a family whose attention is no softmax over scores of each head
    unwatch_scores(architecture)


def own_numbers(
    network: Any, architecture: Architecture, inputs: Inputs, reference: Tensor | None
) -> tuple[Architecture, ForwardRecord] | None:
    """A recorded run whose logits are the default implementation's, by a short way or the whole; else none."""
    for shorter in (architecture, replace(architecture, unembedding=None)):
        record = forward(network, shorter, inputs, trusted=False)
        if same_logits(network, shorter, record, reference):
            return shorter, record
    return None


def same_logits(network: Any, architecture: Architecture, record: ForwardRecord, reference: Tensor | None) -> bool:
    """True if the logits of a run are the reference's."""
    if reference is None:
        return True
    found = record.logits
    if found is None:
        found = read_logits(network, architecture, record.residual["decoder"][-1])
    wanted = reference.float().cpu().numpy()
    tolerance = LOGIT_TOLERANCE.get(reference.dtype, COARSE) * max(float(np.abs(wanted).max()), 1e-6)
    return found.shape == wanted.shape and bool(np.abs(found - wanted).max() <= tolerance)


def drawable(record: ForwardRecord, inputs: Inputs) -> bool:
    """True if every kind of attention was seen, and each pattern is whole."""
    return bool(record.layer_attention) and all(record.layer_attention.values()) and whole(record, inputs)


def _as_eager(
    way: str, network: Any, inputs: Inputs, reference: Tensor | None, read: tuple[Architecture, ForwardRecord]
) -> bool:
    """True if patterns not handed out by eager attention are what eager attention computes, where it computes right."""
    if way == EAGER:
        return True
    _use(network, EAGER)
    eager = own_numbers(network, read[0], inputs, reference)
    if eager is None:  # this family's eager attention is not its default: what the fused kernel was given is
        return way == FUSED
    return agree(read[1], eager[1], TOLERANCE.get(next(network.parameters()).dtype, COARSE))


def without_attention(
    name: str, network: Any, architecture: Architecture, inputs: Inputs, reference: Tensor | None
) -> tuple[Architecture, ForwardRecord]:
    """The network by its own default implementation, and why its attention is not read."""
    _use(network, FUSED if network._supports_sdpa else EAGER)  # noqa: SLF001
    closed = _("{name} attends in a way the explorer cannot read truthfully, so its attention is not shown.", name=name)
    # Not by the names of the parts: RWKV calls its memory attention, LongCat its attention MLA.
    if not getattr(network.config.get_text_config(), "num_attention_heads", None):
        closed = _("{name} has no attention: its blocks bring the tokens together in another way.", name=name)
    architecture = replace(architecture, closed_attention=closed)
    read = own_numbers(network, architecture, inputs, reference)
    if read is None:
        raise Unsupported(
            _("A run of {name} that is looked at gives other words than one that is not; choose another.", name=name)
        )
    return read


def _use(network: Any, way: str) -> None:
    """Attention computed this way from now on, also by families that offer no public way to change it."""
    if way == implementation(network):
        return
    if network._can_set_attn_implementation():  # noqa: SLF001
        network.set_attn_implementation(way)
    else:
        network.config._attn_implementation_internal = way  # noqa: SLF001


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
    return counts and all(a.shape == b.shape and np.abs(a - b).max(initial=0) <= tolerance for a, b in pairs)


def whole(record: ForwardRecord, inputs: Inputs) -> bool:
    """True if every pattern has a row for each query and a column for each key; sparse attention has not."""
    source = inputs["input_ids"].shape[1]
    target = inputs.get("decoder_input_ids", inputs["input_ids"]).shape[1]
    wanted = {"self": (source, source), "encoder": (source, source)}
    wanted |= {"decoder": (target, target), "cross": (target, source)}
    return all(layer.shape[1:] == wanted[kind] for kind, layers in record.layer_attention.items() for layer in layers)


def probe_inputs(network: Any) -> dict[str, torch.Tensor]:
    """A few tokens to run once; source and target differ in length so that the two cannot be confused.

    The ids go up and down, so that nobody takes them for positions.
    """
    table = network.get_input_embeddings()
    if not hasattr(table, "weight"):
        name = type(network).__name__
        raise Unsupported(_("{name} reads something else than a table of tokens; choose a language model.", name=name))
    device = table.weight.device
    inputs = {"input_ids": torch.tensor([[5, 7, 6, 9, 8, 11, 10]], device=device)}
    if takes_target(network):
        inputs["decoder_input_ids"] = torch.tensor([[6, 8, 7, 10, 9]], device=device)
    return inputs


def takes_target(network: Any) -> bool:
    """True for an encoder-decoder; its encoder alone reads one text only."""
    accepted = signature(type(network).forward).parameters
    return bool(network.config.is_encoder_decoder) and "decoder_input_ids" in accepted


def context_of(config: Any, positions: int | None) -> int | None:
    """The context length in tokens: what the configuration says, and no more than the tables of positions hold.

    RoBERTa's table counts from behind the padding token, so two of its rows are never used. None where positions have
    no end (T5's biases, ALiBi).
    """
    names = ("max_position_embeddings", "n_positions", "n_ctx", "max_seq_len", "seq_length", "max_target_positions")
    found = (getattr(config.get_text_config(), name, None) for name in names)
    told = next((int(count) for count in found if isinstance(count, int) and count > 0), None)
    known = [count for count in (told, positions) if count is not None]
    return min(known, default=None)
