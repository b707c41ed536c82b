"""What the Tokens tab asks for two sides: how each cuts its text, and where both do."""

from collections.abc import Sequence

from typing_extensions import TypedDict

from explorer.calls import Context, PairRequest, call
from explorer.calls.answers import TokenRow, token_rows
from models.comparison.cuts import cuts
from models.text.tokens import Token


class StretchAnswer(TypedDict):
    """The shortest stretch that both spell with whole tokens, by their positions; or two words that correspond."""

    text: str
    positions: list[int]
    others: list[int]


class CutsAnswer(TypedDict):
    """Two cuts. `borders` and so on count places inside the text where tokens end; null for two different texts."""

    tokens: list[TokenRow]
    others: list[TokenRow]
    stretches: list[StretchAnswer]
    borders: int | None
    other_borders: int | None
    shared_borders: int | None


class CompareCutsAnswer(TypedDict):
    """Of the texts; and of the targets, where both models have one."""

    source: CutsAnswer
    target: CutsAnswer | None


@call
def compare_cuts(context: Context, request: PairRequest) -> CompareCutsAnswer:
    """Put two cuts beside each other, with the tokenizers alone: no context window ends here."""
    here, there = context.pool.tokenizer(request.model), context.pool.tokenizer(request.other_model)
    tokens, others = here.tokenize(request.text), there.tokenize(request.other_text)
    return {
        "source": _answer(tokens, request.text, others, request.other_text),
        "target": _targets(context, request),
    }


def _targets(context: Context, request: PairRequest) -> CutsAnswer | None:
    model, other = (context.pool.peek(name) for name in (request.model, request.other_model))
    if not (model and other and model.kind == other.kind == "encoder-decoder"):
        return None
    tokens = model.tokenize(request.target, target=True)
    others = other.tokenize(request.other_target, target=True)
    return _answer(tokens, request.target, others, request.other_target)


def _answer(tokens: Sequence[Token], text: str, others: Sequence[Token], other_text: str) -> CutsAnswer:
    found = cuts(tokens, text, others, other_text)
    return {
        "tokens": token_rows(tokens),
        "others": token_rows(others),
        "stretches": [
            {"text": one.text, "positions": [*one.positions], "others": [*one.others]} for one in found.stretches
        ],
        "borders": found.borders,
        "other_borders": found.other_borders,
        "shared_borders": found.shared_borders,
    }
