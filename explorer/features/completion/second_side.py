"""The other side of a comparison in this tab: its settings, and the view of both."""

import gradio as gr

from explorer.features import Page
from explorer.shell.view import view
from models.translation import _

ROWS = 10
"""Tokens that the joined table lists at first."""


def sides(page: Page) -> None:
    """Lay out what both sides say next or write, which stands between the rules of side A and those of side B."""
    page.choice("sides_order", "probability", ["probability", "difference"])
    page.choice("sides_rows", ROWS)
    page.choice("two_drawn", False)
    view("features/completion/sides", label=_("What comes next on both sides"), picture=True)
    view("features/completion/two_texts", label=_("Two at once"), picture=True)


def rules(page: Page) -> None:
    """Lay out side B's controls, in the order of side A's."""
    page.control("second_temperature", gr.Slider(0, 2, 1, step=0.05, label=_("Temperature of B")))
    page.control("second_top_k", gr.Slider(0, 200, 0, step=1, label=_("Top-k of B")))
    page.control("second_top_p", gr.Slider(0.01, 1, 1, step=0.01, label=_("Top-p of B")))
    page.control("second_seed", seed(_("Seed of B")))


def more(page: Page) -> None:
    """Lay out what is rarely asked of side B, for the drawer."""
    page.control("second_min_p", gr.Slider(0, 1, 0, step=0.01, label=_("Min-p of B")))
    slider = gr.Slider(0.5, 2, 1, step=0.05, label=_("Penalty of B"))
    page.control("second_repetition_penalty", slider)


def seed(label: str) -> gr.Number:
    """A box for a seed."""
    return gr.Number(0, label=label, precision=0, minimum=0, min_width=0)
