"""What the What if? tab asks."""

from explorer.features.experiment.sweep import sweep_examples, sweep_panels

__all__ = ["sweep_examples", "sweep_panels"]
