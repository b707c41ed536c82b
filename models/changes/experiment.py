"""What changes do to a prediction: the distributions before and after, how far they lie apart, what gained and lost."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int
from numpy import ndarray

from models.comparison.distances import kl_rows, log_shares
from models.engine.readings import softmax64
from models.engine.trace import Trace
from models.errors import InputError, Unsupported
from models.generation.next_token import mask_position
from models.translation import _

MOVED = 10


@dataclass(frozen=True, eq=False, kw_only=True)
class Effect:
    """The effect of changes at one position.

    `kl` is KL(before ‖ after) in bits, at least 0: how much a reader who trusts the changed model is surprised, per
    token, where the unchanged one writes. `gained` and `lost` are the tokens whose probability rose and fell most.
    """

    position: int
    before: Float64[ndarray, " vocab"]
    after: Float64[ndarray, " vocab"]
    kl: float
    gained: Int[ndarray, " rank"]
    lost: Int[ndarray, " rank"]


def effect(before: Trace, after: Trace, *, mask: int = 0, count: int = MOVED) -> Effect:
    """The effect at the end of the text, or at mask number `mask` of a masked model.

    Raises InputError for traces of two texts, Unsupported for a masked model without a mask.
    """
    if (before.model, before.text, before.target) != (after.model, after.text, after.target):
        raise InputError(_("An effect is measured on one text, with and without the changes."))
    position = predicted_position(before, mask)
    old, new = (softmax64(trace.logits_at(position)) for trace in (before, after))
    moved = new - old
    order = np.argsort(moved, kind="stable")
    return Effect(
        position=position,
        before=old,
        after=new,
        kl=kl_bits(before.logits_at(position), after.logits_at(position)),
        gained=np.array([token for token in order[::-1][:count] if moved[token] > 0], dtype=np.int64),
        lost=np.array([token for token in order[:count] if moved[token] < 0], dtype=np.int64),
    )


def predicted_position(trace: Trace, mask: int = 0) -> int:
    """Where the prediction is read: the last position, or a mask."""
    if trace.kind != "encoder":
        return len(trace.target_tokens or trace.tokens) - 1
    if not trace.mask_positions:
        raise Unsupported(
            _("{model} guesses masked words: put its mask token where it should predict.", model=trace.model)
        )
    return mask_position(trace, mask)


def kl_bits(before: ndarray, after: ndarray) -> float:
    """KL(before ‖ after) of two rows of logits, in bits; infinite only where a logit is."""
    return float(kl_rows(log_shares(before[None]), log_shares(after[None]))[0])
