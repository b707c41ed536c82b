"""Turns attention patterns into other readable patterns: smaller, merged into words, combined, weighted.

A pattern is what one head computed for one text: row = query, column = key, each row shares of attention that sum to 1
(to less than 1 where the head has a learned place for attention that goes nowhere).
"""

from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np
from jaxtyping import Float, Float32, Int
from numpy import ndarray

from models.text.tokens import Token

Combination = Literal["mean", "max"]


def bins(length: int, limit: int) -> Int[ndarray, " edge"]:
    """Edges of at most `limit` equally wide bins over `length` positions; the last one may be narrower.

    >>> bins(5, 3).tolist()
    [0, 2, 4, 5]
    """
    width = max(1, -(-length // limit))
    return np.append(np.arange(0, length, width), length)


def spread_bins(length: int, limit: int) -> Int[ndarray, " edge"]:
    """Edges of as many bins as the limit allows, as even as whole positions permit.

    >>> spread_bins(5, 3).tolist()
    [0, 1, 3, 5]
    """
    count = min(length, limit)
    return np.arange(count + 1) * length // count


def pooled(
    pattern: Float[ndarray, "*lead query key"], queries: Int[ndarray, " edge"], keys: Int[ndarray, " border"]
) -> Float[ndarray, "*lead row column"]:
    """The largest weight in each cell of a grid, given the grid's edges: a single strong weight stays visible.

    NaN marks what was left out; a cell is NaN only if all of it is.
    """
    rows = np.fmax.reduceat(pattern, queries[:-1], axis=-2)
    return np.fmax.reduceat(rows, keys[:-1], axis=-1)


def by_layer(layers: Iterable[Float[ndarray, "_ ..."]], heads: int) -> Float32[ndarray, "layer head ..."]:
    """One array from those of each layer; heads that a layer does not have (blocks that do not attend) are NaN."""
    padded = []
    for layer in layers:
        missing = np.full((heads - len(layer), *layer.shape[1:]), np.nan, dtype=np.float32)
        padded.append(np.concatenate([layer, missing]).astype(np.float32, copy=False))
    return np.stack(padded)


def words(tokens: Sequence[Token], text: str) -> Int[ndarray, " edge"]:
    """Edges of the runs of tokens that make one word: a new word starts after white space, and at each special token.

    Tokens that spell parts of one character are never separated.
    """
    starts = [
        position
        for position, token in enumerate(tokens)
        if position == 0 or _begins_word(tokens[position - 1], token, text)
    ]
    return np.array([*starts, len(tokens)])


def _begins_word(before: Token, token: Token, text: str) -> bool:
    if token.special or before.special:
        return True
    if token.group == before.group:
        return False
    spelled = text[token.start : token.end]
    return spelled[:1].isspace() or text[: token.start][-1:].isspace()


def merged(
    pattern: Float[ndarray, "query key"], queries: Int[ndarray, " edge"], keys: Int[ndarray, " border"]
) -> Float32[ndarray, "row column"]:
    """Attention between words: to a word, the sum over its tokens; from a word, the mean over its tokens.

    Rows keep their sum. As in Clark et al. 2019, "What Does BERT Look At?", section 4.1. NaN marks what was left out:
    such rows and columns do not count, and a word made of nothing else is NaN.
    """
    known = ~np.isnan(pattern)
    to_words = np.add.reduceat(np.where(known, pattern, 0), keys[:-1], axis=1)
    counted = np.add.reduceat(known.any(axis=1).astype(np.int64), queries[:-1])[:, None]
    shown = np.logical_or.reduceat(np.logical_or.reduceat(known, keys[:-1], axis=1), queries[:-1], axis=0)
    total = np.add.reduceat(to_words, queries[:-1], axis=0)
    return np.where(shown, total / np.maximum(counted, 1), np.nan).astype(np.float32)


def without_keys(
    pattern: Float[ndarray, "query key"], hidden: Int[ndarray, " position"]
) -> Float32[ndarray, "query key"]:
    """The pattern with some keys left out (NaN) and each row divided by what remains, so that rows sum to 1 again.

    A row that had nothing left is NaN throughout: there is nothing to renormalise.
    """
    kept = pattern.astype(np.float32, copy=True)
    kept[:, hidden] = 0
    total = kept.sum(axis=1, keepdims=True)
    kept = np.divide(kept, total, out=np.full_like(kept, np.nan), where=total > np.finfo(np.float32).tiny)
    kept[:, hidden] = np.nan
    return kept


def combined(patterns: Iterable[Float[ndarray, "query key"]], how: Combination) -> Float32[ndarray, "query key"]:
    """The mean of several patterns, or the largest weight among them at each place (whose rows need not sum to 1)."""
    result: ndarray | None = None
    count = 0
    for count, pattern in enumerate(patterns, start=1):  # noqa: B007  # the count is read after the loop
        if result is None:
            result = pattern.astype(np.float32, copy=True)
        elif how == "max":
            np.maximum(result, pattern, out=result)
        else:
            result += pattern
    if result is None:
        raise ValueError("There is nothing to combine: give at least one pattern.")
    return result / np.float32(count) if how == "mean" else result


def value_weighted(
    pattern: Float[ndarray, "query key"], norms: Float[ndarray, " key"]
) -> Float32[ndarray, "query key"]:
    """Attention weight times the length of the vector it carries, in the units of that vector.

    Kobayashi et al. 2020, "Attention is Not Only a Weight": a large weight on a short vector moves little.
    """
    return (pattern * norms[None, :]).astype(np.float32)
