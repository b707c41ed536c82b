"""Activation patching over a whole network: how much of an answer each activation brings from one run into another.

Every number is a run of its own (Vig et al. 2020; Meng et al. 2022), not an estimate. Denoising puts an activation of
the clean run into the corrupted one and asks what is enough for the answer; noising puts one of the corrupted run into
the clean one and asks what the answer needs; they are not mirror images (Heimersheim and Nanda 2024). The control puts
activations of an unrelated text into the corrupted run: what it restores, any disturbance would.
"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import get_args

import numpy as np
import torch
from jaxtyping import Float, Float32
from numpy import ndarray
from torch import Tensor

from models.engine.cache import derived
from models.engine.language_model import LanguageModel
from models.engine.points import Point, reading
from models.errors import InputError, Unsupported
from models.sweeps.cells import Cell, Column, cells_of, columns_of, rows_of
from models.sweeps.control import control_side
from models.sweeps.names import Direction
from models.sweeps.pair import Pair, Scale, Side, scale_of
from models.sweeps.patched_runs import PASS_TOKENS, Patch, PatchedRuns
from models.translation import _

MAX_TOKENS = 512  # of a text: each of them is a run for each depth


@dataclass(frozen=True, kw_only=True)
class Found:
    """Some cells of a sweep as soon as they are known, (row, column, value) each, and how far it is, 0 to 1."""

    cells: tuple[tuple[int, int, float], ...]
    fraction: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Sweep:
    """All cells: `values` is the share of the way from `scale.base` to `scale.other` that each patch goes.

    Rows are depths of "residual" (0 the embedding, the last the last block's output), else layers; columns are
    positions of the text that was patched, or heads. NaN where the texts do not correspond, or a stack ends earlier.
    """

    plan: "Plan"
    values: Float32[ndarray, "row column"]

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.plan.columns

    @property
    def scale(self) -> Scale:
        return self.plan.scale


@dataclass(frozen=True, eq=False, kw_only=True)
class Plan:
    """A sweep before it runs: what is patched by what, where, and how it is measured.

    `patched` is the run that is patched, `donor` the one the activations come from, `towards` the one a score of 1
    stands for.
    """

    model: LanguageModel
    pair: Pair
    of: str
    direction: str
    metric: str
    patched: Side
    donor: Side
    towards: Side
    columns: tuple[Column, ...]
    cells: tuple[Cell, ...]
    rows: int
    scale: Scale

    @property
    def tokens(self) -> int:
        """The tokens of one run."""
        return len(self.patched.trace.tokens) + len(self.patched.trace.target_tokens)

    @property
    def cost(self) -> float:
        """Tokens times parameters, of all runs: each is about one multiplication and one addition."""
        return float(self.model.parameters) * self.tokens * len(self.cells)


def plan(
    model: LanguageModel,
    pair: Pair,
    of: str = "residual",
    direction: str = "denoise",
    metric: str = "logit_difference",
) -> Plan:
    """What one sweep will run; raises InputError where there is nothing to restore, Unsupported where none can be."""
    if direction not in get_args(Direction):
        choices = ", ".join(get_args(Direction))
        raise InputError(
            _("{name} must be one of {choices}, not {value}.", name="direction", choices=choices, value=repr(direction))
        )
    patched, towards = (pair.clean, pair.corrupted) if direction == "noise" else (pair.corrupted, pair.clean)
    longest = max(len(side.trace.tokens) + len(side.trace.target_tokens) for side in (patched, towards))
    if longest > MAX_TOKENS:
        raise Unsupported(
            _("Sweeps are offered up to {most} tokens, not {count}; shorten the text.", most=MAX_TOKENS, count=longest)
        )
    scale = scale_of(pair, metric, patched, towards)
    donor = control_side(model, patched) if direction == "control" else towards
    columns = columns_of(model, of, patched, donor)
    return Plan(
        model=model,
        pair=pair,
        of=of,
        direction=direction,
        metric=metric,
        patched=patched,
        donor=donor,
        towards=towards,
        columns=columns,
        cells=tuple(cells_of(model, of, columns)),
        rows=rows_of(model, of),
        scale=scale,
    )


def sweep(
    model: LanguageModel,
    pair: Pair,
    of: str = "residual",
    direction: str = "denoise",
    metric: str = "logit_difference",
) -> Sweep:
    """One sweep. `of`: "residual", "attention", "feed_forward" (by position) or "head"."""
    *_news, found = sweeping(plan(model, pair, of, direction, metric))
    if not isinstance(found, Sweep):
        raise TypeError("The last thing a sweep yields is itself.")
    return found


def sweeping(wanted: Plan) -> Generator[Found | Sweep, None, None]:
    """The cells as they come, then the sweep, which is kept; closing the iterator stops it before the next batch."""
    key = _key(wanted)
    kept = wanted.patched.trace.derived.peek(key)
    if kept is not None:
        yield kept.value
        return
    values = np.full((wanted.rows, len(wanted.columns)), np.nan, dtype=np.float32)
    given = donor_values(wanted)
    done = 0
    for cells, runs in _batches(wanted):
        logits = runs([_patch(wanted.columns[cell.column], cell.point, given) for cell in cells])
        measured = wanted.pair.measure(wanted.metric, logits, wanted.towards).cpu().numpy()
        shares = wanted.scale.shares(measured)
        for cell, share in zip(cells, shares, strict=True):
            values[cell.row, cell.column] = share
        done += len(cells)
        found = tuple((cell.row, cell.column, float(share)) for cell, share in zip(cells, shares, strict=True))
        yield Found(cells=found, fraction=done / len(wanted.cells))
    values.flags.writeable = False
    yield derived(wanted.patched.trace, key, lambda: Sweep(plan=wanted, values=values))


def donor_values(wanted: Plan) -> dict[Point, Float[Tensor, "position ..."]]:
    """What stands at every point of the sweep in the giving run: (position, width), of heads (position, head, size)."""
    side, points = wanted.donor, {cell.point for cell in wanted.cells}
    with reading(points) as values, torch.no_grad(), wanted.model.lock:
        PatchedRuns(model=wanted.model, side=side, copies=1).whole()
    return {point: value[0] for point, value in values.items()}


def _batches(wanted: Plan) -> Iterator[tuple[Sequence[Cell], PatchedRuns]]:
    """Batches of one size each, those of the encoder apart: theirs run the whole network."""
    most = max(1, PASS_TOKENS // wanted.tokens)
    for stack in ("encoder", "decoder"):
        cells = [cell for cell in wanted.cells if cell.point.stack == stack]
        if not cells:
            continue
        size = ceil(len(cells) / ceil(len(cells) / most))
        runs = PatchedRuns(model=wanted.model, side=wanted.patched, copies=size)
        for first in range(0, len(cells), size):
            yield cells[first : first + size], runs


def _patch(column: Column, point: Point, given: dict[Point, Tensor]) -> Patch:
    values = given[point] if column.head is None else given[point][:, column.head]
    return Patch(point=point, positions=column.positions, values=values[list(column.donors)], head=column.head)


def _key(wanted: Plan) -> tuple:
    """What decides a sweep beside the run that is patched."""
    traces = tuple((side.trace.text, side.trace.target) for side in (wanted.donor, wanted.towards))
    return ("sweep", wanted.of, wanted.direction, wanted.metric, wanted.pair.answer, wanted.pair.foil, traces)
