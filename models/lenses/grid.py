"""A lens read at every depth and position: what is kept of each reading is small, the logits themselves are not kept.

All distributions are over the whole vocabulary. The logits of a depth are walked through a few times, in pieces that
stay in the processor's memory, and never copied into double precision.
"""

from collections.abc import Iterator
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
from models.errors import Unsupported
from models.text.vocabulary import START, WORD, vocabulary
from models.translation import _

ROWS = 64
"""Positions whose logits are held at once."""

HELD = 1 << 24
"""Logits held at once beside the model's own (64 MiB): so many depths go through the unembedding together, whose matrix
is then read once for all of them."""

PIECE = 64
"""Neighbouring vocabulary entries that share one maximum: the k largest logits lie in the k pieces with the largest."""


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
    own = depth_logits(model, trace, lens, depths - 1, rows)
    shares = own.softmax(-1)
    certain = _dot(shares, own) - own.logsumexp(-1)  # Σ p log p
    winner = own.argmax(-1, keepdim=True)
    no_word = not_words(model, own)
    together = max(1, HELD // own.numel())
    room = torch.empty_like(own)
    read = []
    for first in range(0, depths - 1, together):
        states = [_states(model, trace, lens, depth, rows) for depth in range(first, min(first + together, depths - 1))]
        logits = _unembedded(model, trace, np.concatenate(states)).view(len(states), *own.shape)
        read += [_row(one, shares, certain, winner, no_word, top, room) for one in logits]
    read.append(_row(own, shares, certain, winner, no_word, top, room))
    read[-1]["kl"][:] = 0
    return LensGrid(**{name: np.stack([one[name] for one in read]) for name in FIELDS})


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
    unembedding = model.architecture.unembedding
    if unembedding is None:
        raise Unsupported(
            _("The way from the residual stream of {model} to its logits is not known.", model=trace.model)
        )
    blocks = model.architecture.blocks["decoder"]
    weight = next((blocks[-1] if blocks else model.network).parameters())  # blocks of some families are not told apart
    given = torch.from_numpy(np.array(states)).to(device=weight.device, dtype=weight.dtype)
    with torch.no_grad():
        found: Tensor = unembedding(given[None])[0].float()
    return found


def not_words(model: LanguageModel, like: Tensor) -> Float[Tensor, " vocab"]:
    """What is added to logits so that only entries that begin a word are left: 0 for them, −∞ for the others."""
    kinds = vocabulary(model).kinds
    added = np.full(like.shape[-1], -np.inf, np.float32)
    added[: len(kinds)][np.isin(kinds[: len(added)], WORDS)] = 0
    return torch.from_numpy(added).to(like.device)


def _row(
    logits: Tensor, shares: Tensor, certain: Tensor, winner: Tensor, no_word: Tensor, top: int, room: Tensor
) -> dict[str, ndarray]:
    """One depth: every pass over the logits is one line; `room` is of their size, and written over."""
    values, ids = largest_of(logits, top)
    powers = torch.sub(logits, values[:, :1], out=room).exp_()
    total = powers.sum(-1)
    scale = values[:, 0] + total.log()
    entropy = scale - _dot(powers, logits) / total
    kl = certain + scale - _dot(shares, logits)
    won = logits.gather(1, winner)
    rank = torch.gt(logits, won, out=room).sum(-1) + 1
    word_logit, word = largest_of(logits.add_(no_word), 1)  # the logits end here
    found = {
        "ids": ids.int(),
        "probabilities": (values - scale[:, None]).exp(),
        "entropy": entropy.clamp_min(0) / log(2),
        "kl": kl.clamp_min(0) / log(2),
        "rank": rank.int(),
        "winner": (won[:, 0] - scale).exp(),
        "word": word[:, 0].int(),
        "word_probability": (word_logit[:, 0] - scale).exp(),
    }
    return {name: value.cpu().numpy() for name, value in found.items()}


def _dot(one: Tensor, other: Tensor) -> Float[Tensor, " position"]:
    return torch.linalg.vecdot(one, other)


def largest_of(logits: Float[Tensor, "position vocab"], count: int) -> tuple[Tensor, Tensor]:
    """The `count` largest logits of each position, largest first, and whose they are."""
    vocab = logits.shape[1]
    whole = vocab // PIECE * PIECE
    if count * PIECE * 2 > whole:
        return tuple(logits.topk(min(count, vocab), dim=-1))  # type: ignore[return-value]
    pieces = logits[:, :whole].view(len(logits), -1, PIECE).amax(-1).topk(count, dim=-1).indices
    inside = (pieces[..., None] * PIECE + torch.arange(PIECE, device=logits.device)).flatten(1)
    rest = torch.arange(whole, vocab, device=logits.device).expand(len(logits), -1)
    candidates = torch.cat([inside, rest], dim=1)
    values, places = logits.gather(1, candidates).topk(count, dim=-1)
    return values, candidates.gather(1, places)
