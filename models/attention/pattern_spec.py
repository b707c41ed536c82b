"""Which pattern is meant: whose heads, read how, with which tokens left out. Any rows of it can be computed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from models.attention import patterns
from models.attention.rollout import rollout_of
from models.engine.trace import Trace
from models.errors import InputError
from models.text.tokens import Token
from models.translation import _

Head = tuple[int, int]
Reading = Literal["weights", "values", "rollout"]
Combination = Literal["one", "mean", "max"]
LeftOut = Literal["nothing", "first", "special"]


@dataclass(frozen=True, kw_only=True)
class PatternSpec:
    """One way to look at the attention of one text. Frozen and hashable, so that answers can be kept.

    `reading` says what a number is: the attention weight, the weight times the norm of the value vector, or rollout up
    to `layer`. `combination` says of which heads: the one at `layer` and `head`, or all the `chosen` (layer, head).
    """

    kind: str = "self"
    layer: int = 0
    head: int = 0
    reading: Reading = "weights"
    combination: Combination = "one"
    chosen: tuple[Head, ...] = ()
    left_out: LeftOut = "nothing"
    by_words: bool = False

    def check(self, trace: Trace) -> None:
        """Raise an InputError where the trace has no such kind, layer or head, or where no head is chosen."""
        heads = trace.heads_by_layer(self.kind)
        for layer, head in ((self.layer, self.head), *self.chosen):
            _within(layer, len(heads), _("layer"))
            if heads[layer] or self.reading == "rollout":
                _within(head, heads[layer] or max(heads), _("head"))
            else:
                trace.attention(layer, head, kind=self.kind)  # says which layers attend
        if self.combination != "one" and self.reading != "rollout" and not self.chosen:
            raise InputError(_("No heads are chosen: choose some in the grid first."))


def _within(value: int, count: int, name: str) -> None:
    if not 0 <= value < count:
        raise InputError(
            _("{name} must be from {low} to {high}, not {value}.", name=name, low=0, high=count - 1, value=value)
        )


def rows_of(trace: Trace, spec: PatternSpec, queries: slice) -> Float32[ndarray, "query key"]:
    """Some rows of the pattern, token by token: heads read and combined, keys left out; not yet words."""
    pattern = _combined(trace, spec, queries)
    hidden = np.array(hidden_keys(spec, trace.keys(spec.kind)), dtype=np.int64)
    if not len(hidden):
        return pattern
    if spec.reading == "values":
        pattern = pattern.copy()
        pattern[:, hidden] = np.nan  # norms are not shares: nothing to renormalise
        return pattern
    return patterns.without_keys(pattern, hidden)


def _combined(trace: Trace, spec: PatternSpec, queries: slice) -> Float32[ndarray, "query key"]:
    if spec.reading == "rollout":
        return rollout_of(trace, spec.layer, spec.kind)[queries]
    if spec.combination == "one":
        return _read(trace, spec, (spec.layer, spec.head), queries)
    heads = (_read(trace, spec, head, queries) for head in spec.chosen)
    return patterns.combined(heads, spec.combination)


def _read(trace: Trace, spec: PatternSpec, place: Head, queries: slice) -> Float32[ndarray, "query key"]:
    layer, head = place
    pattern = trace.attention(layer, head, kind=spec.kind, queries=queries)
    if spec.reading != "values":
        return pattern
    return patterns.value_weighted(pattern, trace.value_norms(layer, kind=spec.kind)[head])


def hidden_keys(spec: PatternSpec, keys: Sequence[Token]) -> list[int]:
    """Positions of the keys that are left out."""
    if spec.left_out == "first":
        return [0]
    if spec.left_out == "special":
        return [position for position, token in enumerate(keys) if token.special]
    return []


def is_causal(trace: Trace, kind: str) -> bool:
    """Whether queries of this kind see no key after themselves."""
    return kind == "decoder" or (kind == "self" and trace.kind == "decoder")
