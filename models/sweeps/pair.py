"""What a sweep compares: a clean and a corrupted run, the answer of one, the foil of the other, their distance."""

from dataclasses import dataclass
from typing import get_args

import numpy as np
import torch
from jaxtyping import Float, Float64
from numpy import ndarray
from torch import Tensor

from models.engine.exact import exact
from models.engine.language_model import LanguageModel
from models.engine.readings import softmax64
from models.engine.trace import Trace
from models.errors import InputError, Unsupported
from models.sweeps.names import Metric
from models.text.vocabulary import vocabulary
from models.translation import _, number

LEAST = 0.05  # of a metric, in logits, nats or bits: below, the quotient would be mostly rounding


@dataclass(frozen=True, eq=False, kw_only=True)
class Side:
    """One of the two runs, and the position whose prediction is asked about."""

    trace: Trace
    position: int

    @property
    def logits(self) -> ndarray:
        """(vocab) at the position asked about."""
        return self.trace.logits_at(self.position)

    def probability(self, token: int) -> float:
        """Of one token, before any sampling rule."""
        return float(softmax64(self.logits)[token])


@dataclass(frozen=True, eq=False, kw_only=True)
class Pair:
    """The two runs, and the tokens whose logits are compared: `answer` of the clean one, `foil` of the corrupted."""

    clean: Side
    corrupted: Side
    answer: int
    foil: int

    def measure(self, metric: str, logits: Float[Tensor, "copy vocab"], towards: Side) -> Float[Tensor, " copy"]:
        """The metric of each row of logits, in double precision.

        "logit_difference" is logit[answer] − logit[foil] (Wang et al. 2022, the main one by Zhang and Nanda 2023),
        "log_probability" ln p(answer) in nats, "kl" KL(run `towards` ‖ row) in bits: 0 where that run is met.
        """
        rows = exact(logits)
        if metric == "logit_difference":
            return rows[:, self.answer] - rows[:, self.foil]
        shares = rows.log_softmax(dim=-1)
        if metric == "log_probability":
            return shares[:, self.answer]
        wanted = torch.from_numpy(np.array(towards.logits)).double().to(rows.device).log_softmax(dim=-1)
        return (wanted.exp() * (wanted - shares)).sum(dim=-1) / np.log(2)

    def of(self, metric: str, side: Side, towards: Side) -> float:
        """The metric of one of the two runs as it is."""
        return float(self.measure(metric, torch.from_numpy(np.array(side.logits))[None], towards)[0])


@dataclass(frozen=True, eq=False, kw_only=True)
class Scale:
    """A metric's value in the run that is patched, `base`, and in the run it should reach, `other`."""

    base: float
    other: float

    def shares(self, measured: Float64[ndarray, " copy"]) -> Float64[ndarray, " copy"]:
        """How much of the way from base to other each value is: 0 none, 1 all; may be below 0 and above 1."""
        return (measured - self.base) / (self.other - self.base)


def pair_of(model: LanguageModel, clean: Trace, corrupted: Trace, token: str = "", against: str = "") -> Pair:
    """The two runs with answer and foil: typed, or the likeliest token of the clean and of the corrupted run.

    Where both runs have the same likeliest token, the foil is the corrupted run's likeliest other one. Raises
    InputError for what is no token, or for a token compared with itself.
    """
    if "words" in model.closed:
        raise Unsupported(model.closed.get("words", ""))
    sides = [Side(trace=trace, position=position_of(trace)) for trace in (clean, corrupted)]
    answer = vocabulary(model).entry(token) if token else int(sides[0].logits.argmax())
    if against:
        foil = vocabulary(model).entry(against)
    else:
        foil = next(int(one) for one in np.argsort(-sides[1].logits)[:2] if one != answer)
    if foil == answer:
        raise InputError(_("A token cannot be compared with itself; choose another for one of the two."))
    if max(answer, foil) >= len(sides[0].logits):
        raise InputError(_("{model} gives this token no logit; choose another.", model=model.name))
    return Pair(clean=sides[0], corrupted=sides[1], answer=answer, foil=foil)


def position_of(trace: Trace) -> int:
    """Where the text goes on, or a masked model's first mask."""
    if trace.kind == "encoder":
        if not trace.mask_positions:
            raise InputError(_("Put a mask into both texts: the word there is the one that is asked about."))
        return trace.mask_positions[0]
    return len(trace.target_tokens or trace.tokens) - 1


def scale_of(pair: Pair, metric: str, base: Side, other: Side) -> Scale:
    """The two ends of a score; raises InputError where they are too near each other to divide by."""
    if metric not in get_args(Metric):
        choices = ", ".join(get_args(Metric))
        raise InputError(
            _("{name} must be one of {choices}, not {value}.", name="metric", choices=choices, value=repr(metric))
        )
    found = Scale(base=pair.of(metric, base, other), other=pair.of(metric, other, other))
    if not abs(found.other - found.base) >= LEAST:
        raise InputError(
            _(
                "The two texts lead to nearly the same ({one} and {other}): there is no difference to restore. "
                "Change a word that matters, or choose another answer.",
                one=number(found.base, 2),
                other=number(found.other, 2),
            )
        )
    return found
