"""Attention rollout: layers multiplied, as if heads were averaged and mixing were all that happens.

Abnar & Zuidema 2020, "Quantifying Attention Flow in Transformers".
"""

from collections.abc import Iterable

import numpy as np
from jaxtyping import Float, Float32
from numpy import ndarray

from models.engine.cache import derived
from models.engine.trace import Trace
from models.errors import Unsupported
from models.translation import _

MAX_TOKENS = 1024


def rollout(layers: Iterable[Float[ndarray, "head query key"]]) -> Float32[ndarray, "query key"]:
    """How much of each query's vector stems from each input position.

    Each layer counts half for attention and half for the residual path, rows made to sum to 1, and layers are
    multiplied, first layer rightmost.
    """
    flow: ndarray | None = None
    for patterns in layers:
        mixing = patterns.mean(axis=0) + np.eye(patterns.shape[1], dtype=np.float32)
        mixing /= mixing.sum(axis=1, keepdims=True)
        flow = mixing if flow is None else mixing @ flow
    if flow is None:
        raise ValueError("There is nothing to roll out: give at least one layer.")
    return flow.astype(np.float32)


def rollout_of(trace: Trace, layer: int, kind: str = "self") -> Float32[ndarray, "query key"]:
    """The rollout of a trace from the input up to `layer`, read-only; computed once, because stepping asks again."""
    if kind == "cross":
        raise Unsupported(_("Rollout follows one text through its layers; choose encoder or decoder attention."))
    if not all(trace.heads_by_layer(kind)[: layer + 1]):
        raise Unsupported(
            _("Rollout follows attention alone, and some blocks of this model mix the words in another way.")
        )
    length = len(trace.queries(kind))
    if length > MAX_TOKENS:
        raise Unsupported(
            _(
                "Rollout multiplies whole patterns: it is offered up to {most} tokens, not {length}.",
                most=MAX_TOKENS,
                length=length,
            )
        )
    return derived(trace, ("rollout", kind, layer), lambda: _computed(trace, layer, kind))


def _computed(trace: Trace, layer: int, kind: str) -> Float32[ndarray, "query key"]:
    flow = rollout(trace.attention(number, kind=kind) for number in range(layer + 1))
    flow.flags.writeable = False
    return flow
