"""Generated text to look at: the model writes on, then prompt and completion are read in one pass."""

from collections.abc import Iterator
from contextlib import closing
from typing import NotRequired, cast

from typing_extensions import TypedDict

from explorer.calls import Context, call
from explorer.features.attention.requests import ContinuationRequest
from models.generation.sampling import Sampling


class ContinuedText(TypedDict):
    """A run to look at next: its text and target, and the character where the model's words begin."""

    text: str
    target: str
    start: int


class ContinuationAnswer(TypedDict):
    """What has been added so far, in how many tokens; at the end, if anything was added, the whole as a run."""

    tokens: int
    completion: str
    continued: NotRequired[ContinuedText]


@call
def continuation(context: Context, request: ContinuationRequest) -> Iterator[ContinuationAnswer]:
    """Write on, the likeliest token each time; an encoder-decoder goes on with its target."""
    model = context.model(request)
    steps = model.complete(request.text, Sampling(greedy=True), max_new_tokens=request.count, target=request.target)
    tokens, completion = 0, ""
    with closing(cast("Iterator", steps)):  # type: ignore[type-var]
        for tokens, step in enumerate(steps, start=1):
            completion = step.completion
            yield {"tokens": tokens, "completion": completion}
    if not completion:
        yield {"tokens": tokens, "completion": ""}
        return
    of_target = model.kind == "encoder-decoder"
    text = request.text if of_target else request.text + completion
    target = request.target + completion if of_target else request.target
    start = len(request.target if of_target else request.text)
    yield {"tokens": tokens, "completion": completion, "continued": {"text": text, "target": target, "start": start}}
