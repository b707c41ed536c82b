"""Position encodings of a model: tables added to the embedding, rotary embedding, ALiBi and relative biases."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import torch
from jaxtyping import Float32, Int64
from numpy import ndarray

from models.attention.captured import CapturedAttention
from models.engine.capture import CAPTURE, implementation
from models.engine.forward import ForwardRecord, forward
from models.engine.language_model import LanguageModel
from models.translation import _

Kind = Literal["learned", "sinusoidal", "relative", "rotary", "alibi", "bias"]

TABLE_NAME = re.compile(
    r"(?:^|\.)(wpe|positions_embed|embed_positions|position_embeddings?|pos_embeddings?|rel_embeddings)$"
)
FREQUENCIES = re.compile(r"(?:^|[._])(?<!original_)inv_freq$")
MIN_ROWS = 8
DISTANCES = 512
BIAS_DISTANCES = 256
PROBE_LENGTH = 8
ALIBI_FAMILIES = {"bloom": True, "mpt": True, "falcon": "alibi"}
"""Families with ALiBi; where a string stands, the configuration's switch of that name decides."""


@dataclass(frozen=True, eq=False, kw_only=True)
class PositionScheme:
    """One way in which positions enter the model; a model may have several, for example one per stack.

    Tables have a row per position ("learned", "sinusoidal") or per distance ("relative", DeBERTa), and some families
    keep a few spare rows. The others change attention scores: `curves` holds, for
    every distance from query back to key (below 0: ahead), the factor on a score ("rotary", 1 at distance 0) or what is
    added to it ("alibi", "bias"), one curve per `names`. `place` is the module's name in the network. `without` are the
    layers, from 0, that make no use of it.
    """

    kind: Kind
    place: str
    table: Float32[ndarray, "row width"] | None = None
    distances: Int64[ndarray, " distance"] | None = None
    curves: Float32[ndarray, "curve distance"] | None = None
    names: tuple[str, ...] = ()
    without: tuple[int, ...] = ()


def position_schemes(model: LanguageModel) -> tuple[PositionScheme, ...]:
    """Every position scheme found in the network, in the order of its parts; () when it has none we know."""
    slopes = list(_alibi(model))
    rotary = [] if slopes else _rotary(model)  # Falcon builds both and uses one
    return (*_tables(model), *rotary, *slopes, *_biases(model))


def _tables(model: LanguageModel) -> Iterator[PositionScheme]:
    seen: set[int] = set()
    for name, module in model.network.named_modules():
        weight = getattr(module, "weight", getattr(module, "weights", None))
        if not TABLE_NAME.search(name) or not isinstance(weight, torch.Tensor) or weight.ndim != 2:
            continue
        if len(weight) < MIN_ROWS or weight.data_ptr() in seen:
            continue
        seen.add(weight.data_ptr())
        table = _float(weight)
        kind: Kind = "sinusoidal" if _is_sinusoidal(table) else "relative" if "rel_" in name else "learned"
        yield PositionScheme(kind=kind, place=name, table=table)


def _is_sinusoidal(table: Float32[ndarray, "row width"]) -> bool:
    """Sines and cosines come in pairs whose squares sum to 1 (Vaswani et al. 2017, section 3.5): one length for all."""
    squares = np.square(table[np.any(table != 0, axis=1)]).sum(1)  # a padding row is all zeros
    return bool(np.allclose(squares, table.shape[1] / 2, rtol=1e-3))


def _rotary(model: LanguageModel) -> Iterator[PositionScheme]:
    found: dict[bytes, tuple[str, Float32[ndarray, " pair"]]] = {}
    for name, frequencies in _frequencies(model):
        found.setdefault(frequencies.tobytes(), (name, frequencies))
    without = layers_without_rotary(model) if found else ()
    for name, frequencies in found.values():
        share = min(1.0, 2 * len(frequencies) / _head_size(model, frequencies))
        yield replace(_rotary_scheme(name, frequencies, _reach(model), share), without=without)


def _head_size(model: LanguageModel, frequencies: Float32[ndarray, " pair"]) -> int:
    """The dimensions of a query, those that are not rotated included; of several sizes the smallest that has room."""
    config = model.network.config.get_text_config()
    usual = getattr(config, "head_dim", None) or model.width // max(1, model.heads)
    queries = [] if model.kind == "encoder-decoder" else list(_probed_queries(model))
    sizes = {query.shape[-1] for query in queries if query.shape[-1] >= 2 * len(frequencies)}
    return max(min(sizes, default=int(usual)), 2 * len(frequencies))


def layers_without_rotary(model: LanguageModel) -> tuple[int, ...]:
    """The layers, from 0, whose queries do not depend on the position, as far as that can be seen ("NoPE" layers).

    One token over and over has the same vector at every position, in every layer, since a mean of equal values is that
    value whatever the weights; so only a rotation can tell the queries of such a text apart.
    """
    if model.kind == "encoder-decoder" or implementation(model.network) != CAPTURE:
        return ()
    record = _probe(model)
    alike = [_same_everywhere(vectors) for vectors in record.residual["decoder"]]
    queries = [getattr(layer, "query", None) for layer in record.layer_attention.get("self", ())]
    return tuple(
        layer
        for layer, query in enumerate(queries)
        if alike[layer] and query is not None and all(map(_same_everywhere, query))
    )


