"""What the Tokens tab asks: how a text is cut."""

from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, ModelRequest, call, endpoint
from explorer.calls.answers import TokenAnswer, TokenRow, token, token_rows


class TokenizeRequest(ModelRequest):
    """A text to cut."""

    text: str = Field(description="The text to cut.")


class TokenizeAnswer(TypedDict):
    """The tokens of a text; `context` is how many the model reads at most, null where there is no end."""

    tokens: list[TokenAnswer]
    count: int
    context: int | None


class CutRequest(ModelRequest):
    """A text to cut that need not be run, and what a decoder may have said of it."""

    text: str
    target: str = ""


class CutAnswer(TypedDict):
    """The tokens of a text, and of a target where the model has one and is loaded."""

    tokens: list[TokenRow]
    target_tokens: list[TokenRow]


@call
def cut(context: Context, request: CutRequest) -> CutAnswer:
    """Cut a text as it is typed, with the tokenizer alone: no weights are loaded, no context window ends."""
    model = context.pool.peek(request.model)
    pair = model if model is not None and model.kind == "encoder-decoder" else None
    return {
        "tokens": token_rows(context.pool.tokenizer(request.model).tokenize(request.text)),
        "target_tokens": token_rows(pair.tokenize(request.target, target=True)) if pair else [],
    }


@endpoint
def tokenize(context: Context, request: TokenizeRequest) -> TokenizeAnswer:
    """Cut a text into the model's tokens.

    Returns:
        tokens (id, text, start, end, special; start and end count characters), count, and the context in tokens.

    """
    model = context.model(request)
    tokens = model.tokenize(request.text)
    return {"tokens": [token(one) for one in tokens], "count": len(tokens), "context": model.context}
