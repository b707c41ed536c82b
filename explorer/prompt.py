"""The prompt: which model, which text, examples to start from, and what is refused before a model runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from explorer.settings import Settings
from explorer.views import view
from models.catalog import Entry, find, offered
from models.language_model import LanguageModel


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """The components above the tabs."""

    model: gr.Dropdown
    text: gr.Textbox
    target: gr.Textbox
    run: gr.Button
    examples: gr.HTML
    subject: gr.HTML
    progress: gr.HTML


def build(settings: Settings) -> Prompt:
    """Lay out picker, text, target, examples and the line that says what was run."""
    with gr.Row(elem_id="prompt", equal_height=False):
        model = _picker(settings)
        text = gr.Textbox(
            _first_text(settings.model), label="Text", lines=2, max_lines=8, scale=4, min_width=260, elem_id="text"
        )
        target = gr.Textbox(
            label="Target text", info="what the decoder has written so far",
            lines=2, max_lines=8, scale=3, min_width=200, visible=False, elem_id="target",
        )  # fmt: skip
        run = gr.Button("Run", variant="primary", scale=0, min_width=96, elem_id="run")
    examples = view("examples", label="Example texts", value=_samples(settings.model))
    examples.pick(None, [examples], [text, target], js="(value) => [value.chosen.text, value.chosen.target]").then(
        None, js="() => { document.getElementById('run').click(); }"
    )
    progress = view("progress", label="Progress")
    subject = view("summary", label="What was run")
    return Prompt(model=model, text=text, target=target, run=run, examples=examples, subject=subject, progress=progress)


def fitted(model: LanguageModel) -> list[Any]:
    """Updates for the target box and the examples, so that they suit the kind of model."""
    return [gr.update(visible=model.kind == "encoder-decoder"), _samples(model.name, model.kind)]


def asked_by(query: Mapping[str, str], settings: Settings) -> list[Any]:
    """Model, text and target a link asks for, else the ones the page starts with."""
    model = query.get("model") or settings.model
    if settings.mode == "hosted" and find(model) is None:
        model = settings.model
    sample = _samples(model)["samples"][0] if "text" not in query else {"text": query["text"], "target": ""}
    return [model, sample["text"], query.get("target", sample["target"])]


def _picker(settings: Settings) -> gr.Dropdown:
    local = settings.mode == "local"
    return gr.Dropdown(
        [(_label(entry), entry.name) for entry in offered()],
        value=settings.model,
        label="Model",
        info="or type a Hub id or a folder" if local else None,
        allow_custom_value=local,
        scale=2,
        min_width=220,
        elem_id="model",
    )


def _label(entry: Entry) -> str:
    size = "comes with this app" if entry.bundled else f"{entry.parameters / 1e6:,.0f} M parameters"
    return f"{entry.name} · {entry.kind} · {size}{' · licence to accept' if entry.gated else ''}"


def _samples(name: str, kind: str = "decoder") -> dict[str, Any]:
    """Examples of the model itself, or of the first catalogue model of its kind that has some."""
    own = find(name)
    shelf = [own] if own and own.examples else [entry for entry in offered() if entry.kind == kind and entry.examples]
    targets = shelf[0].targets or ("",) * len(shelf[0].examples)
    pairs = zip(shelf[0].examples, targets, strict=True)
    return {"samples": [{"text": text, "target": target} for text, target in pairs], "chosen": None}


def _first_text(name: str) -> str:
    return str(_samples(name)["samples"][0]["text"])
