"""The Completion tab: the next token's distribution, a text as it is written, two at once, and beam search."""

import gradio as gr

from explorer.features import Page, Tab
from explorer.features.completion import presets, second_text
from explorer.features.completion.next_token import ROWS
from explorer.shell.view import view
from models.translation import _


def _build(page: Page) -> None:
    page.note(
        _(
            "**Look for** how a lower temperature, a smaller top-k or top-p moves probability from unlikely tokens to "
            "likely ones. **It does not prove** what is true: a probable word is what texts like this went on with, no "
            "more."
        )
    )
    _rules(page)
    _distribution(page)
    gr.Markdown(
        _(
            "This is a masked language model: it fills in masks and does not generate. Choose a decoder or an "
            "encoder-decoder."
        ),
        elem_classes="only-encoder",
    )
    with gr.Column(elem_classes="not-encoder"):
        _writing(page)
        with gr.Accordion(_("Two at once: two settings or two models on the same text"), open=False):
            second_text.build(page)
        with gr.Accordion(_("Beam search: follow several texts at once and keep the likeliest"), open=False):
            _beams(page)


def _rules(page: Page) -> None:
    with gr.Row(equal_height=True):
        slider = gr.Slider(0, 2, 1, step=0.05, label=_("Temperature"), info=_("0 is greedy, 1 is off"))
        page.control("temperature", slider)
        slider = gr.Slider(0, 200, 0, step=1, label=_("Top-k"), info=_("keep the k likeliest; 0 is off"))
        page.control("top_k", slider)
        slider = gr.Slider(0.01, 1, 1, step=0.01, label=_("Top-p"), info=_("keep this much probability; 1 is off"))
        page.control("top_p", slider)
        presets.build()
    more = _("More rules: min-p, typical-p, repetition penalty, greedy")
    with gr.Accordion(more, open=False), gr.Row(equal_height=True):
        slider = gr.Slider(0, 1, 0, step=0.01, label=_("Min-p"), info=_("× the likeliest; 0 is off"))
        page.control("min_p", slider)
        slider = gr.Slider(0.01, 1, 1, step=0.01, label=_("Typical-p"), info=_("1 is off"))
        page.control("typical_p", slider)
        info = _("above 1 avoids words already there")
        slider = gr.Slider(0.5, 2, 1, step=0.05, label=_("Repetition penalty"), info=info)
        page.control("repetition_penalty", slider)
        page.control("greedy", gr.Checkbox(label=_("Greedy"), info=_("always the likeliest"), container=True))


def _distribution(page: Page) -> None:
    page.choice("next_log", False)
    page.choice("next_order", "probability", ["probability", "final_probability"])
    page.choice("next_rows", ROWS)
    page.choice("next_mask", 0)
    page.choice("next_word", "")
    view("features/completion/distribution", label=_("What comes next"), height=420)


def _writing(page: Page) -> None:
    gr.Markdown(_("### Write on"))
    gr.Markdown(
        _(
            "**Look for** tokens the model was unsure of: point at one to see what else it weighed, click an "
            "alternative to go on from there. **It does not prove** planning: every token was drawn before the next "
            "was thought of."
        ),
        elem_classes="note",
    )
    with gr.Row(equal_height=True):
        page.control("length", gr.Slider(1, 200, 40, step=1, label=_("Tokens to write")))
        page.control("seed", second_text.seed(_("Seed")))
        info = _("ends when it appears")
        page.control("stop", gr.Textbox("", label=_("Stop text"), info=info, max_lines=1, min_width=140))
        measures = [(_("probability"), "probability"), (_("rank"), "rank"), (_("entropy"), "entropy")]
        page.control("colour_by", gr.Radio(measures, value="probability", label=_("Colour tokens by")))
    page.choice("written_ids", [])
    page.choice("written_token", -1)
    view("features/completion/writing", label=_("Completion"), height=160)
    view("features/completion/branch_tree", label=_("Branches"))


def _beams(page: Page) -> None:
    gr.Markdown(
        _(
            "**Look for** a beam that starts behind and wins, and one dropped just before it would have paid off. **It "
            "does not prove** quality: the likeliest text is often the dullest. Temperature, top-k and top-p play no "
            "part here."
        ),
        elem_classes="note",
    )
    info = _("how many texts are followed")
    page.control("beams", gr.Slider(1, 10, 3, step=1, label=_("Beam width"), info=info))
    page.control("beam_length", gr.Slider(1, 60, 12, step=1, label=_("Longest text, tokens")))
    view("features/completion/beams", label=_("Beam search"))


TAB = Tab(
    title=_("Completion"),
    question=_("How does the model choose the next token?"),
    order=40,
    build=_build,
    name="completion",
)
