"""Attention as captured: queries, keys and all that changes their products, from which any row is computed.

A pattern is softmax(softcap(Q Kᵀ · scaling) + bias + mask) (Vaswani et al. 2017, section 3.2.1).
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float32


@dataclass(frozen=True, eq=False, kw_only=True)
class Allowed:
    """The keys a query may attend to: those from `back` positions before it to `ahead` positions after it.

    None means no limit. A mask of any other form is kept whole in `dense`, shaped (query, key).
    """

    back: int | None = None
    ahead: int | None = None
    dense: Bool[np.ndarray, "query key"] | None = None

    def rows(self, first: int, last: int, keys: int) -> Bool[np.ndarray, "query key"] | None:
        """The rows `first` to `last` of the mask, True where looking is allowed; None where everything is."""
        if self.dense is not None:
            return self.dense[first:last]
        if self.back is None and self.ahead is None:
            return None
        step = np.arange(keys, dtype=np.int32)[None, :] - np.arange(first, last, dtype=np.int32)[:, None]
        ahead = step <= self.ahead if self.ahead is not None else np.ones_like(step, dtype=bool)
        return ahead if self.back is None else ahead & (step >= -self.back)


@dataclass(frozen=True, eq=False, kw_only=True)
class Bias:
    """A number added to each score. Kept by distance (key − query) where that is all it depends on, as in T5."""

    by_distance: Float32[np.ndarray, "head distance"] | None = None
    dense: Float32[np.ndarray, "head query key"] | None = None

    def rows(self, heads: slice, first: int, last: int, keys: int) -> Float32[np.ndarray, "head query key"]:
        if self.dense is not None:
            return _chosen(self.dense, heads)[:, first:last]
        if self.by_distance is None:
            raise ValueError("A bias is kept by distance or dense.")
        queries = self.by_distance.shape[1] - keys + 1
        step = np.arange(keys, dtype=np.int32)[None, :] - np.arange(first, last, dtype=np.int32)[:, None]
        return _chosen(self.by_distance, heads)[:, step + queries - 1]


@dataclass(frozen=True, eq=False, kw_only=True)
class CapturedAttention:
    """Queries and keys of one layer, after positions, and all that changes their products.

    Keys shared by several query heads (grouped-query attention, Ainslie et al. 2023) are kept once.
    """

    query: Float32[np.ndarray, "head query size"]
    key: Float32[np.ndarray, "group key size"]
    scaling: float
    allowed: Allowed
    bias: Bias | None = None
    softcap: float | None = None
    sinks: Float32[np.ndarray, " head"] | None = None
    value_norms: Float32[np.ndarray, "head key"] | None = None

    @property
    def shape(self) -> tuple[int, int, int]:
        """The indices of heads, queries and keys."""
        return self.query.shape[0], self.query.shape[1], self.key.shape[1]

    def pattern(self, heads: slice, queries: slice) -> Float32[np.ndarray, "head query key"]:
        """Each query's weights over all keys; rows sum to 1, or to less where a sink takes a share."""
        head_count, query_count, key_count = self.shape
        first, last, _ = queries.indices(query_count)
        indices = np.arange(head_count)[heads]
        shared = self.key[indices // (head_count // self.key.shape[0])]
        scores = np.matmul(self.query[heads, first:last] * np.float32(self.scaling), shared.transpose(0, 2, 1))
        if self.softcap is not None:
            scores = np.float32(self.softcap) * np.tanh(scores / np.float32(self.softcap))
        if self.bias is not None:
            scores = scores + self.bias.rows(heads, first, last, key_count)
        mask = self.allowed.rows(first, last, key_count)
        if mask is not None:
            scores[:, ~mask] = -np.inf
        return softmax(scores, None if self.sinks is None else self.sinks[indices])

    def arrays(self) -> list[np.ndarray]:
        """The arrays held, to count their bytes."""
        bias = [] if self.bias is None else [self.bias.by_distance, self.bias.dense]
        held = [self.query, self.key, self.allowed.dense, *bias, self.sinks, self.value_norms]
        return [array for array in held if array is not None]


@dataclass(frozen=True, eq=False, kw_only=True)
class StoredPattern:
    """The whole pattern of one layer, for families that compute attention outside the registry."""

    weights: Float32[np.ndarray, "head query key"]
    value_norms: Float32[np.ndarray, "head key"] | None = None

    @property
    def shape(self) -> tuple[int, int, int]:
        heads, queries, keys = self.weights.shape
        return heads, queries, keys

    def pattern(self, heads: slice, queries: slice) -> Float32[np.ndarray, "head query key"]:
        return self.weights[heads, queries]

    def arrays(self) -> list[np.ndarray]:
        return [self.weights] if self.value_norms is None else [self.weights, self.value_norms]


@dataclass(frozen=True, kw_only=True)
class NoAttention:
    """A block that has no attention, in a hybrid whose other blocks have: a layer of no heads."""

    queries: int
    keys: int

    @property
    def shape(self) -> tuple[int, int, int]:
        return 0, self.queries, self.keys

    @property
    def value_norms(self) -> Float32[np.ndarray, "head key"]:
        return np.zeros((0, self.keys), dtype=np.float32)

    def pattern(self, _heads: slice, queries: slice) -> Float32[np.ndarray, "head query key"]:
        return np.zeros((0, len(range(self.queries)[queries]), self.keys), dtype=np.float32)

    def arrays(self) -> list[np.ndarray]:
        return []


# One layer's attention, from which any row of any head's pattern can be computed.
LayerAttention = CapturedAttention | StoredPattern | NoAttention


def softmax(
    scores: Float32[np.ndarray, "head query key"], sinks: Float32[np.ndarray, " head"] | None = None
) -> Float32[np.ndarray, "head query key"]:
    """Softmax over keys, in place. A sink is one more score per head, its weight left out (Xiao et al. 2023)."""
    highest = scores.max(axis=-1, keepdims=True)
    if sinks is not None:
        highest = np.maximum(highest, sinks[:, None, None])
    scores -= highest
    np.exp(scores, out=scores)
    total = scores.sum(axis=-1, keepdims=True)
    if sinks is not None:
        total += np.exp(sinks[:, None, None] - highest)
    scores /= total
    return scores


def _chosen(array: np.ndarray, heads: slice) -> np.ndarray:
    """The heads asked for; one row shared by all heads stays one row."""
    return array if array.shape[0] == 1 else array[heads]
