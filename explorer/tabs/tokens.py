"""The Tokens tab: the pieces the model reads, with their numbers."""

import gradio as gr

from explorer.tabs import Page, Tab
from explorer.views import view

LOOK_FOR = (
    "**Look for** common words in one piece and rare words in several; a space usually belongs to the word after it. "
    "**It does not prove** anything about meaning: pieces are chosen by how often they occur, before the model learns."
)


def _build(page: Page) -> None:
    del page  # everything here is already in the subject
    view("token_counts", label="Counts")
    view("token_strip", label="Tokens", height=120)
    view("token_table", label="Table of tokens")
    gr.Markdown(LOOK_FOR, elem_classes="note")


TAB = Tab(title="Tokens", question="Which pieces does the model cut this text into?", order=10, build=_build)
