"""Two runs beside each other: whether they share model, text and vocabulary, and which of their tokens correspond.

The page maps what is selected on one side onto the other by it.
"""

from typing_extensions import TypedDict

from explorer.calls import Context, PairRequest, call


class PairFacts(TypedDict):
    """Two runs: for each token of the first the position of its counterpart in the other, null where it has none.

    `same_model` compares weights, not changes. `counterparts` are of the text, `target_counterparts` of what a decoder
    has read; `read_counterparts` are of whichever of the two each side predicts from.
    """

    same_model: bool
    same_text: bool
    same_vocabulary: bool
    counterparts: list[int | None]
    target_counterparts: list[int | None]
    read_counterparts: list[int | None]


@call
def pair(context: Context, request: PairRequest) -> PairFacts:
    """Say how two runs correspond."""
    from models.comparison.correspondence import (  # noqa: PLC0415 - declared before the engine is there
        counterparts,
        has_same_vocabulary,
        read_counterparts,
    )

    context.engine.calls()
    model, other = context.model(request.run), context.model(request.other)
    trace, beside = context.trace(request.run), context.trace(request.other)
    same = has_same_vocabulary(model, other)
    return {
        "same_model": (model.name, model.revision) == (other.name, other.revision),
        "same_text": (request.text, request.target) == (request.other_text, request.other_target),
        "same_vocabulary": same,
        "counterparts": list(counterparts(trace, beside, same_vocabulary=same)),
        "target_counterparts": list(counterparts(trace, beside, "target", same_vocabulary=same)),
        "read_counterparts": list(read_counterparts(trace, beside, same_vocabulary=same)),
    }
