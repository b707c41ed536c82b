"""The learning rate over time: warm-up, a long stable stage, and a decay whose start follows from the budget."""

from math import sqrt

WARM_UP_STEPS = 60
DECAY_SHARE = 0.3
"""The last part of the budget, over which the rate falls to zero."""


def rate(step: int, progress: float) -> float:
    """The rate as a share of its peak, 0 to 1, at a `step` from 0 and a `progress` of 0 to 1 through the budget.

    Warm-up, stable, decay (Hu et al. 2024, MiniCPM) with the decay 1 - √t (Hägele et al. 2024, "Scaling laws and
    compute-optimal training beyond fixed training durations"). The budget may change while the rate is still stable.
    """
    warm = min(1.0, (step + 1) / WARM_UP_STEPS)
    decaying = max(0.0, min(1.0, progress) - (1 - DECAY_SHARE)) / DECAY_SHARE
    return warm * (1 - sqrt(decaying))
