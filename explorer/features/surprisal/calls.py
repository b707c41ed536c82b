"""What the Surprisal tab asks: how well each token was expected, and what was expected instead."""

from collections.abc import Iterator
from typing import NotRequired

import numpy as np
from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, RunRequest, Whole, call
from explorer.calls.answers import CandidateAnswer, candidate
from explorer.features.surprisal.both import surprisal_of_both
from models.generation.next_token import expected_tokens
from models.generation.scoring import TokenScores, expected_behind_mask, score, score_masked

__all__ = ["expected_here", "surprisal", "surprisal_of_both"]

LISTED = 12


class ReadingAnswer(TypedDict):
    """The tokens that have a score, by their `positions`: surprisal and entropy in bits, rank 1 the likeliest.

    `pseudo` marks a masked model's pseudo-log-likelihood; `top` are places in these lists, largest surprisal first.
    """

    pseudo: bool
    positions: list[int]
    surprisal: list[float]
    rank: list[int]
    entropy: list[float]
    bits: float
    perplexity: float
    bits_per_byte: float
    bytes: int
    top: list[int]


class SurprisalMessage(TypedDict):
    """How many tokens are `done`, `of` all; at the end the reading."""

    done: NotRequired[int]
    of: NotRequired[int]
    reading: NotRequired[ReadingAnswer]


class ExpectedRequest(RunRequest):
    """A position of what a decoder has read, or of a text that a masked model guesses token by token."""

    position: Whole = Field(ge=1, description="Which token, counted from 0; the first has nothing before it.")


class ExpectedAnswer(TypedDict):
    """The likeliest tokens at a position, given all tokens before it; for a masked model given all others."""

    position: int
    candidates: list[CandidateAnswer]


@call
def surprisal(context: Context, request: RunRequest) -> Iterator[SurprisalMessage]:
    """Say how well the model expected each token; a masked model is asked for one token after the other."""
    model = context.model(request)
    if model.kind != "encoder":
        yield {"reading": reading_answer(score(context.trace(request)))}
        return
    for news in score_masked(model, request.text):
        if isinstance(news, TokenScores):
            yield {"reading": reading_answer(news)}
        else:
            yield {"done": news[0], "of": news[1]}


@call
def expected_here(context: Context, request: ExpectedRequest) -> ExpectedAnswer:
    """Say what a model expected at a position."""
    model, trace = context.model(request), context.trace(request)
    if model.kind == "encoder":
        found = expected_behind_mask(model, trace.tokens, request.position)
    else:
        found = expected_tokens(trace, request.position)
    return {"position": request.position, "candidates": [candidate(model, one) for one in found]}


def reading_answer(found: TokenScores) -> ReadingAnswer:
    return {
        "pseudo": found.pseudo,
        "positions": found.positions.tolist(),
        "surprisal": np.round(found.surprisal, 4).tolist(),
        "rank": found.rank.tolist(),
        "entropy": np.round(found.entropy, 3).tolist(),
        "bits": found.bits,
        "perplexity": found.perplexity,
        "bits_per_byte": found.bits_per_byte,
        "bytes": found.bytes,
        "top": found.highest_surprisal(LISTED),
    }
