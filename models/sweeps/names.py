"""The names of what a sweep patches, measures and compares; read before the engine is imported."""

from typing import Literal

Of = Literal["residual", "attention", "feed_forward", "head"]
Metric = Literal["logit_difference", "log_probability", "kl"]
Direction = Literal["denoise", "noise", "control"]
