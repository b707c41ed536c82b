"""One reading of a lens in full: the likeliest tokens there, and the way of chosen tokens through the depths."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float32, Int32
from numpy import ndarray

from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.lenses.grid import WORDS, depth_logits, refuse_unread
from models.lenses.tally import largest_of
from models.text.vocabulary import vocabulary


@dataclass(frozen=True, eq=False, kw_only=True)
class Listed:
    """The likeliest tokens of one reading, likeliest first, with their ranks among all."""

    ids: Int32[ndarray, " rank"]
    ranks: Int32[ndarray, " rank"]
    probabilities: Float32[ndarray, " rank"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Ways:
    """The rank (1 the likeliest) and the probability of each token at each depth."""

    ranks: Int32[ndarray, "depth token"]
    probabilities: Float32[ndarray, "depth token"]


def listed(
    model: LanguageModel, trace: Trace, lens: str, depth: int, position: int, count: int, *, words: bool = False
) -> Listed:
    """The `count` likeliest tokens; with `words`, of those only the ones that begin a word, and always the first."""
    logits = depth_logits(model, trace, lens, depth, slice(position, position + 1))
    found, ids = largest_of(logits, min(logits.shape[1], count * (8 if words else 1)))
    shares = (found - logits.logsumexp(-1, keepdim=True)).exp()[0].cpu().numpy()
    chosen, places = ids[0].int().cpu().numpy(), np.arange(len(ids[0]))
    if words:
        kinds = vocabulary(model).kinds
        known = chosen < len(kinds)
        kept = known & np.isin(kinds[np.where(known, chosen, 0)], WORDS)
        kept[0] = True
        places = np.flatnonzero(kept)
    places = places[:count]
    return Listed(ids=chosen[places], ranks=(places + 1).astype(np.int32), probabilities=shares[places])


def ways(model: LanguageModel, trace: Trace, lens: str, position: int, tokens: Sequence[int]) -> Ways:
    """How chosen tokens fare at every depth of one position; `Unsupported` where depths cannot be read."""
    refuse_unread(trace)
    wanted = torch.tensor(list(tokens), dtype=torch.long)
    ranks: list[Any] = []
    shares: list[Any] = []
    for depth in range(trace.lens_depths(lens)):
        logits = depth_logits(model, trace, lens, depth, slice(position, position + 1))[0].cpu()
        own = logits[wanted]
        ranks.append((logits[None] > own[:, None]).sum(-1).int().numpy() + 1)
        shares.append((own - logits.logsumexp(-1)).exp().numpy())
    return Ways(ranks=np.stack(ranks).astype(np.int32), probabilities=np.stack(shares))
