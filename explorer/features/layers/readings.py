"""A lens's grid as the page draws it."""

import numpy as np
from numpy import ndarray
from typing_extensions import TypedDict

from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.errors import CorruptModel, Unsupported
from models.lenses.fitted import FITTED
from models.lenses.grid import LensGrid
from models.lenses.names import LENSES


class EntryAnswer(TypedDict):
    """An entry of the vocabulary as a reader sees it."""

    id: int
    text: str
    special: bool


class FaithfulnessAnswer(TypedDict):
    """On held-out text, by depth: how often the lens's first guess is the model's own, and the mean KL in bits."""

    agreement: list[float]
    kl: list[float]


class GridAnswer(TypedDict):
    """Every reading, by depth and position; tokens are places in `entries`.

    `best` and `probability` are the likeliest token, `word` and `word_probability` the likeliest that begins a word;
    `entropy` and `kl` are in bits, `rank` is that of the model's own likeliest token, and `own` that token. `start` is
    the position the page begins with: a masked model's first mask, else the last. `lenses` are those this model has.
    """

    lens: str
    lenses: list[str]
    start: int
    entries: list[EntryAnswer]
    own: list[int]
    best: list[list[int]]
    probability: list[list[float]]
    word: list[list[int]]
    word_probability: list[list[float]]
    entropy: list[list[float]]
    kl: list[list[float]]
    rank: list[list[int]]
    faithfulness: FaithfulnessAnswer | None


def grid_answer(model: LanguageModel, trace: Trace, lens: str, grid: LensGrid) -> GridAnswer:
    used = np.unique(np.concatenate([grid.ids[..., 0].ravel(), grid.word.ravel()]))
    faithful = model.lenses.faithfulness(lens)
    return {
        "lens": lens,
        "lenses": lenses_of(model, trace),
        "start": trace.mask_positions[0] if trace.mask_positions else grid.rank.shape[1] - 1,
        "entries": [entry(model, int(one)) for one in used],
        "own": np.searchsorted(used, grid.own).tolist(),
        "best": np.searchsorted(used, grid.ids[..., 0]).tolist(),
        "probability": _rounded(grid.probabilities[..., 0], 5),
        "word": np.searchsorted(used, grid.word).tolist(),
        "word_probability": _rounded(grid.word_probability, 5),
        "entropy": _rounded(grid.entropy, 3),
        "kl": _rounded(grid.kl, 3),
        "rank": grid.rank.tolist(),
        "faithfulness": None if faithful is None else {"agreement": [*faithful.agreement], "kl": [*faithful.kl]},
    }


def entry(model: LanguageModel, token: int) -> EntryAnswer:
    special = token in model.token_decoder.special
    return {
        "id": token,
        "text": model.token_decoder.piece(token) if special else model.token_text(token),
        "special": special,
    }


def lenses_of(model: LanguageModel, trace: Trace) -> list[str]:
    """The lenses that can be looked through here: those of its kind, and those fitted to it."""
    return [lens for lens in LENSES if _has(model, trace, lens)]


def _has(model: LanguageModel, trace: Trace, lens: str) -> bool:
    if lens not in FITTED:
        return lens != "decoder" or trace.encoder_residual is not None
    try:
        model.lenses.fitted(lens)
    except (Unsupported, CorruptModel):
        return False
    return True


def _rounded(values: ndarray, digits: int) -> list[list[float]]:
    return [[round(value, digits) for value in row] for row in values.astype(np.float64).tolist()]
