"""What the Completion tab offers to programs."""

from collections.abc import Iterator
from contextlib import closing

from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, RunRequest, Whole, endpoint
from explorer.calls.answers import CandidateAnswer, candidate
from explorer.calls.pace import PACE
from explorer.calls.sampling_request import CommonRules, Draw, MoreRules
from models.errors import Unsupported
from models.translation import _


class NextTokenRequest(MoreRules, CommonRules, RunRequest):
    """The text so far and the rules."""

    limit: Whole = Field(50, ge=1, le=1_000, description="How many candidates to give, 1 to 1000.")


class NextTokenAnswer(TypedDict):
    """The likeliest tokens, the entropy in bits before any rule, and how many tokens of the vocabulary are kept."""

    candidates: list[CandidateAnswer]
    entropy: float
    kept: int


class LengthRequest(RunRequest):
    """How far to write."""

    max_new_tokens: Whole = Field(40, description="How many tokens to add at most, 1 to 2000.")


class CompleteRequest(Draw, CommonRules, LengthRequest):
    """A text to continue."""


class WrittenToken(TypedDict):
    """One token that was added; `rank` 1 is the likeliest before any rule."""

    id: int
    text: str
    probability: float
    rank: int


class CompleteAnswer(TypedDict):
    """The whole text so far and what was added to it."""

    text: str
    completion: str
    tokens: list[WrittenToken]
    seed: int


@endpoint
def next_token(context: Context, request: NextTokenRequest) -> NextTokenAnswer:
    """Say how likely each token is to come next (for a masked model: to stand at the first mask).

    Returns:
        candidates (id, text, logit, probability, final_probability, kept), entropy in bits before any rule, and
        how many tokens of the whole vocabulary are kept.

    """
    from models.generation.next_token import next_token_distribution

    sampling = request.sampling
    model, trace = context.model(request), context.trace(request)
    if trace.kind == "encoder" and not trace.mask_positions:
        sentence = _(
            "{model} guesses masked words: put {mask} where it should predict.",
            model=model.name,
            mask=model.tokenizer.mask_token,
        )
        raise Unsupported(sentence)
    found = next_token_distribution(trace, sampling)
    candidates = [candidate(model, one) for one in found.top(request.limit)]
    return {"candidates": candidates, "entropy": found.entropy, "kept": int(found.kept.sum())}


@endpoint
def complete(context: Context, request: CompleteRequest) -> Iterator[CompleteAnswer]:
    """Continue a text, token by token; the same seed gives the same text.

    Returns:
        A stream, of each token or, while many are written, of several at once; each value holds text (all of it),
        completion (what was added), tokens (id, text, probability, rank) and seed. The last value is the whole answer.

    """
    sampling = request.sampling
    model = context.model(request)
    start = request.target if model.kind == "encoder-decoder" else request.text
    tokens: list[WrittenToken] = []
    steps = model.complete(request.text, sampling, max_new_tokens=request.max_new_tokens, target=request.target)
    with PACE.stream() as due, closing(steps):  # type: ignore[type-var]
        for one in steps:
            token, name = one.token.id, model.token_text(one.token.id)
            tokens.append({"id": token, "text": name, "probability": one.probability, "rank": one.rank})
            text = start + one.completion
            if due() or one.finish_reason:
                yield {"text": text, "completion": one.completion, "tokens": [*tokens], "seed": request.seed}
