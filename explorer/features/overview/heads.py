"""The heads worth a first look, each with its pattern in small, and what would be said without one of them."""

from typing import Literal

from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, RunRequest, Whole, call
from explorer.calls.answers import packed
from explorer.features.overview.flow import followed
from models.attention.interesting import InterestingHead
from models.attention.interesting import interesting_heads as found_heads
from models.attention.pattern_spec import PatternSpec, is_causal
from models.attention.summaries import layer_summary
from models.engine.ablation import without_head as found_without
from models.engine.trace import Trace
from models.errors import InputError, Unsupported
from models.translation import _


class ShelfRequest(RunRequest):
    """The run; `kind` is of attention, empty for a choice from the whole model."""

    kind: str = Field("", description="self, encoder, decoder or cross; empty chooses from the whole model.")


class ShelfCard(TypedDict):
    """One head. `value` is a share of attention, for `focused` a number of tokens; `cells` are bytes, row after row.

    `on_repeats` says that `copies` was measured on repeated random words, because the text repeats nothing.
    """

    key: Literal["copies", "previous", "first", "focused", "unlike"]
    kind: str
    layer: int
    head: int
    value: float
    on_repeats: bool
    rows: int
    columns: int
    causal: bool
    cells: str


class ShelfAnswer(TypedDict):
    """The cards, in the order they stand on the shelf."""

    cards: list[ShelfCard]


class WithoutRequest(RunRequest):
    """One head, and the position at which its absence is measured; none is where the text goes on."""

    kind: str = "self"
    layer: Whole = Field(ge=0)
    head: Whole = Field(ge=0)
    position: Whole | None = Field(None, ge=0)


class WithoutAnswer(TypedDict):
    """The winner's probability with and without the head, and who wins then; null where heads cannot be reached."""

    before: float | None
    after: float | None
    winner: str
    new_winner: str
    new_probability: float | None


@call
def interesting_heads(context: Context, request: ShelfRequest) -> ShelfAnswer:
    """Find the heads that copy, look one back, park on the first token, focus, or differ from their layer."""
    model, trace = context.model(request), context.trace(request)
    kind = request.kind
    if kind == "self" and trace.attention_kinds:
        kind = trace.attention_kinds[0]
    if kind:
        trace.heads_of(kind)  # refuses a kind this model does not have
    return {"cards": [_card(trace, one) for one in found_heads(model, trace, kind)]}


@call
def without_head(context: Context, request: WithoutRequest) -> WithoutAnswer:
    """Run once more with one head's output set to zero, and say what becomes of the winner."""
    model, trace = context.model(request), context.trace(request)
    kind = trace.attention_kinds[0] if request.kind == "self" and trace.attention_kinds else request.kind
    position = followed(trace) if request.position is None else request.position
    read = len(trace.target_tokens or trace.tokens)
    if position >= read:
        raise InputError(_("position must be from 0 to {last}.", last=read - 1))
    try:
        found = found_without(model, trace, kind=kind, layer=request.layer, head=request.head, position=position)
    except Unsupported:
        return {"before": None, "after": None, "winner": "", "new_winner": "", "new_probability": None}
    return {
        "before": found.before,
        "after": found.after,
        "winner": model.token_text(found.winner),
        "new_winner": model.token_text(found.new_winner),
        "new_probability": found.new_probability,
    }


def _card(trace: Trace, one: InterestingHead) -> ShelfCard:
    cells = layer_summary(trace, PatternSpec(kind=one.kind), one.layer).cells[one.head]
    return {
        "key": one.key,
        "kind": one.kind,
        "layer": one.layer,
        "head": one.head,
        "value": one.value,
        "on_repeats": one.on_repeats,
        "rows": cells.shape[0],
        "columns": cells.shape[1],
        "causal": is_causal(trace, one.kind),
        "cells": packed(cells),
    }
