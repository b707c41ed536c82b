"""The Prompting tab: what examples in the prompt change, and what an instruction model reads."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from explorer.completion import chat, columns
from explorer.completion.wiring import Plain, for_writers, server, streaming
from explorer.subject import Subject
from explorer.tabs import Page, Tab
from explorer.views import view

LOOK_FOR = (
    "**Look for** the form of the answer: after one example the model keeps to it, after several it may catch the task."
    " **It does not prove** understanding; small models mostly copy the pattern. The rules of the Completion tab apply."
)
CHAT = (
    "A chat model reads one long text. **Look for** the tokens that mark who speaks, and where the answer is to begin. "
    "**It does not prove** how the model was trained on them."
)
EXAMPLES = [["big", "small"], ["hot", "cold"], ["old", "young"]]
SAMPLING = ("temperature", "top_k", "top_p", "min_p", "typical_p", "repetition_penalty", "greedy", "seed")


def _build(page: Page) -> None:
    with for_writers(page):
        _prompting(page)


def _prompting(page: Page) -> None:
    gr.Markdown(LOOK_FOR, elem_classes="note")
    with gr.Row():
        with gr.Column(scale=2, min_width=280):
            examples = gr.Dataframe(
                EXAMPLES, headers=["Input", "Output"], datatype="str", type="array", label="Examples",
                interactive=True, column_count=2, row_count=3,
            )  # fmt: skip
        with gr.Column(scale=2, min_width=280):
            instruction = gr.Textbox("Say the opposite.", label="Instruction", info="may be empty", max_lines=4)
            question = gr.Textbox("long", label="Question", info="the input to answer", max_lines=4)
            length = gr.Slider(1, 60, 8, step=1, label="Tokens to write")
    keys = [key for key in SAMPLING if key in page.controls]
    inputs = [examples, instruction, question, length, *[page.controls[key] for key in keys]]

    def write(asked: Plain, visitor: str, rows: Any, told: Any, asks: Any, room: Any, *values: Any) -> Iterator[Plain]:
        pairs = [tuple(str(cell or "").strip() for cell in row[:2]) for row in rows or []]
        sampling = dict(zip(keys, values, strict=True))
        wish = {"examples": pairs, "instruction": told or "", "question": asks or "", "length": room}
        return columns.prompted(page.pool, asked | wish | {"sampling": sampling}, visitor)

    streaming(page, "write", view("columns", label="Zero, one and few examples", marked=False), write, inputs=inputs)
    with gr.Accordion("Chat template: what an instruction model reads", open=False):
        gr.Markdown(CHAT, elem_classes="note")
        view("chat", functions=[server(page, chat.chat_tokens)], label="Chat template")


def _applies(kind: str, subject: Subject) -> bool:
    return bool(subject) and kind != "encoder"


TAB = Tab(
    title="Prompting",
    question="What do examples in the prompt change?",
    order=55,
    applies=_applies,
    build=_build,
)
