"""What the Layers tab asks, and the endpoint for lenses."""

from collections.abc import Iterator
from typing import Annotated, Literal, NotRequired

import numpy as np
from numpy import ndarray
from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, RunRequest, Whole, call, endpoint
from explorer.calls.answers import numbers, texts
from explorer.features.layers.readings import EntryAnswer, GridAnswer, LensToken, entry, grid_answer
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.errors import InputError
from models.lenses.cell import listed, ways
from models.lenses.grid import LensGrid, lens_grid, lens_stretches
from models.text.vocabulary import vocabulary
from models.translation import _

Lens = Literal["logit", "tuned", "jacobian", "decoder"]
MAX_ENTRIES = 200_000  # tokens in one answer: about 15 MB as text
LISTED = 24
MOST_WORDS = 6


class LensRequest(RunRequest):
    """One lens over one run."""

    lens: Lens = Field(
        "logit", description="logit, tuned or jacobian; decoder (the encoder's depths) for encoder-decoder models."
    )
    top: Whole = Field(5, ge=1, le=100, description="How many of the likeliest tokens, from 1 to 100.")


class LensAnswer(TypedDict):
    """What a lens reads; `entropy` and `kl` in bits, by depth and position."""

    depths: list[int]
    tokens: list[str]
    top: list[list[list[LensToken]]]
    entropy: list[list[float | None]]
    kl: list[list[float | None]]


class GridRequest(RunRequest):
    """One lens over one run, as the page draws it."""

    lens: Lens = "logit"


class GridMessage(TypedDict):
    """How many positions are `done`, `of` all; at the end the grid."""

    done: NotRequired[int]
    of: NotRequired[int]
    grid: NotRequired[GridAnswer]


class CellRequest(RunRequest):
    """One reading: a depth and a position, and the words whose way through the depths is wanted."""

    lens: Lens = "logit"
    depth: Whole = Field(ge=0)
    position: Whole = Field(ge=0)
    words: list[Annotated[str, Field(max_length=200)]] = Field([], max_length=MOST_WORDS)
    only_words: bool = False


class ListedAnswer(EntryAnswer):
    """One token of a reading."""

    rank: int
    probability: float


class WayAnswer(EntryAnswer):
    """One token's rank and probability at each depth; `typed` is what was asked for, "" for the model's own."""

    typed: str
    ranks: list[int]
    probabilities: list[float]


class CellAnswer(TypedDict):
    """The likeliest tokens there and the ways of words; `refused` says of each word that has none why."""

    candidates: list[ListedAnswer]
    ways: list[WayAnswer]
    refused: list[str]


@endpoint
def lens(context: Context, request: LensRequest) -> LensAnswer:
    """Read what the model would say at every depth and position, as if nothing came after it.

    Returns:
        depths (0 is the embedding), tokens (texts), top (for each depth, for each position the likeliest tokens: id,
        text, probability), entropy and kl (in bits, one row per depth; kl from the model's own distribution).

    """
    model, trace = context.model(request), context.trace(request)
    read = trace.target_tokens or trace.tokens
    entries = trace.lens_depths(request.lens) * len(read) * request.top
    if entries > MAX_ENTRIES:
        raise InputError(
            _(
                "{entries} tokens are too many for one answer ({most} at most); shorten the text or lower top.",
                entries=entries,
                most=MAX_ENTRIES,
            )
        )
    grid = lens_grid(model, trace, request.lens, request.top)
    return {
        "depths": list(range(len(grid.ids))),
        "tokens": texts(read),
        "top": [
            [_tokens(model, ids, shares) for ids, shares in zip(row, chances, strict=True)]
            for row, chances in zip(grid.ids, grid.probabilities, strict=True)
        ],
        "entropy": [numbers(row) for row in grid.entropy],
        "kl": [numbers(row) for row in grid.kl],
    }


@call
def layers_grid(context: Context, request: GridRequest) -> Iterator[GridMessage]:
    """Read every depth and position; long texts say how far they are."""
    model, trace = context.model(request), context.trace(request)
    positions = len(trace.target_tokens or trace.tokens)
    done = 0
    for stretch in lens_stretches(model, trace, request.lens, 1):
        done += stretch.rank.shape[1]
        if done < positions:
            yield {"done": done, "of": positions}
    yield {"grid": grid_answer(model, trace, request.lens, lens_grid(model, trace, request.lens, 1))}


@call
def layers_cell(context: Context, request: CellRequest) -> CellAnswer:
    """Say everything of one depth at one position."""
    model, trace = context.model(request), context.trace(request)
    positions = len(trace.target_tokens or trace.tokens)
    if request.position >= positions:
        raise InputError(_("position must be from 0 to {last}.", last=positions - 1))
    grid = lens_grid(model, trace, request.lens, 1)
    if request.depth >= len(grid.ids):
        raise InputError(_("depth must be from 0 to {last}.", last=len(grid.ids) - 1))
    found = listed(model, trace, request.lens, request.depth, request.position, LISTED, words=request.only_words)
    candidates: list[ListedAnswer] = [
        {**entry(model, int(one)), "rank": int(rank), "probability": float(share)}
        for one, rank, share in zip(found.ids, found.ranks, found.probabilities, strict=True)
    ]
    told, refused = _ways(model, trace, request, grid)
    return {"candidates": candidates, "ways": told, "refused": refused}


def _ways(
    model: LanguageModel, trace: Trace, request: CellRequest, grid: LensGrid
) -> tuple[list[WayAnswer], list[str]]:
    """The model's own answer first, then each word that is one token of the vocabulary."""
    wanted, refused = [("", int(grid.own[request.position]))], []
    for word in request.words:
        try:
            found = vocabulary(model).entry(word)
        except InputError as error:
            refused.append(str(error))
            continue
        if found not in [one for _typed, one in wanted]:
            wanted.append((word, found))
    told = ways(model, trace, request.lens, request.position, [one for _typed, one in wanted])
    answers: list[WayAnswer] = [
        {
            **entry(model, one),
            "typed": typed,
            "ranks": told.ranks[:, place].tolist(),
            "probabilities": told.probabilities[:, place].tolist(),
        }
        for place, (typed, one) in enumerate(wanted)
    ]
    return answers, refused


def _tokens(model: LanguageModel, ids: ndarray, shares: ndarray) -> list[LensToken]:
    return [
        {"id": int(one), "text": model.token_text(int(one)), "probability": round(float(share), 6)}
        for one, share in zip(ids, np.asarray(shares), strict=True)
    ]
