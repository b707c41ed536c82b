"""Attributions on their way to the page and to programs: which tokens made the difference to a logit."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Literal, NotRequired

import numpy as np
from numpy import ndarray
from typing_extensions import TypedDict

from explorer.calls import Context, Whole, call
from explorer.calls.answers import numbers, token
from explorer.features.why.endpoints import BASELINE, ORDER, STEPS, AttributionAnswer, AttributionRequest
from explorer.features.why.request import (
    CandidateChoice,
    LogitRequest,
    TokenName,
    candidates,
    position_of,
    token_name,
)
from models.attribution.deletion import Deletion, copies_of, deletion
from models.attribution.methods import (
    Attribution,
    attribute,
    attributing,
    rank_agreement,
)
from models.attribution.output import Output
from models.attribution.question import Question, question
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.errors import Unsupported
from models.generation.sampling import Sampling, distribution

DIGITS = 5


class AttributionsRequest(LogitRequest):
    """The logit, attributed by every method."""

    baseline: Literal["mean", "zero"] = BASELINE
    steps: Whole = STEPS


class AskedAnswer(TypedDict):
    """Which logit is attributed: `output`, or its lead over `against`; after the soft cap of a model that has one."""

    position: int
    candidates: list[CandidateChoice]
    token: TokenName
    against: TokenName | None
    output: float
    soft_capped: bool


class MethodAnswer(TypedDict):
    """The values by one method, or the reason why it has none."""

    method: str
    values: list[float | None]
    refusal: str
    baseline_output: float | None
    completeness_error: float | None


class AgreementAnswer(TypedDict):
    """Spearman's ρ of the orders of two methods; null where one of them has no order."""

    one: str
    other: str
    rho: float | None


class DeletionAnswer(TypedDict):
    """What remains of the output without the first `counts` tokens of each method's order, and of random ones."""

    counts: list[int]
    curves: dict[str, list[float]]
    random: list[float]


class AttributionsMessage(TypedDict):
    """What is known by now: the question, a method, how they agree, what remains; or what is `doing`, how far."""

    asked: NotRequired[AskedAnswer]
    found: NotRequired[MethodAnswer]
    agreement: NotRequired[list[AgreementAnswer]]
    deletion: NotRequired[DeletionAnswer]
    doing: NotRequired[str]
    fraction: NotRequired[float]


def attributed(context: Context, request: AttributionRequest) -> AttributionAnswer:
    """Answer the endpoint."""
    model, trace = context.model(request), context.trace(request)
    asked = question(model, trace, request.token, request.against, request.position)
    found = attribute(model, trace, asked, request.method, baseline=request.baseline, steps=request.steps)
    return {
        "tokens": [token(one) for one in found.tokens],
        "values": numbers(found.values, DIGITS),
        "output": found.output,
        "baseline_output": found.baseline_output,
        "completeness_error": found.completeness_error,
    }


@call
def attributions(context: Context, request: AttributionsRequest) -> Iterator[AttributionsMessage]:
    """Attribute one logit by every method, then say how far they agree and what their first tokens are worth."""
    model, trace = context.model(request), context.trace(request)
    asked = question(model, trace, request.token, request.against, position_of(trace, request.position))
    yield {"asked": _asked(model, trace, asked)}
    found: dict[str, ndarray] = {}
    for method in ORDER:
        try:
            for news in attributing(model, trace, asked, method, baseline=request.baseline, steps=request.steps):
                if isinstance(news, Attribution):
                    found[method] = news.values
                    yield {"found": _found(news)}
                else:
                    yield {"doing": method, "fraction": news.fraction}
        except Unsupported as error:
            yield {"found": _refused(method, str(error))}
    output = Output(model=model, trace=trace, question=asked)
    yield {"agreement": _agreement({method: values[list(output.read)] for method, values in found.items()})}
    try:
        yield from _deletion(output, found, request.baseline)
    except Unsupported:
        return  # the methods have said so


def _asked(model: LanguageModel, trace: Trace, asked: Question) -> AskedAnswer:
    unembedding = model.architecture.unembedding
    return {
        "position": asked.position,
        "candidates": candidates(model, distribution(trace.logits_at(asked.position), Sampling())),
        "token": token_name(model, asked.token),
        "against": None if asked.against is None else token_name(model, asked.against),
        "output": asked.of(trace),
        "soft_capped": unembedding is not None and unembedding.soft_capped,
    }


def _found(one: Attribution) -> MethodAnswer:
    return {
        "method": one.method,
        "values": numbers(one.values, DIGITS),
        "refusal": "",
        "baseline_output": one.baseline_output,
        "completeness_error": one.completeness_error,
    }


def _refused(method: str, sentence: str) -> MethodAnswer:
    empty: MethodAnswer = {
        "method": method, "values": [], "refusal": sentence, "baseline_output": None, "completeness_error": None,
    }  # fmt: skip
    return empty


def _agreement(found: Mapping[str, ndarray]) -> list[AgreementAnswer]:
    return [
        {"one": one, "other": other, "rho": rank_agreement(found[one], found[other])}
        for one, other in combinations(found, 2)
    ]


def _deletion(output: Output, found: Mapping[str, ndarray], baseline: str) -> Iterator[AttributionsMessage]:
    copies = copies_of(len(found), len(output.read))
    for news in deletion(output, found, baseline):
        if isinstance(news, Deletion):
            curves = {method: np.round(curve, DIGITS).tolist() for method, curve in news.curves.items()}
            random = np.round(news.random, DIGITS).tolist()
            yield {"deletion": {"counts": news.counts.tolist(), "curves": curves, "random": random}}
        else:
            yield {"doing": "deletion", "fraction": news / copies}
