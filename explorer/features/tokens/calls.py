"""What the Tokens tab asks: how a text is cut."""

from typing_extensions import TypedDict

from explorer.calls import Context, ModelRequest, call
from explorer.calls.answers import TokenRow, token_rows
from explorer.features.tokens.compare import compare_cuts

__all__ = ["compare_cuts", "cut"]


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
