"""What the Why tab offers to programs, and the fields its requests share."""

from typing import get_args

from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, ModelRequest, RunRequest, Whole, endpoint
from explorer.calls.answers import TokenAnswer
from models.attribution.names import Baseline, Method
from models.contributions.contribution import By
from models.limits import MAX_CONTRIBUTIONS, MAX_INTEGRATION_STEPS, MAX_NEURONS, MAX_QUERY_LENGTH

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
TOKEN = Field(
    "", max_length=MAX_QUERY_LENGTH, description='A word or token, or "#" and its id; empty is the likeliest.'
)
AGAINST = Field(
    "", max_length=MAX_QUERY_LENGTH, description="Another token: then it is the difference of the two logits."
)
POSITION = Field(
    -1, description="Of the prediction, from 0, or below 0 from the end; −1 is a masked model's first mask, if any."
)
BASELINE: Baseline = Field(
    "mean", description="What stands for no token: mean (of all embeddings) or zero, which suits few models."
)
STEPS = Field(50, ge=1, le=MAX_INTEGRATION_STEPS, description=f"Of integrated gradients, 1 to {MAX_INTEGRATION_STEPS}.")


class ContributionsRequest(RunRequest):
    """The logit of a token, and how finely it is taken apart."""

    token: str = TOKEN
    against: str = AGAINST
    position: Whole = POSITION
    by: By = Field("part", description="part, or opened into head, source (tokens looked at) or neuron.")
    count: Whole = Field(
        50, ge=1, le=MAX_CONTRIBUTIONS, description=f"How many parts to list, the largest, 1 to {MAX_CONTRIBUTIONS}."
    )


class PartAnswer(TypedDict):
    """What one part adds; what does not apply to it is null."""

    name: str
    layer: int | None
    head: int | None
    position: int | None
    neuron: int | None
    value: float


class TokenIdText(TypedDict):
    """One entry of the vocabulary."""

    id: int
    text: str


class ContributionsAnswer(TypedDict):
    """The parts that were listed and what the `rest` adds; `sum` is of all, `frozen_norm` null without a norm."""

    token: TokenIdText
    logit: float
    parts: list[PartAnswer]
    rest: float
    sum: float
    frozen_norm: float | None


class AttributionRequest(RunRequest):
    """The logit of a token, and the method by which it is attributed."""

    method: Method = Field(description=f"One of {', '.join(get_args(Method))}.")
    token: str = TOKEN
    against: str = AGAINST
    position: Whole = POSITION
    baseline: Baseline = BASELINE
    steps: Whole = STEPS


class AttributionAnswer(TypedDict):
    """The source's tokens, then the target's, each with its value; null is what a method does not say."""

    tokens: list[TokenAnswer]
    values: list[float | None]
    output: float
    baseline_output: float | None
    completeness_error: float | None


class NeuronsRequest(ModelRequest):
    """A word to search for among what neurons write."""

    word: str = Field(max_length=MAX_QUERY_LENGTH, description='A word or token of the vocabulary, or "#" and its id.')
    count: Whole = Field(20, ge=1, le=MAX_NEURONS, description=f"How many to give, 1 to {MAX_NEURONS}.")


class NeuronAnswer(TypedDict):
    """One neuron; `score` is by how many standard deviations it raises the word over the average token."""

    layer: int
    neuron: int
    score: float


@endpoint
def contributions(context: Context, request: ContributionsRequest) -> ContributionsAnswer:
    """Say what each part of the model adds to the logit of a token (or to its lead over another), all parts together.

    Exact, with the final norm's scale as it is in this run; the logit is the one before a soft cap.

    Returns:
        token (id, text), logit (or the difference), parts (name, layer, head, position, neuron, value; what does not
        apply is null), rest of the parts that are not listed, sum of all, and frozen_norm, what the final norm divides
        by.

    """
    from explorer.features.why.contributions import summed

    return summed(context, request)


@endpoint
def attribution(context: Context, request: AttributionRequest) -> AttributionAnswer:
    """Say which tokens of a text made the difference to the logit of a token (or to its lead over another).

    Returns:
        tokens (of the source, then of the target), values (one per token, in logits; of rollout, shares of attention),
        output (the logit or difference), and, for integrated gradients, baseline_output and completeness_error: the
        sum of values less output − baseline_output.

    """
    from explorer.features.why.attribution import attributed

    return attributed(context, request)


@endpoint
def neurons(context: Context, request: NeuronsRequest) -> list[NeuronAnswer]:
    """Find the neurons of all feed-forward layers that write a word: whose output raises it most among all tokens.

    Returns:
        layer, neuron and score of each, best first: by how many standard deviations of all that the neuron writes it
        raises the word over the average token.

    """
    from models.neurons.words import writers

    found = writers(context.model(request), request.word, request.count)
    return [{"layer": one.layer, "neuron": one.neuron, "score": one.score} for one in found]
