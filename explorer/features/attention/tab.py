"""The Attention tab: every head at a glance, one of them exactly, and what it means in the text."""

from collections.abc import Mapping
from typing import Any

import gradio as gr

from explorer.features import Page, Tab
from explorer.features.attention.labels import combinations, directions, ignored, meanings, readings, scales
from explorer.shell.view import view
from models.attention.head_scores import BEHAVIOUR, induction_score, scores
from models.translation import _


def _build(page: Page) -> None:
    _choices(page)
    page.note(
        _(
            "**Look for** stripes just below the diagonal (looking one back), a bright first column (attention parked "
            "on the first token) and bright spots between words that belong together. **It does not prove** that the "
            "model used what it looked at: attention says where information could flow, not what was done with it "
            "(Jain & Wallace 2019)."
        )
    )
    with gr.Column(elem_id="attention-first", elem_classes="for-both"):
        _view("leave_out_first", label=_("Leave out the first token"))
    with page.drawer(_("More")):
        _controls(page)
        _view("grid_choice", label=_("Heads in the grid"), scores=_scores())
    with gr.Column(elem_id="attention-screen"):
        _view("shaded_text", label=_("Attention in the text"))
        with gr.Column(elem_id="attention-heads"):
            _view("attention_kind", label=_("Kind of attention"))
            _view("head_grid", label=_("All heads"), scores=_scores())
        with gr.Column(elem_id="attention-picture"):
            _view("caption", label=_("In one sentence"), picture=True)
            _view("heatmap", label=_("One head"), picture=True, meanings=meanings())
            _view("alignment", label=_("Alignment of target and source"))
        _view("head_side", label=_("What this head does"))
    _continuation(page)
    _bertviz(page)


def _compare(page: Page) -> None:
    measures = [score for score in _scores() if score["key"] in BEHAVIOUR]
    page.choice("compare_head", "")
    page.choice("compare_x", "previous", BEHAVIOUR)
    page.choice("compare_y", "first", BEHAVIOUR)
    page.note(
        _(
            "Both sides in one colour scale, then A − B: orange where A looks more, purple where B does. **Look for** "
            "heads that change although little was changed, and for rows in which attention moves from one word to "
            "another. Heads of two models are matched by what they do, never by number. **It does not prove** that a "
            "difference in where a head looks changes what the model says, nor that two heads that behave alike on "
            "one text do so on others."
        )
    )
    _view("compare", label=_("Attention on both sides"), picture=True, scores=measures)


def _choices(page: Page) -> None:
    """What views choose themselves; the heads, `0:0-3;5:1`, are written briefly, because links are short."""
    page.choice("attention_chosen", "")
    page.choice("attention_score", "", ["", *(score.key for score in (*scores(), induction_score()))])
    page.choice("attention_order", "place", ["place", "most", "least"])
    page.choice("attention_minimum", 0)
    page.choice("attention_zoom", [])
    page.choice("attention_continued", [])
    page.choice("attention_head_off", first=False)


def _controls(page: Page) -> None:
    page.control("attention_reading", _dropdown(_("Quantity"), readings()))
    page.control("attention_heads", _dropdown(_("Heads"), combinations()))
    page.control("attention_direction", _dropdown(_("Direction"), directions()))
    page.control("attention_left_out", _dropdown(_("Ignore tokens"), ignored()))
    page.control("attention_scale", _dropdown(_("Colour scale"), scales()))
    page.control("attention_words", gr.Checkbox(label=_("Merge pieces into words"), container=False))


def _continuation(page: Page) -> None:
    with _fold(page, "continuation", _("Attention of generated text")):
        page.text(
            _(
                "The model writes on, always taking its likeliest token; prompt and continuation are then read in one "
                "pass. **Look for** the rows below the dashed line: each shows what the model looked at when *reading* "
                "that token; what it looked at when *choosing* it stands one row above. **It does not prove** why a "
                "token was chosen."
            )
        )
        page.control("attention_added", gr.Slider(1, 100, 20, step=1, label=_("Tokens to add")))
        _view("continuation", label=_("Continuation"))


def _bertviz(page: Page) -> None:
    page.choice("attention_drawing", "head", ["head", "model", "neuron"])
    page.choice("attention_scope", "all", ["all", "layer", "head"])
    page.choice("attention_drawn", first=False)
    with _fold(page, "bertviz", _("Lines between tokens (bertviz)")):
        page.text(
            _(
                "**Look for** fans and stripes of lines, and compare heads of one layer by colour. **It does not "
                "prove** more than the heatmap does: these are the same weights, drawn as lines."
            )
        )
        _view("bertviz", label=_("bertviz drawings"))


def _fold(page: Page, name: str, label: str) -> gr.Accordion:
    """A part that is folded up at first; whether it is open is in the link, and `folds.js` opens it from one."""
    key = page.choice(f"attention_{name}_open", first=False)
    fold = gr.Accordion(label, open=False, elem_id=f"attention-{name}")
    fold.expand(None, None, None, js=f"() => {{ explorer.set({{ {key}: true }}); }}")
    fold.collapse(None, None, None, js=f"() => {{ explorer.set({{ {key}: false }}); }}")
    return fold


def _dropdown(label: str, choices: Mapping[str, str]) -> gr.Dropdown:
    pairs = [(title, key) for key, title in choices.items()]
    return gr.Dropdown(pairs, value=next(iter(choices)), label=label, min_width=200)


def _scores() -> list[dict[str, object]]:
    return [
        {
            "key": score.key,
            "title": score.title,
            "definition": score.definition,
            "source": score.source,
            "across": score.across,
        }
        for score in (*scores(), induction_score())
    ]


def _view(name: str, *, label: str, **props: Any) -> gr.HTML:
    return view(f"features/attention/{name}", label=label, **props)


TAB = Tab(
    title=_("Attention"),
    question=_("Which words does each head look at?"),
    order=20,
    build=_build,
    compare=_compare,
    name="attention",
    needs=("attention",),
)
