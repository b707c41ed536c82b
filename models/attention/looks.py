"""What one token looks at, in every layer and head at once: its strongest connections, in a text made short.

A long text is folded: the tokens that are looked at most stay, runs of the others between them become one row each, in
which their weights add up.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float32
from numpy import ndarray

from models.attention.patterns import by_layer
from models.engine.trace import Trace

PER_HEAD = 3
PER_LAYER = 12
LEAST = 0.08
"""Weaker connections are not worth a line, except the strongest one of a head."""

Row = tuple[int, int]
"""The first and the last position of the tokens that share a row."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """One connection: in this layer and head, the followed token gives `weight` (0 to 1) to the tokens of `row`."""

    layer: int
    head: int
    row: int
    weight: float


def attention_rows(trace: Trace, kind: str, position: int) -> Float32[ndarray, "layer head key"]:
    """The weights that one query gives to every key, in all layers and heads of one kind; NaN where no head is."""
    rows = slice(position, position + 1)
    layers = (trace.attention(layer, kind=kind, queries=rows)[:, 0] for layer in range(trace.layers_of(kind)))
    return by_layer(layers, trace.heads_of(kind))


def strongest(weights: Float32[ndarray, "layer head key"], rows: Sequence[Row]) -> list[Look]:
    """The connections to draw: at most `PER_LAYER` of a layer and `PER_HEAD` of a head, strongest first."""
    starts = np.array([first for first, _last in rows])
    together = np.add.reduceat(weights, starts, axis=2)
    return [look for layer, of_layer in enumerate(together) for look in _of_layer(layer, of_layer)]


def _of_layer(layer: int, weights: Float32[ndarray, "head row"]) -> list[Look]:
    best = np.argsort(-weights, axis=1, kind="stable")[:, :PER_HEAD]
    found = [
        Look(layer=layer, head=head, row=int(row), weight=float(weights[head, row]))
        for head, ranked in enumerate(best)
        for rank, row in enumerate(ranked)
        if weights[head, row] >= LEAST or (rank == 0 and not np.isnan(weights[head, row]))
    ]
    return sorted(found, key=lambda look: -look.weight)[:PER_LAYER]


def folded(looked_at: Float[ndarray, " key"], *, most: int, keep: Sequence[int], begin: int | None = None) -> list[Row]:
    """Rows for a text, at most about `most`: the kept tokens and those looked at most alone, runs of others together.

    `looked_at` says how much each token is looked at; `keep` are positions that always stay alone. With `begin`, the
    tokens from there on stay alone before any other is chosen, as far as there is room. A run of one is the token.
    """
    length = len(looked_at)
    if length <= most:
        return [(position, position) for position in range(length)]
    opened = [] if begin is None else list(range(begin, length))
    alone: set[int] = {position % length for position in keep}
    for position in [*opened, *np.argsort(-looked_at, kind="stable").tolist()]:
        if len(_rows(alone | {position}, length)) <= most:
            alone.add(position)
    return _rows(alone, length)


def _rows(alone: set[int], length: int) -> list[Row]:
    """One row for each position that stands alone and for each run between two of them."""
    rows: list[Row] = []
    start = 0
    for position in [*sorted(alone), length]:
        if position > start:
            rows.append((start, position - 1))
        if position < length:
            rows.append((position, position))
        start = position + 1
    return rows
