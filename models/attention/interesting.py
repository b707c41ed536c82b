"""The heads worth a first look, found for one model and one text: each by a measurement, with its value.

They are known from the literature: heads that look one back (Voita et al. 2019), induction heads, which look at what
followed the same token before (Olsson et al. 2022), attention parked on the first token (Xiao et al. 2023).
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from jaxtyping import Float, Float32, Int
from numpy import ndarray

from models.attention import head_scores
from models.attention.induction import induction_scores
from models.attention.patterns import by_layer
from models.attention.summaries import sampled_patterns, sampled_rows
from models.engine.cache import derived
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.errors import ModelError

Key = Literal["copies", "previous", "first", "focused", "unlike"]
PerHead = Float32[ndarray, "layer head"]


@dataclass(frozen=True, kw_only=True)
class InterestingHead:
    """The head of a kind of attention that does most of one thing, of those not on the shelf for another.

    `value` is a share of attention (copies: on what followed the same token; previous: on the token before; first: on
    the first token), for focused the number of equal tokens it is as if it chose among (2 to the power of its mean
    entropy), for unlike the share of its attention that lies elsewhere than in the rest of its layer.
    `on_repeats` is true where copies was measured on repeated random words, because the text repeats nothing.
    """

    key: Key
    kind: str
    layer: int
    head: int
    value: float
    on_repeats: bool = False


ALL: tuple[Key, ...] = ("copies", "previous", "first", "focused", "unlike")
FEW_QUERIES = 4
"""With fewer rows, what a head does in general cannot be told."""
LEAST = 0.1
"""A head that does less of something is not one that does it."""
LEAST_PLACED = 0.25
"""Looking one back or parking is looking at one of few places: by chance a short text gives it more than that."""


def interesting_heads(model: LanguageModel, trace: Trace, kind: str = "") -> tuple[InterestingHead, ...]:
    """The shelf of one kind of attention, each head on it once: what is taken by one measurement is left to it.

    Without a kind it is that of the whole model; of an encoder-decoder, how its encoder reads the source, and what its
    cross-attention does. What cannot be measured is left out: one token looks nowhere, a layer of one head has no rest,
    cross-attention compares no positions.
    """
    if not trace.attention_kinds:
        return ()
    if kind or trace.kind != "encoder-decoder":
        return _kept(model, trace, kind or trace.attention_kinds[0], ALL)
    encoder = _kept(model, trace, "encoder", ("copies", "previous"))
    return (*encoder, *_kept(model, trace, "cross", ("first", "focused", "unlike")))


def _kept(model: LanguageModel, trace: Trace, kind: str, keys: tuple[Key, ...]) -> tuple[InterestingHead, ...]:
    return derived(trace, ("interesting heads", kind, keys), lambda: tuple(_found(model, trace, kind, keys)))


def _found(model: LanguageModel, trace: Trace, kind: str, keys: tuple[Key, ...]) -> list[InterestingHead]:
    too_few = kind != "cross" and len(trace.queries(kind)) < FEW_QUERIES
    if too_few or len(trace.keys(kind)) < 2:
        return []
    measured = _measured(trace, kind)
    on_repeats = "copies" in keys and not np.isfinite(measured["copies"]).any()
    if on_repeats:
        measured["copies"] = _copies_on_repeats(model, trace, kind)
    found: list[InterestingHead] = []
    for key in keys:
        least = LEAST_PLACED if key in {"previous", "first"} else LEAST
        taken = {(one.layer, one.head) for one in found}
        place = _best(measured[key], taken, least=least, lowest=key == "focused")
        if place is not None:
            value = float(measured[key][place])
            one = InterestingHead(key=key, kind=kind, layer=place[0], head=place[1], value=value)
            found.append(replace(one, on_repeats=on_repeats and key == "copies"))
    return found


def _measured(trace: Trace, kind: str) -> dict[Key, PerHead]:
    rows = sampled_rows(len(trace.queries(kind)))
    ids = np.array([token.id for token in trace.keys(kind)])
    patterns = (sampled_patterns(trace, kind, layer, rows) for layer in range(trace.layers_of(kind)))
    layers = [_layer(pattern, rows, ids, across=kind == "cross") for pattern in patterns]
    heads = trace.heads_of(kind)
    return {key: by_layer([layer[key] for layer in layers], heads) for key in ALL}


def _layer(
    patterns: Float[ndarray, "head query key"], rows: Int[ndarray, " query"], ids: Int[ndarray, " key"], *, across: bool
) -> dict[Key, Float32[ndarray, " head"]]:
    nothing = np.full(len(patterns), np.nan, dtype=np.float32)
    if not len(patterns):
        return dict.fromkeys(ALL, nothing)
    return {
        "copies": nothing if across else head_scores.induction(patterns, rows, ids),
        "previous": nothing if across else head_scores.previous_token(patterns, rows, ids),
        "first": patterns[:, :, 0].mean(axis=1) if across else head_scores.first_token(patterns, rows, ids),
        "focused": np.exp2(head_scores.entropy(patterns, rows, ids)),
        "unlike": unlike_its_layer(patterns),
    }


def unlike_its_layer(patterns: Float[ndarray, "head query key"]) -> Float32[ndarray, " head"]:
    """The share of each head's attention that lies elsewhere than in the mean of the other heads of its layer.

    Half the sum of absolute differences of a row (total variation), in the mean over rows; NaN for a lonely head.
    """
    heads = len(patterns)
    if heads == 1:
        return np.full(1, np.nan, dtype=np.float32)
    rest = (patterns.sum(axis=0)[None] - patterns) / (heads - 1)
    return (0.5 * np.abs(patterns - rest).sum(axis=2).mean(axis=1)).astype(np.float32)


def _copies_on_repeats(model: LanguageModel, trace: Trace, kind: str) -> PerHead:
    """Induction on repeated random words; unknown where the model cannot be asked that."""
    try:
        return induction_scores(model, kind).copy()
    except ModelError:
        return np.full((trace.layers_of(kind), trace.heads_of(kind)), np.nan, dtype=np.float32)


def _best(values: PerHead, taken: set[tuple[int, int]], *, least: float, lowest: bool) -> tuple[int, int] | None:
    """The place of the best value that is not taken, the first of equal ones; none where none is so large."""
    places = [place for place in np.ndindex(*values.shape) if values[place] >= least and place not in taken]
    if not places:
        return None
    layer, head = (min if lowest else max)(places, key=lambda place: float(values[place]))
    return layer, head
