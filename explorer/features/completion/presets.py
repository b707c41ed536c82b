"""Well-known settings by name; which one is in force is read off the values."""

from typing import Any

from explorer.shell.view import view
from models.translation import _

ROWS = 10
"""Tokens that the table of the next ones lists at first."""

NEUTRAL: dict[str, Any] = {
    "temperature": 1,
    "top_k": 0,
    "top_p": 1,
    "min_p": 0,
    "typical_p": 1,
    "repetition_penalty": 1,
    "greedy": False,
}


def build() -> None:
    """Put the row of presets where the rules are."""
    named = [{"name": name, "meaning": meaning, "values": NEUTRAL | values} for name, meaning, values in _presets()]
    view("features/completion/presets", label=_("Presets"), presets=named)


def _presets() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (_("The model itself"), _("no rule at all"), {}),
        (_("Greedy"), _("always the likeliest token"), {"greedy": True}),
        (_("Careful"), _("temperature 0.7, top-p 0.9"), {"temperature": 0.7, "top_p": 0.9}),
        (_("Classic"), _("top-k 40"), {"top_k": 40}),
        (_("Wild"), _("temperature 1.4"), {"temperature": 1.4}),
        (_("Min-p"), _("min-p 0.1 at temperature 1.2"), {"temperature": 1.2, "min_p": 0.1}),
        (_("Typical"), _("typical-p 0.9"), {"typical_p": 0.9}),
    ]
