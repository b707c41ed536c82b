"""What counts for one token: what every head and feed-forward part adds to its logit, and the depth where it leads."""

import numpy as np
from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, RunRequest, Whole, call
from explorer.features.overview.flow import followed
from models.contributions.ask import contributions, token_id
from models.contributions.contribution import Contribution
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.errors import InputError, Unsupported
from models.lenses.cell import ways
from models.limits import MAX_CONTRIBUTIONS, MAX_QUERY_LENGTH
from models.translation import _


class CountsRequest(RunRequest):
    """Which token is asked about, over which other, and where; no position is where the text goes on."""

    token: str = Field("", max_length=MAX_QUERY_LENGTH, description='A word, or "#" and an id; empty is the likeliest.')
    against: str = Field("", max_length=MAX_QUERY_LENGTH, description="Another token: then it is its lead over that.")
    position: Whole | None = Field(None, ge=0, description="Of the text that is written.")


class CountedPart(TypedDict):
    """What one part adds; `head` is null for what has no heads, or whose heads cannot be told apart."""

    name: str
    layer: int | None
    head: int | None
    value: float


class CountedToken(TypedDict):
    """One entry of the vocabulary."""

    id: int
    text: str
    special: bool


class CountsAnswer(TypedDict):
    """The parts of a logit, in the order of the model; none, and the reason, where it is no such sum.

    `logit` is that of `token`, or its lead over `against`, before a soft cap. `first` is the first depth at which the
    token is the likeliest (0 is the embedding), null where it never is or, as `unread` says, depths cannot be read.
    """

    position: int
    token: CountedToken
    against: CountedToken | None
    logit: float
    parts: list[CountedPart]
    refusal: str
    first: int | None
    unread: str


@call
def counts(context: Context, request: CountsRequest) -> CountsAnswer:
    """Say what each head and feed-forward part adds to a logit, and from which depth on its token is seen."""
    model, trace = context.model(request), context.trace(request)
    position = followed(trace) if request.position is None else request.position
    read = len(trace.target_tokens or trace.tokens)
    if position >= read:
        raise InputError(_("position must be from 0 to {last}.", last=read - 1))
    logits = trace.logits_at(position)
    token = token_id(model, request.token) if request.token else int(np.argmax(logits))
    against = token_id(model, request.against) if request.against else None
    first, unread = _first(model, trace, position, token)
    answer: CountsAnswer = {
        "position": position,
        "token": _token(model, token),
        "against": None if against is None else _token(model, against),
        "logit": float(logits[token]) - (0.0 if against is None else float(logits[against])),
        "parts": [],
        "refusal": "",
        "first": first,
        "unread": unread,
    }
    try:
        found = contributions(
            model, trace, position, request.token, request.against, by="head", count=MAX_CONTRIBUTIONS
        )
    except Unsupported as error:
        return {**answer, "refusal": str(error)}
    return {**answer, "logit": found.logit, "parts": [_part(one) for one in found.parts]}


def _part(one: Contribution) -> CountedPart:
    return {"name": one.name, "layer": one.layer, "head": one.head, "value": one.value}


def _first(model: LanguageModel, trace: Trace, position: int, token: int) -> tuple[int | None, str]:
    """The first depth whose likeliest token it is, by the logit lens."""
    try:
        ranks = ways(model, trace, "logit", position, [token]).ranks[:, 0]
    except Unsupported as error:
        return None, str(error)
    leads = np.flatnonzero(ranks == 1)
    return (int(leads[0]) if len(leads) else None), ""


def _token(model: LanguageModel, token: int) -> CountedToken:
    special = token in model.token_decoder.special
    text = model.token_decoder.piece(token) if special else model.token_text(token)
    return {"id": token, "text": text, "special": special}
