"""Contributions on their way to the page and to programs: a logit as the sum of what the model's parts add to it."""

from typing import Literal

from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, Whole, call
from explorer.features.why.endpoints import ContributionsAnswer, ContributionsRequest, PartAnswer
from explorer.features.why.request import (
    CandidateChoice,
    LogitRequest,
    TokenName,
    candidates,
    position_of,
    token_name,
)
from models.contributions.ask import Place, inside, token_id
from models.contributions.ask import contributions as contributions_of
from models.contributions.contribution import Contribution, Contributions
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.errors import Unsupported
from models.generation.sampling import Sampling, distribution
from models.limits import MAX_CONTRIBUTIONS

LISTED = 400


class WaterfallRequest(LogitRequest):
    """The logit, and what of it is opened: a block, a part of it, or a head of that."""

    layer: Whole | None = Field(None, ge=0, description="The block that is opened; none is the whole model.")
    part: Literal["self", "cross", "feed_forward"] | None = Field(None, description="The part of it; none is all.")
    head: Whole | None = Field(None, ge=0, description="The head of that part; none is all.")
    count: Whole = Field(LISTED, ge=1, le=MAX_CONTRIBUTIONS, description="How many of the parts inside to list.")


class SumAnswer(TypedDict):
    """The parts of one number, the largest if there were many, what the `others` add together, and the remainder."""

    total: float
    parts: list[PartAnswer]
    rest: float
    others: int
    sum: float
    remainder: float


class SumsAnswer(TypedDict):
    """The first level, what is `inside` the opened part, what the final norm divides by, and if a soft cap follows."""

    whole: SumAnswer | None
    inside: SumAnswer | None
    frozen_norm: float | None
    soft_capped: bool


class WaterfallAnswer(SumsAnswer):
    """A logit as a sum; `refusal` is the reason where there is no such sum. `share` is the token's probability."""

    refusal: str
    position: int
    candidates: list[CandidateChoice]
    token: TokenName
    against: TokenName | None
    share: float


def summed(context: Context, request: ContributionsRequest) -> ContributionsAnswer:
    """Answer the endpoint."""
    model, trace = context.model(request), context.trace(request)
    found = contributions_of(model, trace, request.position, request.token, request.against, request.by, request.count)
    return {
        "token": {"id": found.token, "text": token_name(model, found.token)["text"]},
        "logit": found.logit,
        "parts": [part_answer(one) for one in found.parts],
        "rest": found.rest,
        "sum": found.sum,
        "frozen_norm": found.frozen_norm,
    }


@call
def waterfall(context: Context, request: WaterfallRequest) -> WaterfallAnswer:
    """A logit as the sum of what was added to the residual stream, and what is inside one of the parts."""
    model, trace = context.model(request), context.trace(request)
    position = position_of(trace, request.position)
    found = distribution(trace.logits_at(position), Sampling())
    token = token_id(model, request.token) if request.token else found.top(1)[0].id
    against = token_id(model, request.against) if request.against else None
    answer: WaterfallAnswer = {
        "refusal": "",
        "position": position % len(trace.target_tokens or trace.tokens),
        "candidates": candidates(model, found),
        "token": token_name(model, token),
        "against": None if against is None else token_name(model, against),
        "share": found.of(token).probability,
        "whole": None,
        "inside": None,
        "frozen_norm": None,
        "soft_capped": False,
    }
    try:
        return {**answer, **_sums(model, trace, request, position)}
    except Unsupported as error:
        return {**answer, "refusal": str(error)}


def _sums(model: LanguageModel, trace: Trace, request: WaterfallRequest, position: int) -> SumsAnswer:
    """The first level, and the opened one."""
    asked = (position, request.token, request.against)
    whole = contributions_of(model, trace, *asked, count=MAX_CONTRIBUTIONS)
    opened = None
    if request.layer is not None:
        place = Place(layer=request.layer, part=request.part, head=request.head)
        opened = inside(model, trace, place, *asked, count=request.count)
    return {
        "whole": _sum(whole),
        "inside": None if opened is None else _sum(opened),
        "frozen_norm": whole.frozen_norm,
        "soft_capped": whole.soft_capped,
    }


def _sum(found: Contributions) -> SumAnswer:
    return {
        "total": found.total,
        "parts": [part_answer(one) for one in found.parts],
        "rest": found.rest,
        "others": found.others,
        "sum": found.sum,
        "remainder": found.remainder,
    }


def part_answer(one: Contribution) -> PartAnswer:
    """A part as it goes to the page."""
    return {
        "name": one.name,
        "layer": one.layer,
        "head": one.head,
        "position": one.position,
        "neuron": one.neuron,
        "value": one.value,
    }
