"""What the What if? tab offers to programs."""

from explorer.features.experiment.sweep_endpoint import sweep

__all__ = ["sweep"]
