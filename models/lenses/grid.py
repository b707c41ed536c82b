"""A lens read at every depth and position: what is kept of each reading is small, the logits themselves are not kept.

All distributions are over the whole vocabulary, in single precision; `tally` says how they are counted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import partial
from math import log

import numpy as np
import torch
from jaxtyping import Float, Float32, Int32
from numpy import ndarray
from torch import Tensor

from models.engine.cache import derived
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.engine.unembedding import ByEntries, Unembedding
from models.errors import Unsupported
from models.lenses.tally import Own, Tally, tally_all
from models.text.vocabulary import START, WORD, vocabulary
from models.translation import _

ROWS = 64
"""Positions whose logits are held at once."""

HELD = 1 << 22
"""Logits held at once beside the model's own (16 MiB, which stay in the processor's memory): so many depths go through
the unembedding together, whose matrix is then read once for all of them."""

ENTRIES = 1 << 12
"""Vocabulary entries whose logits are worked out together, where the output embedding lets that be done."""

WORDS = (START, WORD)
"""The kinds of entries that begin a word, where a vocabulary tells them apart from those that go on with one."""


@dataclass(frozen=True, eq=False, kw_only=True)
class LensGrid:
    """What a lens reads at each depth and position, for the depths that its residuals have, the embedding first.

    `ids` and `probabilities` of the likeliest tokens, likeliest first; `entropy` of the distribution and `kl`, the
    Kullback-Leibler divergence of it from the model's own, both in bits; `rank` of the model's own likeliest token, 1
    the likeliest, and `winner` its probability. `word` is the likeliest entry that begins a word, with its own
    probability among all entries, `word_probability`. At the last depth everything is the model's own.
    """

    ids: Int32[ndarray, "depth position rank"]
    probabilities: Float32[ndarray, "depth position rank"]
    entropy: Float32[ndarray, "depth position"]
    kl: Float32[ndarray, "depth position"]
    rank: Int32[ndarray, "depth position"]
    winner: Float32[ndarray, "depth position"]
    word: Int32[ndarray, "depth position"]
    word_probability: Float32[ndarray, "depth position"]

    @property
    def own(self) -> Int32[ndarray, " position"]:
        """The model's own likeliest token at each position."""
        return self.ids[-1, :, 0]


def lens_grid(model: LanguageModel, trace: Trace, lens: str = "logit", top: int = 5) -> LensGrid:
    """Read every depth at every position; kept with the trace.

    `Unsupported` where the way from the residual to the logits is not known, or the model has no such lens.
    """
    found = list(lens_stretches(model, trace, lens, top))
    return LensGrid(**{name: np.concatenate([getattr(part, name) for part in found], axis=1) for name in FIELDS})


def lens_stretches(model: LanguageModel, trace: Trace, lens: str, top: int) -> Iterator[LensGrid]:
    """The grid in stretches of positions, from the first on, each as soon as it is computed."""
    depths, positions = trace.lens_depths(lens), trace.residual.shape[1]
    refuse_unread(trace)
    for start in range(0, positions, ROWS):
        rows = slice(start, min(start + ROWS, positions))
        key = ("lens stretch", lens, top, start)
        yield derived(trace, key, partial(_stretch, model, trace, lens, top, depths, rows))


FIELDS = tuple(field.name for field in fields(LensGrid))


def refuse_unread(trace: Trace) -> None:
    """Raise `Unsupported` where the way from the residual to the logits is not known."""
    if trace.kept_logits is not None:
        raise Unsupported(
            _("The way from the residual stream of {model} to its logits is not known.", model=trace.model)
        )