def _probed_queries(model: LanguageModel) -> Iterator[Float32[ndarray, "head query size"]]:
    layers = _probe(model).layer_attention.get("self", ())
    yield from (layer.query for layer in layers if isinstance(layer, CapturedAttention))


def _probe(model: LanguageModel) -> ForwardRecord:
    """A run over one token over and over."""
    device = model.network.get_input_embeddings().weight.device
    ids = torch.full((1, PROBE_LENGTH), model.vocab // 2, device=device)
    with model.lock:
        return forward(model.network, model.architecture, {"input_ids": ids})


def _same_everywhere(vectors: Float32[ndarray, "position width"]) -> bool:
    return bool(np.abs(vectors - vectors[:1]).max() <= 1e-3 * np.abs(vectors).max())


def _frequencies(model: LanguageModel) -> Iterator[tuple[str, Float32[ndarray, " pair"]]]:
    """The angle by which each pair of dimensions is rotated per position: the model's own where it keeps them."""
    found = [(name, _float(buffer)) for name, buffer in model.network.named_buffers() if FREQUENCIES.search(name)]
    yield from found
    width = getattr(model.network.config, "rotary_dim", None)
    if not found and isinstance(width, int) and width > 0:  # GPT-J and CodeGen keep sines and cosines only
        yield "rotary_dim", (10000.0 ** (-np.arange(0, width, 2) / width)).astype(np.float32)


def _rotary_scheme(name: str, frequencies: Float32[ndarray, " pair"], reach: int, share: float) -> PositionScheme:
    """RoPE (Su et al. 2021, "RoFormer", section 3.4): rotating pairs makes a score depend on the distance.

    For a query and a key that point the same way in every pair, the score at distance d is its value at distance 0
    times the mean over pairs of cos(d · frequency): the first curve. The others are single pairs. `share` is the part
    of a head's dimensions that is rotated at all (a quarter in Pythia); the rest keeps its part of the score.
    """
    distances = _spread(reach)
    cosines = np.cos(frequencies[:, None].astype(np.float64) * distances)
    last = len(frequencies) - 1
    chosen = {_("fastest pair"): 0, _("middle pair"): len(frequencies) // 2, _("slowest pair"): last}
    curves = np.stack([1 - share + share * cosines.mean(0), *(cosines[pair] for pair in chosen.values())]).astype(
        np.float32
    )
    names = (_("mean of all pairs") if share == 1 else _("whole score"), *chosen)
    return PositionScheme(kind="rotary", place=name, distances=distances, curves=curves, names=names)


def _alibi(model: LanguageModel) -> Iterator[PositionScheme]:
    config = model.network.config
    switch = ALIBI_FAMILIES.get(config.model_type, False)
    if not (getattr(config, switch, False) if isinstance(switch, str) else switch):
        return
    distances = _spread(_reach(model))
    slopes = alibi_slopes(model.heads)
    # Falcon divides its scores by the root of a head's size after ALiBi, so what is added is divided with them.
    divisor = math.sqrt(model.width // model.heads) if config.model_type == "falcon" else 1.0
    curves = (-slopes[:, None] * distances / divisor).astype(np.float32)
    yield PositionScheme(kind="alibi", place="attention", distances=distances, curves=curves, names=_heads(model.heads))


def alibi_slopes(heads: int) -> Float32[ndarray, " head"]:
    """How much each head takes off a score per step of distance (ALiBi: Press et al. 2022, section 3).

    For a power of two the slopes are 2^(−8/n), 2^(−16/n), …; otherwise the missing heads take every other slope of the
    next power of two, as the paper's code does.
    """
    power = 2 ** math.floor(math.log2(heads))
    slopes = 2.0 ** (-8.0 / power * np.arange(1, power + 1))
    extra = 2.0 ** (-4.0 / power * np.arange(1, 2 * (heads - power) + 1, 2))
    return np.concatenate([slopes, extra]).astype(np.float32)


def _biases(model: LanguageModel) -> Iterator[PositionScheme]:
    """T5's learned bias per head and bucket of distance (Raffel et al. 2020, section 2.1), read from the model.

    A stack that sees both ways has distances to both sides.
    """
    for name, module in model.network.named_modules():
        if not isinstance(getattr(module, "relative_attention_bias", None), torch.nn.Module):
            continue
        ahead = 0 if getattr(module, "is_decoder", False) else BIAS_DISTANCES
        length = BIAS_DISTANCES + 1 + ahead
        with torch.no_grad():
            if hasattr(module, "compute_bias"):
                bias = module.compute_bias(length, length)
            else:  # MPNet keeps one for all its layers
                bias = module.compute_position_bias(torch.zeros(1, length, 1, device=model.network.device))
        curves = _float(bias[0, :, BIAS_DISTANCES].flip(-1))  # (head, distance back from one query)
        yield PositionScheme(
            kind="bias", place=name, distances=np.arange(length) - ahead, curves=curves, names=_heads(len(curves))
        )


def _reach(model: LanguageModel) -> int:
    return min(model.context or 2048, 4096)


def _spread(reach: int) -> Int64[ndarray, " distance"]:
    """Distances from 0 to `reach`: all of them, or every few."""
    return np.arange(0, reach, max(1, reach // DISTANCES), dtype=np.int64)


def _heads(count: int) -> tuple[str, ...]:
    return tuple(_("head {head}", head=str(head)) for head in range(count))


def _float(tensor: Any) -> Float32[ndarray, "..."]:
    return tensor.detach().float().cpu().numpy()
