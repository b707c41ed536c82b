"""What is counted of the logits of a lens, by stretches of the vocabulary that stay in the processor's memory.

A stretch is looked at while it is still there from the product that made it; the logits themselves are not kept. What
all stretches say is put together at the end: sums of exponentials through their logarithms, so that no number leaves
single precision's range.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

PIECE = 64
"""Neighbouring vocabulary entries that share one maximum: the k largest logits lie in the k pieces with the largest."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Own:
    """The model's own distribution and likeliest token at each position.

    `no_word` is added to logits so that only entries that begin a word are left: 0 for them, −∞ for the others.
    """

    shares: Float[Tensor, "position vocab"]
    winner: Int[Tensor, " position"]
    no_word: Float[Tensor, " vocab"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Tally:
    """One stretch of the vocabulary, or all of it, at some depths.

    `values` and `ids` of the largest logits, largest first; `scale`, log Σ exp(logit); `mean`, the logit expected under
    the distribution within the stretch; `cross`, Σ share · logit under the model's own distribution; `above`, how many
    logits are higher than that of the model's own answer, `won`; the largest logit of the entries that begin a word,
    and whose.
    """

    values: Float[Tensor, "depth position rank"]
    ids: Int[Tensor, "depth position rank"]
    scale: Float[Tensor, "depth position"]
    mean: Float[Tensor, "depth position"]
    cross: Float[Tensor, "depth position"]
    won: Float[Tensor, "depth position"]
    above: Float[Tensor, "depth position"]
    word_value: Float[Tensor, "depth position"]
    word: Int[Tensor, "depth position"]


def tally_all(
    stretches: Iterable[tuple[int, Float[Tensor, "depth position entry"]]],
    own: Own,
    won: Float[Tensor, "depth position"],
    top: int,
) -> Tally:
    """The tally of a vocabulary in stretches, each with the number of its first entry; their logits are written over.

    `won` is the logit of the model's own answer at each depth.
    """
    return _together([_stretch(start, logits, own, won, top) for start, logits in stretches], top)


def _stretch(start: int, logits: Tensor, own: Own, won: Tensor, top: int) -> Tally:
    """Every pass over the logits is one line; they are written over."""
    entries = slice(start, start + logits.shape[-1])
    inside = torch.nonzero((own.winner >= start) & (own.winner < entries.stop))[:, 0]
    logits[:, inside, own.winner[inside] - start] = won[:, inside]  # to the last bit what the others are compared with
    values, ids = largest_of(logits, top)
    powers = logits.softmax(-1)
    scale = values[..., 0] - powers.gather(-1, ids[..., :1])[..., 0].log()
    mean = powers.mul_(logits).sum(-1)
    cross = torch.mul(logits, own.shares[:, entries], out=powers).sum(-1)
    above = torch.gt(logits, won[..., None], out=powers).sum(-1)
    word_value, word = largest_of(logits.add_(own.no_word[entries]), 1)
    return Tally(
        values=values, ids=ids + start, scale=scale, mean=mean, cross=cross, won=won, above=above,
        word_value=word_value[..., 0], word=word[..., 0] + start,
    )  # fmt: skip


def _together(found: Sequence[Tally], top: int) -> Tally:
    """The tally of all stretches."""
    scales = torch.stack([one.scale for one in found])
    scale = scales.logsumexp(0)
    means = torch.stack([one.mean for one in found])
    values, places = torch.cat([one.values for one in found], -1).topk(top, -1)
    word_value, best = torch.stack([one.word_value for one in found]).max(0)
    return Tally(
        values=values,
        ids=torch.cat([one.ids for one in found], -1).gather(-1, places),
        scale=scale,
        mean=((scales - scale).exp() * means).sum(0),
        cross=torch.stack([one.cross for one in found]).sum(0),
        won=found[0].won,
        above=torch.stack([one.above for one in found]).sum(0),
        word_value=word_value,
        word=torch.stack([one.word for one in found]).gather(0, best[None])[0],
    )


def largest_of(logits: Float[Tensor, "... entry"], count: int) -> tuple[Tensor, Tensor]:
    """The `count` largest logits of each row, largest first, and whose they are."""
    entries = logits.shape[-1]
    whole = entries // PIECE * PIECE
    if count * PIECE * 2 > whole:
        return tuple(logits.topk(min(count, entries), dim=-1))  # type: ignore[return-value]
    pieces = logits[..., :whole].view(*logits.shape[:-1], -1, PIECE).amax(-1).topk(count, dim=-1).indices
    inside = (pieces[..., None] * PIECE + torch.arange(PIECE, device=logits.device)).flatten(-2)
    rest = torch.arange(whole, entries, device=logits.device).expand(*logits.shape[:-1], -1)
    candidates = torch.cat([inside, rest], dim=-1)
    values, places = logits.gather(-1, candidates).topk(count, dim=-1)
    return values, candidates.gather(-1, places)
