"""Which tokens each training step sees: a function of the seed and the step alone, so that training can resume."""

from functools import lru_cache

import numpy as np
from jaxtyping import Int64

from models.training.corpus import Corpus

NOVELS_SHARE = 4
"""Each epoch holds all children's books and one part in four of the novels: another quarter each time."""

RUN = (4, 48)
"""How many words repeat, at least and below."""


class Rows:
    """Windows of `length` tokens from the training books, shuffled anew each epoch."""

    def __init__(self, corpus: Corpus, *, length: int, rows: int, seed: int, repeats: int = 0) -> None:
        """`repeats`: how many rows of each step are shuffled words that repeat, for learning to copy."""
        self._tokens, self._repeats = (corpus.children, corpus.novels), repeats
        self._length, self._rows, self._seed = length, rows, seed
        windows = len(corpus.children) // length + len(corpus.novels) // length // NOVELS_SHARE - 2
        self.steps_per_epoch = max(1, windows // rows)
        self._order = lru_cache(maxsize=1)(self._shuffled)

    def batch(self, step: int) -> Int64[np.ndarray, "row position"]:
        """The windows of one step, counted from 0."""
        epoch, within = divmod(step, self.steps_per_epoch)
        order = self._order(epoch)
        chosen = order[np.arange(within * self._rows, (within + 1) * self._rows) % len(order)]
        rows = np.stack([self._tokens[group][start : start + self._length] for group, start in chosen]).astype(np.int64)
        random = np.random.default_rng((self._seed, step))
        for row in rows[: self._repeats]:
            row[:] = repeated(row, random)
        return rows

    def _shuffled(self, epoch: int) -> Int64[np.ndarray, "window 2"]:
        """Group and first token of every window of an epoch; the windows begin at another offset each time."""
        random = np.random.default_rng((self._seed, epoch))
        starts = [
            np.arange(random.integers(self._length), max(1, len(tokens) - self._length + 1), self._length)
            for tokens in self._tokens
        ]
        part = starts[1][epoch % NOVELS_SHARE :: NOVELS_SHARE]
        windows = np.concatenate(
            [np.stack([np.zeros_like(starts[0]), starts[0]], 1), np.stack([np.ones_like(part), part], 1)]
        )
        return random.permutation(windows)


def repeated(row: Int64[np.ndarray, " position"], random: np.random.Generator) -> Int64[np.ndarray, " position"]:
    """The row's words in random order, a few at a time, each few twice: only the first copy can tell what comes next.

    Induction heads (Olsson et al. 2022) need far more plain text to form than a small model sees; see README.md.
    """
    shuffled = random.permutation(row)
    runs = np.split(shuffled, np.cumsum(random.integers(*RUN, size=len(row))))
    return np.concatenate([np.tile(run, 2) for run in runs])[: len(row)]
