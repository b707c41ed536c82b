"""Which logit is asked about on both sides: the same word's, at the place that corresponds."""

from typing import NamedTuple

from explorer.calls import Context, PairRequest, Whole
from explorer.features.why.endpoints import AGAINST, TOKEN
from explorer.features.why.request import TokenName, position_of, token_name
from models.comparison.correspondence import has_same_vocabulary, read_counterparts
from models.contributions.ask import token_id
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.errors import InputError
from models.text.vocabulary import vocabulary
from models.translation import _


class BothLogitsRequest(PairRequest):
    """A word's logit on both sides; `position` is of A, and none is where each text goes on, or its first mask."""

    token: str = TOKEN
    against: str = AGAINST
    position: Whole | None = None


class Asked(NamedTuple):
    """One side's run and what is asked there: a position, a token, and the one it is compared with."""

    model: LanguageModel
    trace: Trace
    position: int
    token: int
    against: int | None


def asked_of(context: Context, request: BothLogitsRequest) -> Asked:
    """What is asked of A: by itself its likeliest word, at its end."""
    model, trace = context.model(request.run), context.trace(request.run)
    read = len(trace.target_tokens or trace.tokens)
    position = position_of(trace, request.position)
    if not -read <= position < read:
        raise InputError(_("position must be from 0 to {last}.", last=read - 1))
    token = token_id(model, request.token) if request.token else int(trace.logits_at(position).argmax())
    return Asked(model, trace, position % read, token, token_id(model, request.against) if request.against else None)


def asked_beside(context: Context, request: BothLogitsRequest, asked: Asked) -> Asked:
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


def name_of(model: LanguageModel, token: int | None) -> TokenName | None:
    return None if token is None else token_name(model, token)
