"""The calls that continue the text of the page, and say once more what was chosen."""

from collections.abc import Iterator

from pydantic import Field

from explorer.calls import Context, Whole, call
from explorer.calls.answers import StepAnswer, step
from explorer.calls.sampling_request import SamplingRequest
from explorer.calls.steps import StepsMessage, written
from explorer.features.completion.endpoints import LengthRequest
from models.engine.language_model import LanguageModel
from models.errors import InputError
from models.generation.completion import follow
from models.generation.generation_request import MAX_NEW_TOKENS, MAX_STOP_CHARACTERS
from models.generation.replay import replay as replayed
from models.generation.sampling import Sampling
from models.translation import _, number

FRAME_SECONDS = 0.016  # a screen shows sixty pictures a second


class TextRequest(LengthRequest):
    """How far to write, and what ends it."""

    stop: str = Field("", max_length=MAX_STOP_CHARACTERS, description="Writing ends when this appears.")


class WriteRequest(SamplingRequest, TextRequest):
    """A text to continue, and the ids a branch begins with."""

    prefix_ids: list[Whole] = Field([], max_length=MAX_NEW_TOKENS, description="Ids the completion begins with.")


class ReplayRequest(SamplingRequest):
    """The ids of a completion that was written before."""

    token_ids: list[Whole] = Field(min_length=1, max_length=MAX_NEW_TOKENS, description="The ids, in order.")


@call
def write(context: Context, request: WriteRequest) -> Iterator[StepsMessage]:
    """Continue the text of the page, from a branch if one is chosen."""
    sampling = request.sampling
    model = context.model(request)
    news = follow(
        model, request.text, sampling, max_new_tokens=request.max_new_tokens, target=request.target,
        stop=request.stop, prefix_ids=fitting(request.prefix_ids, model), session_id=context.session_id,
    )  # fmt: skip
    yield from written(model, news, frame=FRAME_SECONDS)


@call
def replay(context: Context, request: ReplayRequest) -> list[StepAnswer]:
    """Say of a completion that was written before what the model gave each of its tokens."""
    model = context.model(request)
    token_ids = fitting(request.token_ids, model)
    steps = replayed(model, request.text, request.sampling, token_ids, target=request.target)
    return [step(model, one) for one in steps]


def fitting(ids: list[int], model: LanguageModel) -> tuple[int, ...]:
    """The ids, if the model has all of them."""
    if not all(0 <= one < model.vocab for one in ids):
        raise InputError(_("This branch does not fit the model: write again from the start."))
    return tuple(ids)


def settings_in_words(sampling: Sampling) -> str:
    """The settings that change anything, for a title."""
    if sampling.is_greedy:
        return _("greedy")
    parts = [_("temperature {value}", value=number(sampling.temperature))]
    parts += [_("top-k {value}", value=int(sampling.top_k))] if sampling.top_k else []
    parts += [_("top-p {value}", value=number(sampling.top_p))] if sampling.top_p < 1 else []
    parts += [_("min-p {value}", value=number(sampling.min_p))] if sampling.min_p else []
    if sampling.repetition_penalty != 1:
        parts.append(_("repetition penalty {value}", value=number(sampling.repetition_penalty)))
    return ", ".join([*parts, _("seed {value}", value=str(sampling.seed))])
