"""The Surprisal tab: how well the model expected a text, token by token."""

import gradio as gr

from explorer.features import Page, Tab
from explorer.shell.view import view
from models.translation import _


def _build(page: Page) -> None:
    gr.Markdown(
        _(
            "**Look for** bits that pile up at the start of words and sentences, and drop inside a word once its first "
            "piece is known. **It does not prove** that a surprising text is wrong, or that a person would be "
            "surprised: it tells what this model's training made likely."
        ),
        elem_classes="note",
    )
    measures = [(_("surprisal (bits)"), "surprisal"), (_("probability"), "probability"), (_("rank"), "rank")]
    page.control("surprisal_by", gr.Radio(measures, value="surprisal", label=_("Colour tokens by")))
    view("features/surprisal/surprisal", label=_("Surprisal"), height=240)


TAB = Tab(
    title=_("Surprisal"),
    question=_("How well did the model expect each word of this text?"),
    order=50,
    build=_build,
    name="surprisal",
)
