"""The Tokens tab: the pieces the model reads, with their numbers."""

import gradio as gr

from explorer.tabs import Page, Tab
from explorer.views import view

LOOK_FOR = (
    "Common words are one token, rare words several; a space usually belongs to the word after it. "
    "Pieces are chosen by frequency, not by meaning: a cut inside a word says nothing about how the model understands it."
)


def _build(page: Page) -> None:
    del page  # everything here is already in the subject
    view("token_counts", label="Counts")
    view("token_strip", label="Tokens", height=120)
    view("token_table", label="Table of tokens")
    gr.Markdown(LOOK_FOR, elem_classes="note")


TAB = Tab(title="Tokens", question="Which pieces does the model cut this text into?", order=10, build=_build)
