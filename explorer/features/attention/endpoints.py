"""What the Attention tab offers to programs."""

from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, RunRequest, Whole, endpoint
from explorer.calls.answers import texts
from models.errors import InputError
from models.translation import _

MAX_WEIGHTS = 1_048_576  # 1,024 by 1,024: about 20 MB as text


class AttentionRequest(RunRequest):
    """One head of one run."""

    layer: Whole = Field(description="The layer, from 0.")
    head: Whole = Field(description="The head, from 0.")
    kind: str = Field("self", description="self; for encoder-decoder models encoder, decoder or cross.")


class AttentionAnswer(TypedDict):
    """One row of weights (0 to 1) per query."""

    queries: list[str]
    keys: list[str]
    weights: list[list[float]]


@endpoint
def attention(context: Context, request: AttentionRequest) -> AttentionAnswer:
    """Give one head's attention: how much each token (query) looks at each other (key).

    Returns:
        queries and keys (texts of tokens) and weights (one row per query, each value from 0 to 1).

    """
    from explorer.features.attention.requests import kind_in

    trace = context.trace(request)
    kind = kind_in(trace, request.kind)
    trace.heads_of(kind)  # refuses a kind this model does not have, before anything is counted
    queries, keys = texts(trace.queries(kind)), texts(trace.keys(kind))
    if len(queries) * len(keys) > MAX_WEIGHTS:
        raise InputError(
            _(
                "{queries} by {keys} weights are too many for one answer ({most} at most); shorten the text.",
                queries=len(queries),
                keys=len(keys),
                most=MAX_WEIGHTS,
            )
        )
    return {"queries": queries, "keys": keys, "weights": trace.attention(request.layer, request.head, kind).tolist()}
