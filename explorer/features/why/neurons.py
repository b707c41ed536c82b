"""Neurons on their way to the page and to programs: who writes a word, what one reads and writes, when it is active."""

from collections.abc import Iterator, Sequence
from typing import NotRequired

import numpy as np
from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, RunRequest, Whole, call
from explorer.calls.answers import numbers
from explorer.features.why.request import LogitRequest, TokenName, position_of, token_name
from models.engine.language_model import LanguageModel
from models.errors import Unsupported
from models.neurons.activity import activations, strongest
from models.neurons.peaks import Peaks, passage_of, passages
from models.neurons.ready import peaks
from models.neurons.words import Scored, checked, neuron_words, top_writes
from models.translation import _

LISTED = 10
PER_LAYER = 12
AROUND = 12  # tokens of a passage before and after the one where a neuron is most active


class OneRequest(RunRequest):
    """One neuron."""

    layer: Whole = Field(ge=0)
    neuron: Whole = Field(ge=0)


class ScoredToken(TokenName):
    """A token of the vocabulary and its score."""

    score: float


class NeuronCard(TypedDict):
    """One neuron in words; empty lists and a `refusal` where it cannot be said. `activity` is per token of the text."""

    gated: bool
    reads: list[ScoredToken]
    raises: list[ScoredToken]
    lowers: list[ScoredToken]
    refusal: str
    activity: list[float | None]


class ActiveNeuron(TypedDict):
    """A neuron that is active at a position; `strength` is the length of what it writes, `writes` what it raises."""

    neuron: int
    activation: float
    strength: float
    writes: TokenName | None


class ActiveAnswer(TypedDict):
    """For each layer the neurons that write most at one position, strongest first."""

    position: int
    layers: list[list[ActiveNeuron]]


class PassageToken(TypedDict):
    """One token of a passage and the neuron's activation there."""

    text: str
    special: bool
    activation: float


class PassageAnswer(TypedDict):
    """The surroundings of a large activation; `at` is the token where it is."""

    tokens: list[PassageToken]
    at: int


class PassagesMessage(TypedDict):
    """How many passages are `done`, `of` all; at the end those where the neuron is most active."""

    done: NotRequired[int]
    of: NotRequired[int]
    passages: NotRequired[list[PassageAnswer]]


@call
def neuron_card(context: Context, request: OneRequest) -> NeuronCard:
    """What one neuron reads and writes, and how active it is at each token of the text."""
    model, trace = context.model(request), context.trace(request)
    checked(model, request.layer, request.neuron)
    card: NeuronCard = {
        "gated": False,
        "reads": [],
        "raises": [],
        "lowers": [],
        "refusal": "",
        "activity": numbers(activations(model, trace, request.layer, request.neuron)),
    }
    try:
        words = neuron_words(model, request.layer, request.neuron, LISTED)
    except Unsupported as error:
        return {**card, "refusal": str(error)}
    return {
        **card,
        "gated": words.gated,
        "reads": _tokens(model, words.reads),
        "raises": _tokens(model, words.raises),
        "lowers": _tokens(model, words.lowers),
    }


@call
def active_neurons(context: Context, request: LogitRequest) -> ActiveAnswer:
    """The neurons of each layer that write most at one position of the text."""
    model, trace = context.model(request), context.trace(request)
    count = len(trace.target_tokens or trace.tokens)
    position = position_of(trace, request.position) % count
    found = strongest(model, trace, position, PER_LAYER)
    if not any(found):
        raise Unsupported(_("The neurons of this model cannot be told apart, as in a mixture of experts."))
    layers: list[list[ActiveNeuron]] = []
    for layer, one in enumerate(found):
        chosen = [] if one is None else one.neurons.tolist()
        written = _written(model, layer, chosen)
        layers.append(
            [
                {
                    "neuron": neuron,
                    "activation": float(one.activations[rank]),
                    "strength": float(one.strengths[rank]),
                    "writes": written[rank],
                }
                for rank, neuron in enumerate(chosen)
                if one is not None
            ]
        )
    return {"position": position, "layers": layers}


@call
def neuron_passages(context: Context, request: OneRequest) -> Iterator[PassagesMessage]:
    """The passages where one neuron is most active; the first to ask of a model waits until it has read them all."""
    model = context.model(request)
    checked(model, request.layer, request.neuron)
    for news in peaks(model):
        if isinstance(news, Peaks):
            numbers_of = news.passages[request.layer, :, request.neuron]
            largest = np.abs(news.activations[request.layer, :, request.neuron])
            chosen = [int(number) for number, value in zip(numbers_of, largest, strict=True) if value > 0]
            yield {"passages": [_passage(model, request, number) for number in chosen[:3]]}
        else:
            yield {"done": news, "of": len(passages())}


def _passage(model: LanguageModel, request: OneRequest, number: int) -> PassageAnswer:
    found = passage_of(model, request.layer, request.neuron, number)
    first, last = max(0, found.position - AROUND), found.position + AROUND + 1
    rows = zip(found.tokens[first:last], found.activations[first:last].tolist(), strict=True)
    tokens: list[PassageToken] = [
        {"text": token.text or token.piece, "special": token.special, "activation": value} for token, value in rows
    ]
    return {"tokens": tokens, "at": found.position - first}


def _written(model: LanguageModel, layer: int, chosen: list[int]) -> Sequence[TokenName | None]:
    """What each neuron raises most; nothing where that cannot be read off."""
    if not chosen:
        return []
    try:
        return [token_name(model, one) for one in top_writes(model, layer, chosen)]
    except Unsupported:
        return [None] * len(chosen)


def _tokens(model: LanguageModel, found: Sequence[Scored]) -> list[ScoredToken]:
    return [{**token_name(model, one.token), "score": one.score} for one in found]
