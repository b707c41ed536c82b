"""Answers written once: a token, a candidate, a step, in plain values, for views, endpoints and MCP tools alike."""

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy import ndarray
from typing_extensions import TypedDict

if TYPE_CHECKING:
    import models.engine.language_model
    import models.generation.sampling
    import models.generation.steps
    import models.text.tokens


class TokenAnswer(TypedDict):
    """One token of a text; `start` and `end` count characters."""

    id: int
    text: str
    start: int
    end: int
    special: bool


class TokenRow(TokenAnswer):
    """All that is known of a token. Tokens that share a character share a `group`; `bytes` are hexadecimal."""

    piece: str
    group: int
    bytes: str


class CandidateAnswer(TypedDict):
    """One token of the vocabulary and its probability before (`probability`) and after (`final_probability`) the rules.

    `rank` 1 is the likeliest before any rule; `cut_by` names the rule that removed it, "" where it is `kept`.
    """

    id: int
    text: str
    special: bool
    logit: float
    probability: float
    final_probability: float
    rank: int
    kept: bool
    cut_by: str


class StepAnswer(TypedDict):
    """One token that was written: its probabilities, the entropies there in bits, the tokens it was preferred to."""

    id: int
    text: str
    special: bool
    probability: float
    final_probability: float
    rank: int
    entropy: float
    final_entropy: float
    alternatives: list[CandidateAnswer]


def token(one: "models.text.tokens.Token") -> TokenAnswer:
    return {"id": one.id, "text": one.text, "start": one.start, "end": one.end, "special": one.special}


def token_rows(tokens: Sequence["models.text.tokens.Token"]) -> list[TokenRow]:
    return [{**token(one), "piece": one.piece, "group": one.group, "bytes": one.bytes.hex(" ")} for one in tokens]


def texts(tokens: Sequence["models.text.tokens.Token"]) -> list[str]:
    """What each token is called: its text, or its own name where it stands for none."""
    return [token.text or token.piece for token in tokens]


def candidate(
    model: "models.engine.language_model.LanguageModel", one: "models.generation.sampling.Candidate"
) -> CandidateAnswer:
    special = one.id in model.token_decoder.special
    return {
        "id": one.id,
        "text": model.token_decoder.piece(one.id) if special else model.token_text(one.id),
        "special": special,
        "logit": one.logit,
        "probability": one.probability,
        "final_probability": one.final_probability,
        "rank": one.rank,
        "kept": one.kept,
        "cut_by": one.cut_by,
    }


def step(model: "models.engine.language_model.LanguageModel", one: "models.generation.steps.Step") -> StepAnswer:
    return {
        "id": one.token.id,
        "text": one.token.piece if one.token.special else one.token.text,
        "special": one.token.special,
        "probability": one.probability,
        "final_probability": one.final_probability,
        "rank": one.rank,
        "entropy": one.entropy,
        "final_entropy": one.final_entropy,
        "alternatives": [candidate(model, other) for other in one.alternatives],
    }


def packed(array: ndarray) -> str:
    """An array as base64: whole numbers without sign as they are, everything else as little-endian float32."""
    plain = array if array.dtype in {np.dtype("uint8"), np.dtype("<u2"), np.dtype("<u4")} else array.astype("<f4")
    return base64.b64encode(np.ascontiguousarray(plain).tobytes()).decode("ascii")


def numbers(values: ndarray, digits: int = 4) -> list[float | None]:
    """Values as a list, rounded; what was not measured (NaN) is null."""
    return [round(float(value), digits) if np.isfinite(value) else None for value in values]
