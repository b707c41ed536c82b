"""Span corruption: a passage with gaps, and the text that is missing (Raffel et al. 2020, T5)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Int64

from models.training.loss import IGNORED
from models.training.tokenizer import END_ID, FIRST_SENTINEL_ID, SENTINELS


@dataclass(frozen=True, kw_only=True)
class Passages:
    """How gaps are made: the passages that `each` row is cut into, and how many gaps one may have.

    A passage misses as many tokens as it has gaps, and a share `more` of its length: so all sources of a batch are
    equally long, however many gaps they have, and a model can only tell their number by reading.
    """

    each: int = 1
    more: float = 0.1
    gaps: tuple[int, int] = (4, 4)


def gap_starts_and_lengths(
    length: int, random: np.random.Generator, passages: Passages
) -> tuple[np.ndarray, np.ndarray]:
    """Where the gaps of one passage begin and how many tokens each has; text stands before, between and behind them.

    Were a gap always last, a model would take text behind a gap for a sign of more gaps.
    """
    fewest, most = (max(1, min(gaps, len(SENTINELS), length // 5)) for gaps in passages.gaps)
    gaps = int(random.integers(fewest, most + 1))
    missing = gaps + round(length * passages.more)
    gap_lengths, text_lengths = _segments(missing, gaps, random), _segments(length - missing, gaps + 1, random)
    starts = np.cumsum(text_lengths[:-1]) + np.cumsum(gap_lengths) - gap_lengths
    return starts, gap_lengths


def with_gaps(
    row: Int64[np.ndarray, " position"], starts: np.ndarray, lengths: np.ndarray
) -> tuple[Int64[np.ndarray, " source"], Int64[np.ndarray, " target"]]:
    """The row with a sentinel in place of each gap, and each sentinel followed by what it stands for, then the end.

    [7 8 9 10 11] with gaps at 1 (2 tokens) and 4 (1 token) gives [7 <0> 10 <1>] and [<0> 8 9 <1> 11 <end>].
    """
    source: list[Any] = []
    target: list[Any] = []
    position = 0
    for number, (start, length) in enumerate(zip(starts, lengths, strict=True)):
        sentinel = [FIRST_SENTINEL_ID + number]
        source += [row[position:start], sentinel]
        target += [sentinel, row[start : start + length]]
        position = start + length
    source.append(row[position:])
    target.append([END_ID])
    return np.concatenate(source).astype(np.int64), np.concatenate(target).astype(np.int64)


def corrupted(
    rows: Int64[np.ndarray, "row position"], random: np.random.Generator, passages: Passages
) -> tuple[Int64[np.ndarray, "row source"], Int64[np.ndarray, "row target"]]:
    """Every row with its own gaps. Sources need no padding; shorter targets end in IGNORED."""
    pairs = [with_gaps(row, *gap_starts_and_lengths(len(row), random, passages)) for row in rows]
    longest = max(len(target) for _, target in pairs)
    targets = [np.pad(target, (0, longest - len(target)), constant_values=IGNORED) for _, target in pairs]
    return np.stack([source for source, _ in pairs]), np.stack(targets)


def _segments(total: int, parts: int, random: np.random.Generator) -> np.ndarray:
    """`parts` random lengths of at least 1 that add up to `total`."""
    cuts = np.sort(random.choice(total - 1, parts - 1, replace=False)) + 1
    return np.diff(np.concatenate([[0], cuts, [total]]))
