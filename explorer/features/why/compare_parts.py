"""Contributions of two sides: the logit of the same word, part by part, in both runs."""

from typing import NamedTuple

from typing_extensions import TypedDict

from explorer.calls import Context, PairRequest, Whole, call
from explorer.features.why.contributions import part_answer
from explorer.features.why.endpoints import AGAINST, TOKEN, PartAnswer
from explorer.features.why.request import CandidateChoice, TokenName, candidates, position_of, token_name
from models.comparison.correspondence import has_same_vocabulary, read_counterparts
from models.comparison.parts import part_pairs
from models.contributions.ask import contributions, token_id
from models.contributions.contribution import Contribution, Contributions
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.errors import InputError, Unsupported
from models.generation.sampling import Sampling, distribution
from models.limits import MAX_CONTRIBUTIONS
from models.text.vocabulary import vocabulary
from models.translation import _


class BothLogitsRequest(PairRequest):
    """A word's logit on both sides; `position` is of A, and none is where each text goes on, or its first mask."""

    token: str = TOKEN
    against: str = AGAINST
    position: Whole | None = None


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


class Asked(NamedTuple):
    """One side's run and what is asked there: a position, a token, and the one it is compared with."""

    model: LanguageModel
    trace: Trace
    position: int
    token: int
    against: int | None


@call
def contributions_of_both(context: Context, request: BothLogitsRequest) -> BothContributionsAnswer:
    """Take the same word's logit apart on both sides."""
    asked = _asked(context, request)
    model, trace = asked.model, asked.trace
    one, mine = _summed(asked)
    rather = None
    try:
        beside = _beside(context, request, asked)
        rather = _name(beside.model, beside.against)
        other, theirs = _summed(beside)
    except InputError as error:
        other, theirs = _refused(str(error)), None
    pairs = part_pairs(mine.parts if mine else (), theirs.parts if theirs else ())
    return {
        "position": asked.position,
        "candidates": candidates(model, distribution(trace.logits_at(asked.position), Sampling())),
        "token": token_name(model, asked.token),
        "against": _name(model, asked.against),
        "other_against": rather,
        "one": one,
        "other": other,
        "rows": [{"one": _part(here), "other": _part(there)} for here, there in pairs],
    }


def _part(part: Contribution | None) -> PartAnswer | None:
    return None if part is None else part_answer(part)


def _name(model: LanguageModel, token: int | None) -> TokenName | None:
    return None if token is None else token_name(model, token)


def _asked(context: Context, request: BothLogitsRequest) -> Asked:
    """What is asked of A: by itself its likeliest word, at its end."""
    model, trace = context.model(request.run), context.trace(request.run)
    read = len(trace.target_tokens or trace.tokens)
    position = position_of(trace, request.position)
    if not -read <= position < read:
        raise InputError(_("position must be from 0 to {last}.", last=read - 1))
    token = token_id(model, request.token) if request.token else int(trace.logits_at(position).argmax())
    return Asked(model, trace, position % read, token, token_id(model, request.against) if request.against else None)


def _beside(context: Context, request: BothLogitsRequest, asked: Asked) -> Asked:
    """The same of B: the counterpart of the position, and the tokens of its vocabulary that spell the same.

    Raises InputError where there is none.
    """
    model, trace = context.model(request.other), context.trace(request.other)
    same = has_same_vocabulary(asked.model, model)
    position: int | None = position_of(trace, None) % len(trace.target_tokens or trace.tokens)
    if request.position is not None:
        position = read_counterparts(asked.trace, trace, same_vocabulary=same)[asked.position]
    if position is None:
        raise InputError(
            _("The chosen token has no counterpart here; choose another, or none for the end of the text.")
        )

    def spelled(token: int) -> int:
        return token if same else vocabulary(model).entry(token_name(asked.model, token)["text"])

    return Asked(
        model, trace, position, spelled(asked.token), None if asked.against is None else spelled(asked.against)
    )


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
