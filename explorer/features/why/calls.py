"""What the Why tab asks, and what it offers to programs."""

from explorer.features.why.contributions import contributions, waterfall

__all__ = ["contributions", "waterfall"]
