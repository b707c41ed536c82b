"""How far two distributions over one vocabulary are apart; never asked of two different vocabularies."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Float64
from numpy import ndarray

from models.engine.trace import Trace
from models.generation.sampling import TOP_P, Distribution, largest

LOGIT_ROWS = 32  # of each run in memory at once
TOP = 10


@dataclass(frozen=True, kw_only=True)
class Distance:
    """How far two distributions are apart.

    `kl` is KL(one ‖ other) and `reverse_kl` KL(other ‖ one), both in bits and at least 0 (Kullback and Leibler 1951),
    infinite where the second leaves out what the first may draw; `js` is the Jensen–Shannon divergence in bits, 0 (the
    same) to 1 (nothing in common; Lin 1991); `overlap` is how many of the TOP likeliest tokens they share.
    """

    kl: float
    reverse_kl: float
    js: float
    overlap: int


def distance(one: Float[ndarray, " vocab"], other: Float[ndarray, " vocab"]) -> Distance:
    """Of the distributions that two rows of logits stand for; what a rule removed has a logit of −∞."""
    logs = log_shares(np.stack([one, other]))
    top = [{token for token in largest(row, TOP).tolist() if np.isfinite(row[token])} for row in (one, other)]
    return Distance(
        kl=float(kl_rows(logs[:1], logs[1:])[0]),
        reverse_kl=float(kl_rows(logs[1:], logs[:1])[0]),
        js=float(js_rows(logs[:1], logs[1:])[0]),
        overlap=len(top[0] & top[1]),
    )


def drawn_logits(found: Distribution, context_ids: Sequence[int] = ()) -> Float64[ndarray, " vocab"]:
    """The scores that tokens are drawn by, in double precision: −∞ where a rule removed a token.

    The probabilities themselves cannot be used: in single precision unlikely ones become 0 at a low temperature, and
    a divergence would be infinite where it is large. `context_ids` are the tokens so far, for the repetition penalty.
    """
    scores = torch.from_numpy(found.logits.astype(np.float64))[None]
    ids = torch.tensor([list(context_ids)])
    for rule, processor in found.sampling.rules():
        if rule < TOP_P - 1 and (ids.numel() or rule > 1):  # the penalty and the temperature: all others only cut
            scores = processor(ids, scores)
    return np.where(found.kept, scores[0].numpy(), -np.inf)


def kl_by_position(trace: Trace, other: Trace, counterparts: Sequence[int | None]) -> Float64[ndarray, " position"]:
    """KL(one ‖ other) in bits at each position of the one run; NaN where the other has no counterpart."""
    found = np.full(len(counterparts), np.nan)
    matched = [(here, there) for here, there in enumerate(counterparts) if there is not None]
    for first in range(0, len(matched), LOGIT_ROWS):
        here, there = (np.array(places) for places in zip(*matched[first : first + LOGIT_ROWS], strict=True))
        found[here] = kl_rows(*(log_shares(_rows(run, places)) for run, places in ((trace, here), (other, there))))
    return found


def log_shares(logits: Float[ndarray, "*row vocab"]) -> Float64[ndarray, "*row vocab"]:
    """The natural logarithms of the probabilities, in double precision."""
    exact = logits.astype(np.float64) - logits.max(-1, keepdims=True).astype(np.float64)
    return np.asarray(exact - np.log(np.exp(exact).sum(-1, keepdims=True)))


def kl_rows(one: Float64[ndarray, "row vocab"], other: Float64[ndarray, "row vocab"]) -> Float64[ndarray, " row"]:
    """KL(one ‖ other) of each pair of rows of log probabilities, in bits; infinite only where a logit is."""
    shares = np.exp(one)
    with np.errstate(invalid="ignore"):  # 0 · ∞, which counts as 0
        terms = np.where(shares > 0, shares * (np.where(shares > 0, one, 0) - other), 0)
    return np.asarray(np.maximum(terms.sum(-1) / np.log(2), 0))


def js_rows(one: Float64[ndarray, "row vocab"], other: Float64[ndarray, "row vocab"]) -> Float64[ndarray, " row"]:
    """The Jensen–Shannon divergence of each pair of rows of log probabilities, in bits: 0 to 1."""
    middle = np.logaddexp(one, other) - np.log(2)
    return np.minimum(1.0, (kl_rows(one, middle) + kl_rows(other, middle)) / 2)


def _rows(trace: Trace, positions: ndarray) -> Float[ndarray, "row vocab"]:
    """Of increasing positions, read in one piece: counterparts lie close together."""
    first, last = int(positions.min()), int(positions.max())
    return np.asarray(trace.logits_of(slice(first, last + 1))[positions - first])
