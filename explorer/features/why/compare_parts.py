"""Contributions of two sides: the logit of the same word, part by part, in both runs."""

from typing_extensions import TypedDict

from explorer.calls import Context, call
from explorer.features.why.both_logits import Asked, BothLogitsRequest, asked_beside, asked_of, name_of
from explorer.features.why.contributions import part_answer
from explorer.features.why.endpoints import PartAnswer
from explorer.features.why.request import CandidateChoice, TokenName, candidates, token_name
from models.comparison.parts import part_pairs
from models.contributions.ask import contributions
from models.contributions.contribution import Contribution, Contributions
from models.errors import InputError, Unsupported
from models.generation.sampling import Sampling, distribution
from models.limits import MAX_CONTRIBUTIONS


class PartPairAnswer(TypedDict):
    """A part of A and the one of B beside it; null where that side has none there."""

    one: PartAnswer | None
    other: PartAnswer | None


class SideSumAnswer(TypedDict):
    """One side's logit and the sum of its parts; null with the `refusal`, the reason why there is none."""

    refusal: str
    position: int | None
    token: TokenName | None
    share: float | None
    logit: float | None
    sum: float | None
    remainder: float | None
    frozen_norm: float | None
    soft_capped: bool


class BothContributionsAnswer(TypedDict):
    """Both sides' sums, and their parts in pairs; candidates, token and position are A's."""

    position: int
    candidates: list[CandidateChoice]
    token: TokenName
    against: TokenName | None
    other_against: TokenName | None
    one: SideSumAnswer
    other: SideSumAnswer
    rows: list[PartPairAnswer]


@call
def contributions_of_both(context: Context, request: BothLogitsRequest) -> BothContributionsAnswer:
    """Take the same word's logit apart on both sides."""
    asked = asked_of(context, request)
    model, trace = asked.model, asked.trace
    one, mine = _summed(asked)
    rather = None
    try:
        beside = asked_beside(context, request, asked)
        rather = name_of(beside.model, beside.against)
        other, theirs = _summed(beside)
    except InputError as error:
        other, theirs = _refused(str(error)), None
    pairs = part_pairs(mine.parts if mine else (), theirs.parts if theirs else ())
    return {
        "position": asked.position,
        "candidates": candidates(model, distribution(trace.logits_at(asked.position), Sampling())),
        "token": token_name(model, asked.token),
        "against": name_of(model, asked.against),
        "other_against": rather,
        "one": one,
        "other": other,
        "rows": [{"one": _part(here), "other": _part(there)} for here, there in pairs],
    }


def _part(part: Contribution | None) -> PartAnswer | None:
    return None if part is None else part_answer(part)


def _summed(asked: Asked) -> tuple[SideSumAnswer, Contributions | None]:
    """One side's logit with all its parts, or the reason why it is no such sum."""
    model, trace, position, token, against = asked
    told: SideSumAnswer = {
        **_refused(""),
        "position": position,
        "token": token_name(model, token),
        "share": distribution(trace.logits_at(position), Sampling()).of(token).probability,
    }
    try:
        rather = "" if against is None else f"#{against}"
        found = contributions(model, trace, position, f"#{token}", rather, count=MAX_CONTRIBUTIONS)
    except Unsupported as error:
        return {**told, "refusal": str(error)}, None
    return {
        **told,
        "logit": found.logit,
        "sum": found.sum,
        "remainder": found.remainder,
        "frozen_norm": found.frozen_norm,
        "soft_capped": found.soft_capped,
    }, found


def _refused(reason: str) -> SideSumAnswer:
    return {
        "refusal": reason,
        "position": None,
        "token": None,
        "share": None,
        "logit": None,
        "sum": None,
        "remainder": None,
        "frozen_norm": None,
        "soft_capped": False,
    }