@torch.no_grad()
def _stretch(model: LanguageModel, trace: Trace, lens: str, top: int, depths: int, rows: slice) -> LensGrid:
    """A few positions at every depth, the last first, for the others are measured by it."""
    logits = depth_logits(model, trace, lens, depths - 1, rows)
    own = Own(shares=logits.softmax(-1), winner=logits.argmax(-1), no_word=_no_word(model, logits))
    certain = (own.shares * logits).sum(-1) - logits.logsumexp(-1)  # Σ p log p
    top = min(top, logits.shape[-1])
    last = tally_all([(0, logits[None].clone())], own, logits.gather(1, own.winner[:, None]).T, top)
    parts = [_grid(last, certain)]
    way = _way(model, trace)
    by_entries = way.by_entries()
    together = max(1, HELD // (len(logits) * (logits.shape[-1] if by_entries is None else ENTRIES)))
    for end in range(depths - 1, 0, -together):
        states = [_states(model, trace, lens, depth, rows) for depth in range(max(0, end - together), end)]
        parts.insert(0, _grid(_read(way, by_entries, _given(model, states), own, top), certain))
    parts[-1].kl[:] = 0
    return LensGrid(**{name: np.concatenate([getattr(one, name) for one in parts]) for name in FIELDS})


def _read(
    way: Unembedding, by_entries: ByEntries | None, states: Float[Tensor, "depth position width"], own: Own, top: int
) -> Tally:
    """Some depths, through the output embedding by stretches of the vocabulary where it lets that be done."""
    rows, winners = states.flatten(0, 1), own.winner.repeat(len(states))
    if by_entries is None:
        whole = way(rows[None])[0].float()
        won = whole.gather(1, winners[:, None]).view(states.shape[:2])
        return tally_all([(0, whole.view(*states.shape[:2], -1))], own, won, top)
    won = by_entries.logits_of(rows, winners).float().view(states.shape[:2])
    found = by_entries.stretches(rows, ENTRIES)
    return tally_all(((start, one.float().view(*states.shape[:2], -1)) for start, one in found), own, won, top)


def _grid(found: Tally, certain: Float[Tensor, " position"]) -> LensGrid:
    """The readings that follow; `certain` is Σ p log p of the model's own distribution."""
    values = {
        "ids": found.ids.int(),
        "probabilities": (found.values - found.scale[..., None]).exp(),
        "entropy": (found.scale - found.mean).clamp_min(0) / log(2),
        "kl": (certain + found.scale - found.cross).clamp_min(0) / log(2),
        "rank": found.above.int() + 1,
        "winner": (found.won - found.scale).exp(),
        "word": found.word.int(),
        "word_probability": (found.word_value - found.scale).exp(),
    }
    return LensGrid(**{name: value.cpu().numpy() for name, value in values.items()})


def depth_logits(
    model: LanguageModel, trace: Trace, lens: str, depth: int, rows: slice
) -> Float[Tensor, "position vocab"]:
    """`Trace.lens` as a tensor on the model's device, in float32."""
    return _unembedded(model, trace, _states(model, trace, lens, depth, rows))


def _states(
    model: LanguageModel, trace: Trace, lens: str, depth: int, rows: slice
) -> Float32[ndarray, "position width"]:
    """What the last depth would hold, by this lens."""
    if depth == trace.lens_depths(lens) - 1:
        return trace.residual[-1, rows]
    return trace.residual[depth, rows] if lens == "logit" else model.lenses.states(trace, lens, depth, rows)


def _unembedded(
    model: LanguageModel, trace: Trace, states: Float32[ndarray, "row width"]
) -> Float[Tensor, "row vocab"]:
    with torch.no_grad():
        return _way(model, trace)(_given(model, [states]))[0].float()


def _way(model: LanguageModel, trace: Trace) -> Unembedding:
    """From the residual to the logits; `Unsupported` where that is not known."""
    found = model.architecture.unembedding
    if found is None:
        raise Unsupported(
            _("The way from the residual stream of {model} to its logits is not known.", model=trace.model)
        )
    return found


def _given(model: LanguageModel, states: Sequence[ndarray]) -> Float[Tensor, "depth position width"]:
    """Residuals as the network takes them."""
    blocks = model.architecture.blocks["decoder"]
    weight = next((blocks[-1] if blocks else model.network).parameters())
    return torch.from_numpy(np.stack(states)).to(device=weight.device, dtype=weight.dtype)


def _no_word(model: LanguageModel, like: Tensor) -> Float[Tensor, " vocab"]:
    """What is added to logits so that only entries that begin a word are left: 0 for them, −∞ for the others."""
    kinds = vocabulary(model).kinds
    added = np.full(like.shape[-1], -np.inf, np.float32)
    added[: len(kinds)][np.isin(kinds[: len(added)], WORDS)] = 0
    return torch.from_numpy(added).to(like.device)
