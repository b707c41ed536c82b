"""The Surprise tab: how well the model expected a text, token by token."""

from collections.abc import Iterator

import gradio as gr

from explorer.completion import surprise
from explorer.completion.wiring import Plain, server, streaming
from explorer.tabs import Page, Tab
from explorer.views import view

LOOK_FOR = (
    "**Look for** bits that pile up at the start of words and sentences, and drop inside a word once its first piece "
    "is known. **It does not prove** that a surprising text is wrong, or that a person would be surprised: it tells "
    "what this model's training made likely."
)
MEASURES = [("surprise (bits)", "surprise"), ("probability", "probability"), ("rank", "rank")]


def _build(page: Page) -> None:
    gr.Markdown(LOOK_FOR, elem_classes="note")
    page.control("surprise_by", gr.Radio(MEASURES, value="surprise", label="Colour tokens by"))
    drawn = view("surprise", functions=[server(page, surprise.expected_here)], label="Surprise", height=240)

    def work(asked: Plain, _: str) -> Iterator[Plain]:
        return surprise.readings(page.pool, asked)

    streaming(page, "work", drawn, work, visitors=4)


TAB = Tab(title="Surprise", question="How well did the model expect each word of this text?", order=50, build=_build)
