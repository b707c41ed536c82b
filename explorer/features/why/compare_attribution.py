"""Attributions of two sides: which stretches of their texts made the difference to the same word's logit, in both."""

from collections.abc import Generator, Iterator, Sequence
from typing import Literal, NamedTuple, NotRequired

import numpy as np
from numpy import ndarray
from typing_extensions import TypedDict

from explorer.calls import Context, Whole, call
from explorer.calls.answers import numbers
from explorer.features.why.attribution import DIGITS
from explorer.features.why.both_logits import Asked, BothLogitsRequest, asked_beside, asked_of, name_of
from explorer.features.why.endpoints import BASELINE, ORDER, STEPS
from explorer.features.why.request import CandidateChoice, TokenName, candidates, token_name
from models.attribution.methods import Attribution, attributing, rank_agreement
from models.attribution.names import Method
from models.attribution.question import Question
from models.comparison.attributions import stretches_read, summed
from models.comparison.cuts import Stretch
from models.engine.trace import Trace
from models.errors import InputError, Unsupported
from models.generation.sampling import Sampling, distribution
from models.translation import _


class BothAttributionsRequest(BothLogitsRequest):
    """The logit on both sides, attributed by every method; `first` is the one to begin with."""

    first: Method = ORDER[0]
    baseline: Literal["mean", "zero"] = BASELINE
    steps: Whole = STEPS


class SideLogitAnswer(TypedDict):
    """The logit of a side, or its lead over `against`: `output`, in logits."""

    position: int
    token: TokenName
    against: TokenName | None
    output: float


class StretchNames(TypedDict):
    """A stretch as each side spells it; null where it has none."""

    text: str | None
    other_text: str | None


class BothAskedAnswer(TypedDict):
    """What is attributed; candidates are A's."""

    candidates: list[CandidateChoice]
    one: SideLogitAnswer
    other: SideLogitAnswer
    stretches: list[StretchNames]


class BothMethodAnswer(TypedDict):
    """Both sides' values by stretch, or the reason why a side has none; `rho` is Spearman's, null without an order."""

    method: str
    values: list[float | None]
    other_values: list[float | None]
    refusal: str
    other_refusal: str
    rho: float | None


class BothAttributionsMessage(TypedDict):
    """What is known by now: the question, a method on both sides; or what is `doing`, and which part of it is done."""

    asked: NotRequired[BothAskedAnswer]
    found: NotRequired[BothMethodAnswer]
    doing: NotRequired[str]
    fraction: NotRequired[float]


class _Side(NamedTuple):
    """One side's values by one method, none with the reason why."""

    values: ndarray | None
    refusal: str


@call
def attributions_of_both(context: Context, request: BothAttributionsRequest) -> Iterator[BothAttributionsMessage]:
    """Attribute the same word's logit on both sides by every method, and say how far their orders agree."""
    one = asked_of(context, request)
    try:
        other = asked_beside(context, request, one)
    except InputError as error:
        raise InputError(_("B: {reason}", reason=str(error))) from error
    stretches = stretches_read(one.trace, one.position, other.trace, other.position)
    yield {"asked": _asked(one, other, stretches)}
    places = [[stretch.positions for stretch in stretches], [stretch.others for stretch in stretches]]
    for method in sorted(ORDER, key=lambda name: name != request.first):
        found = []
        for number, side in enumerate((one, other)):
            done = yield from _attributed(side, method, request, number)
            found.append(done)
        sums = [
            np.full(len(stretches), np.nan) if side.values is None else summed(side.values, mine)
            for side, mine in zip(found, places, strict=True)
        ]
        yield {
            "found": {
                "method": method,
                "values": numbers(sums[0], DIGITS),
                "other_values": numbers(sums[1], DIGITS),
                "refusal": found[0].refusal,
                "other_refusal": found[1].refusal,
                "rho": rank_agreement(*sums),
            }
        }


def _attributed(
    side: Asked, method: Method, request: BothAttributionsRequest, number: int
) -> Generator[BothAttributionsMessage, None, _Side]:
    """One side by one method; says on the way how far both are."""
    asked = Question(position=side.position, token=side.token, against=side.against)
    way = attributing(side.model, side.trace, asked, method, baseline=request.baseline, steps=request.steps)
    try:
        for news in way:
            if isinstance(news, Attribution):
                return _Side(news.values, "")
            yield {"doing": method, "fraction": (number + news.fraction) / 2}
    except Unsupported as error:
        return _Side(None, str(error))
    raise TypeError("The last thing an attribution yields is itself.")


def _asked(one: Asked, other: Asked, stretches: Sequence[Stretch]) -> BothAskedAnswer:
    return {
        "candidates": candidates(one.model, distribution(one.trace.logits_at(one.position), Sampling())),
        "one": _logit(one),
        "other": _logit(other),
        "stretches": [
            {"text": _spelled(one.trace, stretch.positions), "other_text": _spelled(other.trace, stretch.others)}
            for stretch in stretches
        ],
    }


def _logit(side: Asked) -> SideLogitAnswer:
    asked = Question(position=side.position, token=side.token, against=side.against)
    return {
        "position": side.position,
        "token": token_name(side.model, side.token),
        "against": name_of(side.model, side.against),
        "output": asked.of(side.trace),
    }


def _spelled(trace: Trace, places: Sequence[int]) -> str | None:
    """The text of neighbouring tokens, those that stand for none by their own names."""
    if not places:
        return None
    source = len(trace.tokens)
    is_target = places[0] >= source
    tokens, text = (trace.target_tokens, trace.target) if is_target else (trace.tokens, trace.text)
    mine = [tokens[place - source if is_target else place] for place in places]
    return text[mine[0].start : mine[-1].end] or " ".join(token.piece for token in mine)
