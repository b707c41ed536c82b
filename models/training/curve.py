"""The loss curve of a run as a picture."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

LINE = "#0072b2"
"""Blue of the Okabe-Ito colours, which colour-blind readers can tell from the rest."""


def draw(history: Sequence[dict[str, Any]], path: Path, *, unit: str) -> None:
    """Held-out figure over steps, as a vector picture with its text as text."""
    figure = Figure(figsize=(7, 3.5), layout="constrained")
    axes = figure.add_subplot()
    axes.plot([point["step"] for point in history], [point["held_out"] for point in history], color=LINE, marker=".")
    axes.set(xlabel="training step", ylabel=f"{unit} on held-out books")
    axes.grid(alpha=0.3)
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "storybook"}):
        figure.savefig(path, format="svg", metadata={"Date": None})
