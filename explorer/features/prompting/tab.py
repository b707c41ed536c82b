"""The Prompting tab: what examples in the prompt change, and what an instruction model reads."""

import gradio as gr

from explorer.features import Page, Tab
from explorer.features.prompting.calls import CHARACTERS, MAX_TOKENS
from explorer.shell.view import view
from models.translation import _

EXAMPLES = [["big", "small"], ["hot", "cold"], ["old", "young"]]


def _build(page: Page) -> None:
    gr.Markdown(
        _(
            "**Look for** the form of the answer: after one example the model keeps to it, after several it may catch "
            "the task. **It does not prove** understanding; small models mostly copy the pattern. The rules of the "
            "Completion tab apply."
        ),
        elem_classes="note",
    )
    _question(page)
    view("features/prompting/shots", label=_("Zero, one and few examples"))
    with gr.Accordion(_("Chat template: what an instruction model reads"), open=False):
        _chat(page)


def _question(page: Page) -> None:
    page.choice("prompt_examples", EXAMPLES)
    with gr.Row():
        with gr.Column(scale=2, min_width=280):
            view("features/prompting/examples", label=_("Examples"))
        with gr.Column(scale=2, min_width=280):
            info = _("may be empty")
            instruction = gr.Textbox(
                "Say the opposite.", label=_("Instruction"), info=info, max_lines=4, max_length=CHARACTERS
            )
            page.control("instruction", instruction)
            info = _("the input to answer")
            question = gr.Textbox("long", label=_("Question"), info=info, max_lines=4, max_length=CHARACTERS)
            page.control("question", question)
            page.control("prompt_length", gr.Slider(1, MAX_TOKENS, 8, step=1, label=_("Tokens to write")))


def _chat(page: Page) -> None:
    gr.Markdown(
        _(
            "A chat model reads one long text. **Look for** the tokens that mark who speaks, and where the answer is "
            "to begin. **It does not prove** how the model was trained on them."
        ),
        elem_classes="note",
    )
    page.choice("chat_system", "You are a helpful assistant.")
    page.choice("chat_user", "Why is the sky blue?")
    view("features/prompting/chat_template", label=_("Chat template"))


TAB = Tab(
    title=_("Prompting"),
    question=_("What do examples in the prompt change?"),
    order=55,
    build=_build,
    kinds=("decoder", "encoder-decoder"),
    name="prompting",
)
