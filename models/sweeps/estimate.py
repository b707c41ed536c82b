"""Attribution patching: all cells of a sweep estimated at once from one gradient, and how far off the estimate is.

effect ≈ (a of the donor − a of the patched run) · ∂metric/∂a in the patched run (Nanda 2023; Syed et al. 2023): two
forward passes and one backward, exact only where the network is linear between the two runs.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Float32
from numpy import ndarray
from torch import Tensor

from models.engine.exact import exact
from models.engine.points import Edit, Point, editing
from models.sweeps.patched_runs import PatchedRuns
from models.sweeps.sweep import Plan, Sweep, donor_values


@dataclass(frozen=True, eq=False, kw_only=True)
class Estimate:
    """The estimated shares, (row, column), NaN where the sweep has none."""

    values: Float32[ndarray, "row column"]

    def errors(self, exact: Sweep) -> tuple[float, float]:
        """The mean and the largest distance from the exact cells, in the shares' own unit."""
        apart = np.abs(self.values - exact.values)
        known = apart[np.isfinite(apart)]
        return float(known.mean()), float(known.max())


def estimate(wanted: Plan) -> Estimate:
    """Every cell of the planned sweep, estimated."""
    given = donor_values(wanted)
    own, gradients = _gradients(wanted)
    values = np.full((wanted.rows, len(wanted.columns)), np.nan, dtype=np.float32)
    for cell in wanted.cells:
        column, point = wanted.columns[cell.column], cell.point
        heads = slice(None) if column.head is None else column.head
        into, come = list(column.positions), list(column.donors)
        if column.head is None:
            away, slope = given[point][come] - own[point][into], gradients[point][into]
        else:
            away = given[point][come][:, heads] - own[point][into][:, heads]
            slope = gradients[point][into][:, heads]
        effect = float((exact(away) * exact(slope)).sum())
        values[cell.row, cell.column] = effect / (wanted.scale.other - wanted.scale.base)
    values.flags.writeable = False
    return Estimate(values=values)


def _gradients(wanted: Plan) -> tuple[dict[Point, Tensor], dict[Point, Tensor]]:
    """The value at each point in the patched run, and the metric's gradient there."""
    kept: dict[Point, Tensor] = {}
    points = {cell.point for cell in wanted.cells}
    stacks = {point.stack for point in points}
    edits: dict[Point, Edit] = {Point(stack=stack, layer=0, part="input"): _leaf for stack in stacks}
    runs = PatchedRuns(model=wanted.model, side=wanted.patched, copies=1)
    with torch.enable_grad(), wanted.model.lock, editing(edits), editing({one: _keeping(kept, one) for one in points}):
        logits = runs.whole()
        metric = wanted.pair.measure(wanted.metric, logits, wanted.towards).sum()
        found = torch.autograd.grad(metric, [kept[point] for point in points], allow_unused=True)
    slopes: dict[Point, Float[Tensor, "..."]] = {
        point: torch.zeros_like(kept[point]) if slope is None else slope
        for point, slope in zip(points, found, strict=True)
    }
    return {point: kept[point].detach()[0] for point in points}, {point: slopes[point][0] for point in points}


def _leaf(value: Tensor) -> Tensor:
    """Where gradients begin: the weights themselves never carry any."""
    return value.detach().clone().requires_grad_()


def _keeping(kept: dict[Point, Tensor], point: Point) -> Callable[[Tensor], Tensor]:
    def keep(value: Tensor) -> Tensor:
        kept[point] = value.clone()  # a tensor that lies on the way to the logits
        return kept[point]

    return keep
