"""The Tokens tab: the pieces the model reads, with their numbers."""

import gradio as gr

from explorer.features import Page, Tab
from explorer.shell.view import view
from models.translation import _


def _build(page: Page) -> None:
    del page  # everything here is known from the run
    view("features/tokens/token_counts", label=_("Counts"))
    view("features/tokens/token_strip", label=_("Tokens"), height=120)
    view("features/tokens/token_table", label=_("Table of tokens"))
    gr.Markdown(
        _(
            "**Look for** common words in one piece and rare words in several; a space usually belongs to the word "
            "after it. **It does not prove** anything about meaning: pieces are chosen by how often they occur, before "
            "the model learns."
        ),
        elem_classes="note",
    )


TAB = Tab(
    title=_("Tokens"),
    question=_("Which pieces does the model cut this text into?"),
    order=10,
    build=_build,
    name="tokens",
)
