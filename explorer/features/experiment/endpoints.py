"""What the What if? tab asks, and offers to programs: the next token with and without changes."""

from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, RunRequest, Whole, endpoint
from explorer.calls.answers import CandidateAnswer
from explorer.features.experiment.sweep_endpoint import sweep

__all__ = ["experiment", "sweep"]


class ExperimentRequest(RunRequest):
    """A text and changes; the first mask of a masked model is asked about."""

    ORDER = ("model", "text", "changes", "target", "limit")

    limit: Whole = Field(50, ge=1, le=1_000, description="How many candidates to give of each side, 1 to 1000.")


class MovedAnswer(TypedDict):
    """One token and its probability in the unchanged and in the changed model."""

    id: int
    text: str
    special: bool
    before: float
    after: float


class ExperimentAnswer(TypedDict):
    """The likeliest tokens of both sides, how far these lie apart, and the tokens that moved most.

    `kl` is KL(before ‖ after) in bits; `position` is where the prediction is read.
    """

    before: list[CandidateAnswer]
    after: list[CandidateAnswer]
    kl: float
    gained: list[MovedAnswer]
    lost: list[MovedAnswer]
    position: int


@endpoint
def experiment(context: Context, request: ExperimentRequest) -> ExperimentAnswer:
    """Measure what changes to a model do to its next token (for a masked model: to the first mask).

    Returns:
        before and after (candidates as next_token gives them, of the unchanged and of the changed model), kl (bits,
        KL of before and after), gained and lost (id, text, before, after), position.

    """
    from explorer.features.experiment.effect import measured

    return measured(context, request)
