"""The calls that continue a text: for the page, for programs, two texts side by side, and once more what was chosen."""

from collections.abc import Iterator

from pydantic import Field

from explorer.calls import Context, Whole, call
from explorer.calls.answers import StepAnswer, step
from explorer.calls.sampling_request import SamplingRequest, SamplingSettings
from explorer.calls.steps import Column, ColumnMessage, StepsMessage, side_by_side, written
from explorer.features.completion.endpoints import LengthRequest
from models.engine.language_model import LanguageModel
from models.errors import InputError
from models.generation.completion import follow
from models.generation.generation_request import MAX_NEW_TOKENS, MAX_STOP_CHARACTERS
from models.generation.replay import replay as replayed
from models.generation.sampling import Sampling
from models.translation import _, number


class WriteRequest(SamplingRequest, LengthRequest):
    """A text to continue, and the ids a branch begins with."""

    stop: str = Field("", max_length=MAX_STOP_CHARACTERS, description="Writing ends when this appears.")
    prefix_ids: list[Whole] = Field([], max_length=MAX_NEW_TOKENS, description="Ids the completion begins with.")


class WriteTwoRequest(SamplingRequest, LengthRequest):
    """One text continued twice: under the settings themselves, and under `second`, by another model if it is named."""

    stop: str = Field("", max_length=MAX_STOP_CHARACTERS, description="Writing ends when this appears.")
    second: SamplingSettings = Field(description="The settings of the second text.")
    second_model: str = Field("", description="The model of the second text; empty is the same.")


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
        stop=request.stop, prefix_ids=_fitting(request.prefix_ids, model), session_id=context.session_id,
    )  # fmt: skip
    yield from written(model, news)


@call
def replay(context: Context, request: ReplayRequest) -> list[StepAnswer]:
    """Say of a completion that was written before what the model gave each of its tokens."""
    model = context.model(request)
    token_ids = _fitting(request.token_ids, model)
    steps = replayed(model, request.text, request.sampling, token_ids, target=request.target)
    return [step(model, one) for one in steps]


@call
def write_two(context: Context, request: WriteTwoRequest) -> Iterator[ColumnMessage]:
    """Continue the text of the page twice."""
    own = context.model(request)
    other = context.pool.model(request.second_model) if request.second_model else own
    pairs = ((own, request.sampling), (other, request.second.sampling))
    columns = [
        Column(
            title=_("{model}: {settings}", model=model.name, settings=_named(sampling)), model=model,
            text=request.text, sampling=sampling, max_new_tokens=request.max_new_tokens, target=request.target,
            stop=request.stop,
        )
        for model, sampling in pairs
    ]  # fmt: skip
    yield from side_by_side(columns, context.session_id)


def _fitting(ids: list[int], model: LanguageModel) -> tuple[int, ...]:
    if not all(0 <= one < model.vocab for one in ids):
        raise InputError(_("This branch does not fit the model: write again from the start."))
    return tuple(ids)


def _named(sampling: Sampling) -> str:
    if sampling.is_greedy:
        return _("greedy")
    parts = [_("temperature {value}", value=number(sampling.temperature))]
    parts += [_("top-k {value}", value=int(sampling.top_k))] if sampling.top_k else []
    parts += [_("top-p {value}", value=number(sampling.top_p))] if sampling.top_p < 1 else []
    parts += [_("min-p {value}", value=number(sampling.min_p))] if sampling.min_p else []
    if sampling.repetition_penalty != 1:
        parts.append(_("repetition penalty {value}", value=number(sampling.repetition_penalty)))
    return ", ".join([*parts, _("seed {value}", value=str(sampling.seed))])
