"""The prompt: which model, which text, examples to start from, and what is refused before a model runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from explorer.settings import Settings
from explorer.views import view
from models.catalog import catalog
from models.language_model import LanguageModel

EXAMPLES = {
    "decoder": [
        {"text": "Once upon a time, there was a", "target": ""},
        {"text": "The king gave the queen a golden ring. The queen gave the king a", "target": ""},
        {"text": "She said she was not afraid, but her hands were", "target": ""},
    ],
    "encoder": [
        {"text": "The old king lived in a [MASK] by the sea.", "target": ""},
        {"text": "The fox [MASK] over the wall and ran into the wood.", "target": ""},
    ],
    "encoder-decoder": [
        {"text": "translate English to German: The house is small.", "target": "Das Haus ist"},
        {"text": "summarize: The fox saw the grapes. He jumped, but they hung too high, and he went away.", "target": ""},
    ],
}


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """The components above the tabs."""

    model: gr.Dropdown
    text: gr.Textbox
    target: gr.Textbox
    run: gr.Button
    examples: gr.HTML
    subject: gr.HTML
    problem: gr.HTML


def build(settings: Settings) -> Prompt:
    """Lay out picker, text, target, examples and the line that says what was run."""
    with gr.Row(elem_id="prompt", equal_height=False):
        model = _picker(settings)
        text = gr.Textbox(
            EXAMPLES["decoder"][0]["text"], label="Text", lines=2, max_lines=8, scale=4, min_width=260, elem_id="text"
        )
        target = gr.Textbox(
            label="Target text", info="what the decoder has written so far",
            lines=2, max_lines=8, scale=3, min_width=200, visible=False, elem_id="target",
        )  # fmt: skip
        run = gr.Button("Run", variant="primary", scale=0, min_width=96, elem_id="run")
    examples = view("examples", label="Example texts", value={"samples": EXAMPLES["decoder"], "chosen": None})
    examples.pick(None, [examples], [text, target], js="(value) => [value.chosen.text, value.chosen.target]").then(
        None, js="() => { document.getElementById('run').click(); }"
    )
    problem = view("problem", label="Problem")
    subject = view("summary", label="What was run")
    return Prompt(
        model=model, text=text, target=target, run=run, examples=examples, subject=subject, problem=problem
    )


def fitted(model: LanguageModel) -> list[Any]:
    """Updates for the target box and the examples, so that they suit the kind of model."""
    return [gr.update(visible=model.kind == "encoder-decoder"), {"samples": EXAMPLES[model.kind], "chosen": None}]


def asked_by(query: Mapping[str, str], settings: Settings) -> list[Any]:
    """Model, text and target a link asks for, else the ones the page starts with."""
    return [
        query.get("model") or settings.model,
        query.get("text", EXAMPLES["decoder"][0]["text"]),
        query.get("target", ""),
    ]


def _picker(settings: Settings) -> gr.Dropdown:
    local = settings.mode == "local"
    return gr.Dropdown(
        [(entry.label, entry.name) for entry in catalog()],
        value=settings.model,
        label="Model",
        info="or type a Hub id or a folder" if local else None,
        allow_custom_value=local,
        scale=2,
        min_width=220,
        elem_id="model",
    )
