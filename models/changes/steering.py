"""The direction a steering change adds, of length one."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from models.changes.kinds import SteerChange
from models.changes.sources import last_residual
from models.engine.language_model import LanguageModel
from models.engine.points import Point
from models.errors import InputError, Unsupported
from models.text.vocabulary import vocabulary
from models.translation import _


def direction(model: LanguageModel, change: SteerChange, point: Point) -> Float[Tensor, " width"]:
    """Toward what `toward` names less what `away` names; raises InputError where both are the same."""
    total = torch.zeros(model.width)
    for side, sign in ((change.toward, 1.0), (change.away, -1.0)):
        if side:
            found = _word(model, side) if isinstance(side, str) else _texts(model, point, side)
            if found.shape != total.shape:
                raise Unsupported(
                    _("Words of {model} have another width than its residual stream, so they are no direction in it.",
                      model=model.name)
                )  # fmt: skip
            total = total + sign * found
    length = float(total.norm())
    if not length > 0:
        raise InputError(_("Both sides of the steering are the same, which is no direction: change one of them."))
    return total / length


def _word(model: LanguageModel, word: str) -> Float[Tensor, " width"]:
    """The row of the output embedding of a word that is one token."""
    table = model.embedding("output")
    entry = vocabulary(model).entry(word)
    if entry >= len(table):
        raise InputError(_("{model} gives this token no logit; choose another.", model=model.name))
    return torch.from_numpy(table[entry].copy())


def _texts(model: LanguageModel, point: Point, texts: Sequence[str]) -> Float[Tensor, " width"]:
    return torch.stack([last_residual(model, point, text) for text in texts]).mean(dim=0)
