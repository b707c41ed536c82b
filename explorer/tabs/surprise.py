"""The Surprise tab: how well the model expected a text, token by token."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from explorer.completion import surprise
from explorer.tabs import Page, Tab
from explorer.tabs.completion import server
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

    def work(subject: Any, value: Any) -> Iterator[dict[str, Any]]:
        if subject:
            asked = {key: subject[key] for key in ("model", "text", "target")}
            yield from surprise.readings(page.pool, asked | {"run": (value or {}).get("ask")})

    event = drawn.work(
        work, [page.subject, drawn], [drawn],
        trigger_mode="multiple", show_progress="hidden", concurrency_limit=4, api_visibility="private",
    )  # fmt: skip
    drawn.halt(None, None, None, cancels=[event], api_visibility="private")


TAB = Tab(title="Surprise", question="How well did the model expect each word of this text?", order=50, build=_build)
