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
    """Of the texts; and of the targets, where either model has one."""

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
    """What the decoders have read; a side whose model has no target has none of it."""
    read = [(request.model, request.target), (request.other_model, request.other_target)]
    models = [context.pool.peek(name) for name, _target in read]
    has_one = [model is not None and model.kind == "encoder-decoder" for model in models]
    if not any(has_one):
        return None
    texts = [target if has else "" for (_name, target), has in zip(read, has_one, strict=True)]
    tokens, others = (
        model.tokenize(text, target=True) if model and has else []
        for model, text, has in zip(models, texts, has_one, strict=True)
    )
    return _answer(tokens, texts[0], others, texts[1])


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
