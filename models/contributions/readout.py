"""From the last block's output to one logit, as a direction: the logit is that direction times the residual, plus bias.

Direct logit attribution (Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits"; in this form Nanda's
TransformerLens): with the final norm's scale kept as it was in the run, the logit of a token is linear in the residual.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from jaxtyping import Float64
from numpy import ndarray
from torch import Tensor, nn

from models.contributions.frozen import Frozen, frozen
from models.engine.language_model import LanguageModel
from models.engine.unembedding import Scale, Shift, SoftCap, Unembedding
from models.errors import Unsupported
from models.translation import _


@dataclass(frozen=True, eq=False, kw_only=True)
class Readout:
    """`direction` · residual + `bias` = `logit`, of a token or of one token less another, before a soft cap.

    `scale` is what the final norm divides by, None for a model without one.
    """

    direction: Float64[ndarray, " width"]
    bias: float
    logit: float
    scale: float | None


class Way:
    """The way from one residual to the logits, followed once; `readout` reads any token off it."""

    def __init__(self, model: LanguageModel, residual: Float64[ndarray, " width"]) -> None:
        if model.architecture.unembedding is None:
            raise Unsupported(
                _("The way from the residual stream of {model} to its logits is not known.", model=model.name)
            )
        self.model, self.residual = model, residual
        steps = list(model.architecture.unembedding.steps)
        self.soft_capped = model.architecture.unembedding.soft_capped
        self.steps = [step for step in steps if not isinstance(step, SoftCap)]
        last = max(index for index, step in enumerate(self.steps) if isinstance(step, nn.Module))
        self.table: Any = self.steps[last]
        self.before, self.tail = self.steps[:last], self.steps[last + 1 :]
        weight = getattr(self.table, "weight", None)
        if not isinstance(weight, Tensor) or weight.ndim != 2:
            raise self._not_linear()
        self.maps, self.scale = self._follow()

    def readout(self, token: int, against: int | None = None) -> Readout:
        """The direction of a token's logit, or of the difference of two."""
        direction, bias = self._row(token)
        if against is not None:
            other, other_bias = self._row(against)
            direction, bias = direction - other, bias - other_bias
        for step in reversed(self.maps):
            if isinstance(step, float):
                direction = direction * step
            else:
                bias += float(direction @ step.shift)
                direction = step.pull(direction)
        logit = float(self.logits[token]) - (0.0 if against is None else float(self.logits[against]))
        return Readout(direction=direction, bias=bias, logit=logit, scale=self.scale)

    @cached_property
    def logits(self) -> Float64[ndarray, " vocab"]:
        """The model's own logits, in its own precision, before a soft cap."""
        weight = next(self.model.architecture.blocks["decoder"][-1].parameters())
        with torch.no_grad():
            row = torch.from_numpy(self.residual).to(device=weight.device, dtype=weight.dtype)
            output = Unembedding(tuple(self.steps))(row[None, None])[0, 0]
        return np.asarray(output.cpu().double().numpy())

    def _row(self, token: int) -> tuple[Float64[ndarray, " width"], float]:
        """The token's row of the output embedding and its bias, with what follows multiplied in and added."""
        bias = getattr(self.table, "bias", None)
        row = self.table.weight[token].detach().cpu().double().numpy()
        added = 0.0 if bias is None else float(bias[token])
        for step in self.tail:
            if isinstance(step, Scale):
                row, added = row * step.factor, added * step.factor
            elif isinstance(step, Shift):
                added += float(step.amount.reshape(-1)[token])
        return row, added

    def _follow(self) -> tuple[list[Frozen | float], float | None]:
        """What stands before the output embedding, as linear maps; and the scale of the final norm."""
        at, scale = self.residual, None
        maps: list[Frozen | float] = []
        for step in self.before:
            if isinstance(step, Scale):
                maps.append(step.factor)
                at = at * step.factor
                continue
            found = frozen(step, at) if isinstance(step, nn.Module) else None
            if found is None:
                raise self._not_linear()
            maps.append(found)
            at, scale = found.output, found.scale if scale is None else scale
        return maps, scale

    def _not_linear(self) -> Unsupported:
        return Unsupported(
            _(
                "{model} passes what its blocks wrote through one more layer that is not linear, so its logits are no "
                "sum of parts; the lens of the Layers tab shows what it would say at each depth.",
                model=self.model.name,
            )
        )
