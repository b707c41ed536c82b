"""What the methods and baselines are called, known without the engine."""

from typing import Literal

Method = Literal[
    "gradient_input",
    "integrated_gradients",
    "leave_one_out_masked",
    "leave_one_out_replaced",
    "leave_one_out_removed",
    "source",
    "rollout",
]
Baseline = Literal["mean", "zero"]
