"""The picture of one token's way: what it looks at in every layer, what would be said at each depth, what comes out."""

import numpy as np
from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, RunRequest, Whole, call
from explorer.calls.answers import CandidateAnswer, candidate, packed
from models.attention.looks import Row, attention_rows, folded, strongest
from models.engine.language_model import LanguageModel
from models.engine.readings import depth_readings
from models.engine.trace import Trace
from models.errors import InputError, Unsupported
from models.generation.sampling import Sampling, distribution
from models.translation import _

CANDIDATES = 8
SOURCE_SHARE = 0.7
"""Of the rows there is room for, how much a source may take where there is a target too."""


class FlowRequest(RunRequest):
    """Which token is followed, and how many rows there is room for; `begin` unfolds a text from a token on."""

    position: Whole | None = Field(None, ge=0, description="Of the text that is written; none is where it goes on.")
    source: Whole | None = Field(None, ge=0, description="Of an encoder-decoder's source; none is the most looked at.")
    rows: Whole = Field(24, ge=4, le=400, description="How many rows there is room for, of both texts together.")
    begin: Whole | None = Field(None, ge=0, description="The source's or text's token from which on all are shown.")


class RowAnswer(TypedDict):
    """The tokens that share one row: positions from `first` to `last`."""

    first: int
    last: int


class LookAnswer(TypedDict):
    """A connection: `row` counts the rows of the text that is looked at."""

    kind: str
    layer: int
    head: int
    row: int
    weight: float


class Guess(TypedDict):
    """A token that would be said, with its probability."""

    id: int
    text: str
    special: bool
    probability: float


class DepthAnswer(TypedDict):
    """What would be said at one depth, likeliest first, and the probability of the final winner there."""

    guesses: list[Guess]
    winner: float


class FlowAnswer(TypedDict):
    """All that the picture draws.

    `position` is followed in the text that is written, `source` in an encoder-decoder's source. `depths` has the last
    depth only, and `unread` the reason, where the others cannot be read. `peaks` is per kind the strongest weight of
    every head in the followed row, bytes of 255ths by layer and head.
    """

    position: int
    source: int | None
    rows: list[RowAnswer]
    target_rows: list[RowAnswer]
    looks: list[LookAnswer]
    peaks: dict[str, str]
    depths: list[DepthAnswer]
    unread: str
    candidates: list[CandidateAnswer]
    others: float
    masks: list[int]
    mask_token: str


@call
def flow(context: Context, request: FlowRequest) -> FlowAnswer:
    """Follow one token through all layers and heads to what is said after it."""
    model, trace = context.model(request), context.trace(request)
    if not trace.attention_kinds:
        raise Unsupported(model.closed.get("attention", ""))
    position = _position(trace, request.position)
    weights = {kind: attention_rows(trace, kind, position) for kind in trace.attention_kinds if kind != "encoder"}
    source = _source(trace, request.source, weights)
    if source is not None:
        weights["encoder"] = attention_rows(trace, "encoder", source)
    rows = _rows(trace, request, weights, position, source)
    depths, unread = read_depths(model, trace, position)
    found = distribution(trace.logits_at(position), Sampling()).top(CANDIDATES)
    return {
        "position": position,
        "source": source,
        "rows": [{"first": first, "last": last} for first, last in rows["source"]],
        "target_rows": [{"first": first, "last": last} for first, last in rows["target"]],
        "looks": [look for kind in trace.attention_kinds for look in _looks(kind, weights[kind], rows)],
        "peaks": {kind: packed(_peaks(of_kind)) for kind, of_kind in weights.items()},
        "depths": depths,
        "unread": unread,
        "candidates": [candidate(model, one) for one in found],
        "others": max(0.0, 1 - sum(one.probability for one in found)),
        "masks": list(trace.mask_positions),
        "mask_token": str(model.tokenizer.mask_token or "") if trace.kind == "encoder" else "",
    }


def followed(trace: Trace) -> int:
    """The position whose prediction is the point of a text: its first mask, or its end."""
    return trace.mask_positions[0] if trace.mask_positions else len(trace.target_tokens or trace.tokens) - 1


def _position(trace: Trace, asked: int | None) -> int:
    read = len(trace.target_tokens or trace.tokens)
    if asked is None:
        return followed(trace)
    if asked >= read:
        raise InputError(_("position must be from 0 to {last}.", last=read - 1))
    return asked


def _source(trace: Trace, asked: int | None, weights: dict[str, np.ndarray]) -> int | None:
    """The source token to follow: the one asked for, else the one that the written token looks at most."""
    if trace.kind != "encoder-decoder":
        return None
    if asked is not None and asked < len(trace.tokens):
        return asked
    return int(np.nanmean(weights["cross"], axis=(0, 1)).argmax())


def _rows(
    trace: Trace, request: FlowRequest, weights: dict[str, np.ndarray], position: int, source: int | None
) -> dict[str, list[Row]]:
    both = trace.kind == "encoder-decoder"
    on_target = _looked_at(weights["decoder"]) if both else np.zeros(0, dtype=np.float32)
    on_source = _looked_at(weights["encoder"]) + _looked_at(weights["cross"]) if both else _looked_at(weights["self"])
    most_target = min(len(on_target), max(3, request.rows - min(len(on_source), round(request.rows * SOURCE_SHARE))))
    here = position if source is None else source
    text = folded(on_source, most=request.rows - most_target, keep=(0, here, -1), begin=request.begin)
    return {"source": text, "target": folded(on_target, most=most_target, keep=(0, position, -1)) if both else []}


def _peaks(weights: np.ndarray) -> np.ndarray:
    """The largest weight of each head in 255ths; 0 for heads that a layer does not have."""
    return (np.nan_to_num(weights.max(axis=2)) * 255).round().astype(np.uint8)


def _looked_at(weights: np.ndarray) -> np.ndarray:
    return np.asarray(np.nansum(weights, axis=(0, 1)), dtype=np.float32)


def _looks(kind: str, weights: np.ndarray, rows: dict[str, list[Row]]) -> list[LookAnswer]:
    looks = strongest(weights, rows["target" if kind == "decoder" else "source"])
    return [
        {"kind": kind, "layer": one.layer, "head": one.head, "row": one.row, "weight": round(one.weight, 4)}
        for one in looks
    ]


def read_depths(model: LanguageModel, trace: Trace, position: int) -> tuple[list[DepthAnswer], str]:
    """What would be said at each depth; only the last, and the reason, where the others cannot be read."""
    try:
        found = depth_readings(trace, position)
    except Unsupported as error:
        top = distribution(trace.logits_at(position), Sampling()).top(5)
        guesses = [_guess(model, one.id, one.probability) for one in top]
        return [{"guesses": guesses, "winner": top[0].probability}], str(error)
    return [
        {
            "guesses": [_guess(model, int(one), share) for one, share in zip(ids, shares.tolist(), strict=True)],
            "winner": winner,
        }
        for ids, shares, winner in zip(found.ids, found.probabilities, found.winner.tolist(), strict=True)
    ], ""


def _guess(model: LanguageModel, token: int, probability: float) -> Guess:
    special = token in model.token_decoder.special
    text = model.token_decoder.piece(token) if special else model.token_text(token)
    return {"id": token, "text": text, "special": special, "probability": probability}
