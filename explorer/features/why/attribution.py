"""Attributions on their way to the page and to programs: which tokens made the difference to a logit."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Literal, NotRequired, get_args

import numpy as np
from numpy import ndarray
from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, RunRequest, Whole, call, endpoint
from explorer.calls.answers import TokenAnswer, numbers, token
from explorer.features.why.request import (
    AGAINST,
    TOKEN,
    CandidateChoice,
    LogitRequest,
    TokenName,
    candidates,
    position_of,
    token_name,
)
from models.attribution.deletion import Deletion, copies_of, deletion
from models.attribution.methods import (
    MAX_STEPS,
    Attribution,
    Baseline,
    Method,
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

# In the order they are shown and computed: the one that the headline speaks of first.
ORDER: tuple[Method, ...] = (
    "integrated_gradients",
    "gradient_input",
    "leave_one_out_masked",
    "leave_one_out_replaced",
    "leave_one_out_removed",
    "source",
    "rollout",
)
DIGITS = 5
BASELINE: Baseline = Field(
    "mean", description="What stands for no token: mean (of all embeddings) or zero, which suits few models."
)


class AttributionRequest(RunRequest):
    """The logit of a token, and the method by which it is attributed."""

    method: Method = Field(description=f"One of {', '.join(get_args(Method))}.")
    token: str = TOKEN
    against: str = AGAINST
    position: Whole = Field(-1, description="Counted from 0, below 0 from the end; −1 is a masked model's first mask.")
    baseline: Baseline = BASELINE
    steps: Whole = Field(50, ge=1, le=MAX_STEPS, description=f"Of integrated gradients, 1 to {MAX_STEPS}.")


class AttributionAnswer(TypedDict):
    """The source's tokens, then the target's, each with its value; null is what a method does not say."""

    tokens: list[TokenAnswer]
    values: list[float | None]
    output: float
    baseline_output: float | None
    completeness_error: float | None


class AttributionsRequest(LogitRequest):
    """The logit, attributed by every method."""

    baseline: Literal["mean", "zero"] = BASELINE


class AskedAnswer(TypedDict):
    """Which logit is attributed: `output`, or its lead over `against`."""

    position: int
    candidates: list[CandidateChoice]
    token: TokenName
    against: TokenName | None
    output: float


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


@endpoint
def attribution(context: Context, request: AttributionRequest) -> AttributionAnswer:
    """Say which tokens of a text made the difference to the logit of a token (or to its lead over another).

    Returns:
        tokens (of the source, then of the target), values (one per token, in logits; of rollout, shares of attention),
        output (the logit or difference), and, for integrated gradients, baseline_output and completeness_error: the
        sum of values less output − baseline_output.

    """
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
            for news in attributing(model, trace, asked, method, baseline=request.baseline):
                if isinstance(news, Attribution):
                    found[method] = news.values
                    yield {"found": _found(news)}
                else:
                    yield {"doing": method, "fraction": news.fraction}
        except Unsupported as error:
            yield {"found": _refused(method, str(error))}
    yield {"agreement": _agreement(found)}
    output = Output(model=model, trace=trace, question=asked)
    try:
        yield from _deletion(output, found, request.baseline)
    except Unsupported:
        return  # the methods have said so


def _asked(model: LanguageModel, trace: Trace, asked: Question) -> AskedAnswer:
    return {
        "position": asked.position,
        "candidates": candidates(model, distribution(trace.logits_at(asked.position), Sampling())),
        "token": token_name(model, asked.token),
        "against": None if asked.against is None else token_name(model, asked.against),
        "output": asked.of(trace),
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
