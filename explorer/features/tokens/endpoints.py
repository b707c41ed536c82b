"""What the Tokens tab offers to programs."""

from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, ModelRequest, endpoint
from explorer.calls.answers import TokenAnswer, token


class TokenizeRequest(ModelRequest):
    """A text to cut."""

    text: str = Field(description="The text to cut.")


class TokenizeAnswer(TypedDict):
    """The tokens of a text; `context` is how many the model reads at most, null where there is no end."""

    tokens: list[TokenAnswer]
    count: int
    context: int | None


@endpoint
def tokenize(context: Context, request: TokenizeRequest) -> TokenizeAnswer:
    """Cut a text into the model's tokens.

    Returns:
        tokens (id, text, start, end, special; start and end count characters), count, and the context in tokens.

    """
    model = context.model(request)
    tokens = model.tokenize(request.text)
    return {"tokens": [token(one) for one in tokens], "count": len(tokens), "context": model.context}
