"""The Why tab: why the model says a token rather than another, part by part."""

from collections.abc import Callable

import gradio as gr

from explorer.features import Page, Tab
from explorer.shell.view import view
from models.translation import _

VIEWS = ("contributions",)


def _build(page: Page) -> None:
    page.choice("why_view", VIEWS[0], VIEWS)
    page.choice("why_token", "")
    page.choice("why_against", "")
    with gr.Tabs(elem_id="why-views", elem_classes="subtabs", overflow_behavior="wrap"):
        _part("contributions", _("Contributions"), lambda: _contributions(page))


def _part(name: str, title: str, build: Callable[[], None]) -> None:
    with gr.Tab(title, id=name):
        build()


def _contributions(page: Page) -> None:
    page.note(
        _(
            "A logit is a sum: every part of the model writes into the residual stream, and the token's row of the "
            "unembedding reads the stream along one direction. Each bar is what one part adds along it, from top to "
            "bottom; open a bar to see what it is made of. The final norm divides by a number that depends on all "
            "parts; it is kept as it was in this run (frozen), so that the parts add up (Elhage et al. 2021).\n\n"
            "**Look for** the few parts that carry the answer, and the words that a head brings it from. Compare with "
            "a second token: what raises all tokens alike falls out of the difference.\n\n"
            "**It does not prove** that the answer would be gone without a part: later parts read what earlier ones "
            "wrote, and could make up for it. That is measured by switching it off (see Attention)."
        )
    )
    page.choice("why_opened", "")
    view("features/why/contributions", label=_("Contributions to the logit"), picture=True)


TAB = Tab(title=_("Why"), question=_("Why this token?"), order=45, build=_build, name="why", needs=("words",))
