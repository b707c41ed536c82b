"""Sampling settings as they come in: one declaration for every call that draws tokens or shows what would be drawn.

Calls are put together from these parts, so that the arguments of public ones stay in their order.
"""

from typing import TYPE_CHECKING

from pydantic import Field

from explorer.calls.requests import Request, RunRequest, Whole

if TYPE_CHECKING:
    import models.generation.sampling


class CommonRules(Request):
    """The rules every sampler knows."""

    temperature: float = Field(1.0, description="0 (always the likeliest) or 0.001 to 100; 1 changes nothing.")
    top_k: Whole = Field(0, description="Keep this many likeliest tokens; 0 is off.")
    top_p: float = Field(
        1.0, description="Keep the likeliest tokens that together reach this probability, above 0 to 1; 1 is off."
    )

    @property
    def sampling(self) -> "models.generation.sampling.Sampling":
        """The settings asked for; what a request does not have keeps its default."""
        from models.generation.sampling import Sampling  # noqa: PLC0415 - requests are declared before the engine is there

        names = SamplingSettings.model_fields.keys() & type(self).model_fields.keys()
        return Sampling(**{name: getattr(self, name) for name in names})


class MoreRules(Request):
    """The rules that fewer samplers know."""

    min_p: float = Field(
        0.0, description="Keep tokens at least this fraction as likely as the likeliest, 0 to 1; 0 is off."
    )
    typical_p: float = Field(
        1.0,
        description="Keep tokens of typical surprisal that together reach this probability, above 0 to 1; 1 is off.",
    )
    repetition_penalty: float = Field(
        1.0, description="Make tokens already in the text less likely, above 0 to 100; 1 is off."
    )


class Draw(Request):
    """How one token is chosen of those that are left."""

    seed: Whole = Field(0, description="A whole number from 0; with the same settings it gives the same text.")
    greedy: bool = Field(default=False, description="Always take the likeliest token.")


class SamplingSettings(Draw, MoreRules, CommonRules):
    """Every setting; what the page's sliders say."""


class SamplingRequest(SamplingSettings, RunRequest):
    """A question about a run under sampling settings."""
