"""What a model would say without one of its heads: one more run, in which that head's output is zero."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32
from numpy import ndarray
from torch import Tensor

from models.engine.cache import derived
from models.engine.language_model import LanguageModel
from models.engine.points import Point, editing
from models.engine.readings import softmax64
from models.engine.trace import Trace
from models.errors import InputError
from models.translation import _


@dataclass(frozen=True, kw_only=True)
class WithoutHead:
    """The likeliest token at one position, with its probability before and after, and which one leads then."""

    winner: int
    before: float
    after: float
    new_winner: int
    new_probability: float


def without_head(model: LanguageModel, trace: Trace, *, kind: str, layer: int, head: int, position: int) -> WithoutHead:
    """How much the likeliest token at `position` needs one head; computed once per trace and head.

    Raises `InputError` for a head the model does not have, `Unsupported` where heads cannot be told apart.
    """
    if not 0 <= layer < trace.layers_of(kind) or not 0 <= head < trace.heads_of(kind):
        raise InputError(_("{model} has no head {layer}·{head}.", model=model.name, layer=str(layer), head=str(head)))

    def compute() -> WithoutHead:
        before = softmax64(trace.logits_at(position))
        after = softmax64(logits_without_head(model, trace, kind=kind, layer=layer, head=head, position=position))
        winner, new_winner = int(before.argmax()), int(after.argmax())
        return WithoutHead(
            winner=winner,
            before=float(before[winner]),
            after=float(after[winner]),
            new_winner=new_winner,
            new_probability=float(after[new_winner]),
        )

    return derived(trace, ("without head", kind, layer, head, position), compute)


def logits_without_head(
    model: LanguageModel, trace: Trace, *, kind: str, layer: int, head: int, position: int
) -> Float32[ndarray, " vocab"]:
    """The logits at one position of the same text, with the head's output set to zero at every position."""

    def silence(heads: Tensor) -> Tensor:
        changed = heads.clone()
        changed[..., head, :] = 0
        return changed

    stack = "encoder" if kind == "encoder" else "decoder"
    point = Point(stack=stack, layer=layer, part="heads", kind="cross" if kind == "cross" else "self")
    with editing({point: silence}):
        return np.array(model.trace(trace.text, trace.target).logits_at(position))
