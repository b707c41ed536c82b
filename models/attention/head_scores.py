"""Scores of attention heads: plain measurements of a pattern, each with its definition and its source."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Float32, Int
from numpy import ndarray

from models.translation import _

Patterns = Float[ndarray, "head query key"]
Positions = Int[ndarray, " query"]
Ids = Int[ndarray, " key"]
PerHead = Float32[ndarray, " head"]

INDUCTION_TOKENS = 25
INDUCTION_REPEATS = 4
BEHAVIOUR = ("previous", "induction", "first", "entropy", "distance")
"""What heads of two models are compared by."""


@dataclass(frozen=True)
class Score:
    """One measurement of a head: what it is called, what it means, in which unit, and who described it."""

    key: str
    title: str
    unit: str
    definition: str
    source: str
    measure: Callable[[Patterns, Positions, Ids], PerHead]
    across: bool = False
    """True if it also makes sense where queries and keys are different texts (cross attention)."""


def _mean_over(weights: Float[ndarray, "head query"], counted: Bool[ndarray, " query"]) -> PerHead:
    """Mean over the counted queries; NaN if none counts, because then nothing was measured."""
    if not counted.any():
        return np.full(len(weights), np.nan, dtype=np.float32)
    return weights[:, counted].mean(axis=1, dtype=np.float64).astype(np.float32)


def previous_token(patterns: Patterns, queries: Positions, _ids: Ids) -> PerHead:
    """Mean attention from a token to the one just before it. Share, 0 to 1; the first token is not counted."""
    rows = np.arange(len(queries))
    return _mean_over(patterns[:, rows, np.maximum(queries - 1, 0)], queries > 0)


def itself(patterns: Patterns, queries: Positions, _ids: Ids) -> PerHead:
    """Mean attention from a token to itself; the first token is not counted, it often has nowhere else to look."""
    return _mean_over(patterns[:, np.arange(len(queries)), queries], queries > 0)


def first_token(patterns: Patterns, queries: Positions, _ids: Ids) -> PerHead:
    """Mean attention on the first token of the text. Share, 0 to 1; the first token's own row is not counted."""
    return _mean_over(patterns[:, :, 0], queries > 0)


def same_token(patterns: Patterns, queries: Positions, ids: Ids) -> PerHead:
    """Mean attention on other places that hold the same token, over tokens that have such a place in sight.

    In sight means: the head gives that place a weight above zero. NaN if the text repeats no token.
    """
    same = ids[queries][:, None] == ids[None, :]
    same[np.arange(len(queries)), queries] = False
    seen: ndarray = np.logical_and(patterns.max(axis=0) > 0, same)
    return _mean_over(np.einsum("hqk,qk->hq", patterns, same.astype(np.float32)), np.asarray(seen.any(axis=1)))


def entropy(patterns: Patterns, _queries: Positions, _ids: Ids) -> PerHead:
    """Mean entropy of a row in bits, 0 = one place only, log2(n) = n places alike. Rows are first made to sum to 1."""
    tiny = np.finfo(np.float32).tiny
    share = patterns / np.maximum(patterns.sum(axis=2, keepdims=True), tiny)
    bits = -np.einsum("hqk,hqk->hq", share, np.log2(np.maximum(share, tiny)))
    return np.maximum(bits.mean(axis=1), 0).astype(np.float32)


def distance(patterns: Patterns, queries: Positions, _ids: Ids) -> PerHead:
    """Mean distance in tokens between a query and what it attends to, weighted by attention."""
    away = np.abs(queries[:, None] - np.arange(patterns.shape[2])[None, :]).astype(np.float32)
    return (np.einsum("hqk,qk->h", patterns, away) / len(queries)).astype(np.float32)


