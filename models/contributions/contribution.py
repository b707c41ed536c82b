"""One contribution to a logit, and the contributions that together make it up."""

from dataclasses import dataclass
from typing import Literal

By = Literal["part", "head", "source", "neuron"]


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """What one part adds to the logit. `name` says what it is; what does not apply to it is None.

    Names: "embedding", "position embedding", "attention", "cross-attention", "feed-forward", "block" (its parts are
    not known), "bias" (on the way from the residual to the logit), "head", "cross-attention head", "attention bias",
    "cross-attention bias", "source", "cross-attention source", "neuron", "feed-forward bias".
    """

    name: str
    value: float
    layer: int | None = None
    head: int | None = None
    position: int | None = None
    neuron: int | None = None


@dataclass(frozen=True, kw_only=True)
class Contributions:
    """A number and what it is the sum of: `parts`, the largest if there were many, and `rest`, the `others` together.

    `logit` is that of `token`, or its lead over `against`, before a soft cap if the model has one; `total` is what the
    parts add up to: the logit, or what the opened part adds to it. `frozen_norm` is the number by which the final norm
    divides at this position, None without a norm. Tokens and position as in the trace.
    """

    token: int
    against: int | None
    position: int
    logit: float
    total: float
    parts: tuple[Contribution, ...]
    rest: float = 0.0
    others: int = 0
    frozen_norm: float | None = None
    soft_capped: bool = False

    @property
    def sum(self) -> float:
        """All parts together, those that are not listed too."""
        return sum(part.value for part in self.parts) + self.rest

    @property
    def remainder(self) -> float:
        """What the sum leaves of the total: rounding."""
        return self.total - self.sum
