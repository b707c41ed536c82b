"""What the Layers tab asks."""

from collections.abc import Iterator
from typing import Annotated, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, RunRequest, Whole, call
from explorer.features.layers.compare import compare_layers
from explorer.features.layers.readings import EntryAnswer, GridAnswer, entry, grid_answer
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.errors import InputError
from models.lenses.cell import listed, ways
from models.lenses.grid import LensGrid, lens_grid, lens_stretches
from models.lenses.names import Lens
from models.text.vocabulary import vocabulary
from models.translation import _

__all__ = ["compare_layers", "layers_cell", "layers_grid"]

LISTED = 24
MOST_WORDS = 6


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
