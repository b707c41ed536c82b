"""The prompt: which model, which text, examples to start from. The boxes are native, a script asks for the run."""

from dataclasses import dataclass

import gradio as gr

from explorer.settings import Settings
from explorer.shell.runs import samples_of
from explorer.shell.view import view
from models.catalog import Entry, offered
from models.loading.kept import whole_snapshot
from models.translation import _, number

RUN = "(model, text, target) => { explorer.run('main', { model, text, target }, { typed: true }); }"


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """The boxes above the tabs, which a script may fill."""

    model: gr.Dropdown
    text: gr.Textbox
    target: gr.Textbox


def build(settings: Settings) -> Prompt:
    """Lay out one line: picker, text, target, what was run, Run; with the examples it opens over the page.

    The line's place keeps its height, so that nothing moves when it opens (`prompt_line.js`).
    """
    with gr.Column(elem_id="prompt-place"), gr.Row(elem_id="prompt"):
        model = _picker(settings)
        text = gr.Textbox(
            first_text(settings.model), label=_("Text"), lines=1, max_lines=12, scale=4, min_width=120, elem_id="text"
        )
        target = gr.Textbox(
            label=_("Target text"), placeholder=_("what the decoder has written so far"),
            lines=1, max_lines=12, scale=3, min_width=120, elem_id="target",
        )  # fmt: skip
        view("shell/summary", label=_("What was run"))
        beside = gr.Button(_("Compare"), scale=0, min_width=0, elem_id="compare")
        run = gr.Button(_("Run"), variant="primary", scale=0, min_width=80, elem_id="run")
        view("shell/prompt_line", label=_("Example texts"))
    view("shell/compare_line", label=_("The other side"))
    view("shell/progress", label=_("Progress"))
    beside.click(None, None, None, js="() => { explorer.compare(); }")
    gr.on([run.click, text.submit, target.submit, model.input], None, [model, text, target], None, js=RUN)
    return Prompt(model=model, text=text, target=target)


def first_text(model: str) -> str:
    """The text the page opens with."""
    return samples_of(model)[0]["text"]


def _picker(settings: Settings) -> gr.Dropdown:
    local = settings.mode == "local"
    return gr.Dropdown(
        [(_label(entry), entry.name) for entry in offered()],
        value=settings.model,
        label=_("Model"),
        allow_custom_value=local,
        scale=2,
        min_width=220,
        elem_id="model",
    )


def _label(entry: Entry) -> str:
    """What stands in the list: a model that is not here says what it takes to get it."""
    if entry.bundled:
        place = _("comes with this app")
    elif whole_snapshot(entry.source):
        place = _("on this machine")
    else:
        place = _("download {size} MB", size=number(entry.size, 0))
    gated = [_("licence to accept")] if entry.gated else []
    return " · ".join([entry.name, entry.kind, place, entry.licence, *gated])


def about(entry: Entry) -> str:
    """What a model of the list is good for, and under which licence it is used."""
    return _("{name}: {purpose}. Licence: {licence}.", name=entry.name, purpose=entry.good_for, licence=entry.licence)