def induction(patterns: Patterns, queries: Positions, ids: Ids) -> PerHead:
    """Mean attention on places just after an earlier copy of the query's token, over queries that have an earlier copy.

    On a repeated random sequence nothing but the repetition can be followed; on a text it may be other things too.
    """
    positions = np.arange(len(ids))
    after_copy = np.zeros((len(queries), len(ids)), dtype=bool)
    after_copy[:, 1:] = ids[queries][:, None] == ids[None, :-1]
    after_copy &= positions[None, :] <= queries[:, None]
    followed = np.einsum("hqk,qk->hq", patterns, after_copy.astype(np.float32))
    return _mean_over(followed, np.asarray(after_copy.any(axis=1)))


def scores() -> tuple[Score, ...]:
    """The measurements made of every head on the text in view, described in the language in use."""
    return (
        Score(
            "previous",
            _("previous token"),
            _("share"),
            _("Mean attention from each token to the token just before it. 1 = always looks one back."),
            _("Voita et al. 2019, “Analyzing Multi-Head Self-Attention” (positional heads)"),
            previous_token,
        ),
        Score(
            "copies",
            _("copies"),
            _("share"),
            _(
                "Mean attention on what came after earlier copies of the same token in this text, over tokens with "
                "such a copy. Blank when the text repeats no token."
            ),
            _("Olsson et al. 2022, “In-context Learning and Induction Heads” (prefix matching)"),
            induction,
        ),
        Score(
            "itself",
            _("itself"),
            _("share"),
            _("Mean attention from each token to itself, the first token not counted."),
            _("Clark et al. 2019, “What Does BERT Look At?”, section 3.1"),
            itself,
        ),
        Score(
            "same",
            _("same token"),
            _("share"),
            _(
                "Mean attention on other places that hold the same token, over tokens with such a place in sight. "
                "Blank when the text repeats no token."
            ),
            _("Wang et al. 2022, “Interpretability in the Wild” (duplicate token heads)"),
            same_token,
        ),
        Score(
            "first",
            _("first token"),
            _("share"),
            _("Mean attention on the first token of the text (the “sink”), its own row not counted."),
            _("Xiao et al. 2023, “Efficient Streaming Language Models with Attention Sinks”"),
            first_token,
            across=True,
        ),
        Score(
            "entropy",
            _("entropy"),
            _("bits"),
            _("Mean entropy of a row: 0 bits = one token gets everything, n bits = as spread as 2ⁿ equal tokens."),
            _("Clark et al. 2019, “What Does BERT Look At?”, section 3.3"),
            entropy,
            across=True,
        ),
        Score(
            "distance",
            _("distance"),
            _("tokens"),
            _("Mean number of tokens between a token and what it attends to, weighted by attention."),
            _("Vig & Belinkov 2019, “Analyzing the Structure of Attention in a Transformer Language Model”"),
            distance,
        ),
    )


def induction_score() -> Score:
    """The measurement made once per model, on random tokens."""
    return Score(
        "induction",
        _("induction"),
        _("share"),
        _(
            "Mean attention on what followed earlier copies of the same token, measured not on your text but on "
            "{count} random tokens repeated {repeats} times.",
            count=INDUCTION_TOKENS,
            repeats=INDUCTION_REPEATS,
        ),
        _("Olsson et al. 2022, “In-context Learning and Induction Heads” (prefix matching)"),
        induction,
    )


def nothing(across: bool) -> dict[str, PerHead]:  # noqa: FBT001 - as `measured`
    """The scores of a layer of no heads."""
    return {score.key: np.zeros(0, dtype=np.float32) for score in scores() if score.across or not across}


def measured(patterns: Patterns, queries: Positions, ids: Ids, *, across: bool = False) -> dict[str, PerHead]:
    """All scores of the heads of one layer.

    `queries` says which positions the rows of `patterns` stand for (they may be a sample), `ids` which token each key
    is. With `across`, queries and keys are different texts and only the scores that compare no positions are given.
    """
    return {score.key: score.measure(patterns, queries, ids) for score in scores() if score.across or not across}
