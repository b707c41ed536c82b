"""What the What if? tab asks, and what it offers to programs."""

from explorer.features.experiment.sweep import sweep, sweep_examples, sweep_panels

__all__ = ["sweep", "sweep_examples", "sweep_panels"]
