"""The Attention tab: every head at a glance, one of them exactly, and what it means in the text."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any, no_type_check

import gradio as gr

from explorer.attention import answers
from explorer.attention.bertviz_answers import bertviz
from explorer.attention.continuation import continued
from explorer.attention.export import table
from explorer.attention.request import COMBINATIONS, LEFT_OUT, MEANINGS, READINGS
from explorer.page import RUN_LIMIT_ID
from explorer.tabs import Page, Tab
from explorer.views import rpc, view
from models.head_scores import INDUCTION, SCORES

# What a picture depends on: the name in a request and the key in the page's store.
ASKED = {
    "kind": "kind",
    "layer": "layer",
    "head": "head",
    "reading": "attention_reading",
    "combination": "attention_heads",
    "chosen": "attention_chosen",
    "left_out": "attention_left_out",
    "by_words": "attention_words",
}
SCALE = "attention_scale"
WRITTEN = "attention_written"
LOOK_FOR = (
    "**Look for** stripes just below the diagonal (looking one back), a bright first column (attention parked on the "
    "first token) and bright spots between words that belong together. **It does not prove** that the model used what "
    "it looked at: attention says where information could flow, not what was done with it (Jain & Wallace 2019)."
)

BERTVIZ_LOOK_FOR = (
    "**Look for** fans and stripes of lines, and compare heads of one layer by colour. **It does not prove** more than "
    "the heatmap does: these are the same weights, drawn as lines."
)

CONTINUATION_LOOK_FOR = (
    "The model writes on, always taking its likeliest token; prompt and continuation are then read in one pass. "
    "**Look for** the rows below the dashed line: each shows what the model looked at when *reading* that token; what "
    "it looked at when *choosing* it stands one row above. **It does not prove** why a token was chosen."
)


def _build(page: Page) -> None:
    gr.Markdown(LOOK_FOR, elem_classes="note")
    view("attention_kind", label="Kind of attention")
    _controls(page)
    with gr.Row(equal_height=False):
        with gr.Column(scale=5, min_width=320):
            _head_grid(page)
        with gr.Column(scale=6, min_width=320):
            _view(
                page,
                "heatmap",
                answers.heatmap,
                label="One head",
                plotly=True,
                height=420,
                scaleKey=SCALE,
                writtenKey=WRITTEN,
                meanings=MEANINGS,
            )
            view("save_picture", functions=[_server(page, table)], label="Save this picture")
    _view(page, "shaded_text", answers.shading, label="Attention in the text", directionKey="attention_direction")
    _view(page, "alignment", answers.heatmap, label="Alignment of target and source")
    with gr.Accordion("Attention of generated text", open=False):
        _continuation(page)
    with gr.Accordion("Lines between tokens (bertviz)", open=False):
        gr.Markdown(BERTVIZ_LOOK_FOR, elem_classes="note")
        _view(page, "bertviz", bertviz, label="bertviz drawings")


def _controls(page: Page) -> None:
    with gr.Row(equal_height=True):
        page.control(ASKED["reading"], _choice("Show", READINGS))
        page.control(ASKED["combination"], _choice("Of", COMBINATIONS))
        page.control(ASKED["left_out"], _choice("Leave out", LEFT_OUT))
        page.control(SCALE, _choice("Colour scale", {"linear": "linear", "log": "logarithmic"}))
    page.control(ASKED["by_words"], gr.Checkbox(label="Merge pieces into words", container=False))


def _continuation(page: Page) -> None:
    gr.Markdown(CONTINUATION_LOOK_FOR, elem_classes="note")
    with gr.Row(equal_height=True):
        count = gr.Slider(1, 100, 20, step=1, label="Tokens to add", scale=3)
        start = gr.Button("Continue the text and look at it", scale=2)
        stop = gr.Button("Stop", scale=1)
    told = view("continuation", label="Continuation", writtenKey=WRITTEN)

    @no_type_check  # a checked generator function no longer looks like one to Gradio
    def write(subject: Any, tokens: int) -> Iterator[dict[str, Any]]:
        yield from continued(page.pool, subject, int(tokens))

    writing = start.click(
        write,
        [page.subject, count],
        told,
        trigger_mode="once",
        concurrency_id=RUN_LIMIT_ID,
        concurrency_limit=page.settings.workers,
        show_progress="hidden",
        api_visibility="private",
    )
    stop.click(None, None, None, cancels=[writing], api_visibility="private")


def _choice(label: str, choices: Mapping[str, str]) -> gr.Dropdown:
    return gr.Dropdown(
        [(title, key) for key, title in choices.items()], value=next(iter(choices)), label=label, min_width=200
    )


def _head_grid(page: Page) -> None:
    scores = [
        {key: value for key, value in asdict(score).items() if key != "measure"} for score in (*SCORES, INDUCTION)
    ]
    view(
        "head_grid",
        functions=[_server(page, answers.overview), _server(page, answers.induction)],
        label="All heads",
        height=420,
        scores=scores,
        chosenKey=ASKED["chosen"],
        scoreKey="attention_score",
        orderKey="attention_order",
        leftOutKey=ASKED["left_out"],
    )


def _view(page: Page, name: str, answer: Callable[..., Mapping[str, Any]], *, label: str, **props: Any) -> gr.HTML:
    return view(name, functions=[_server(page, answer)], label=label, asked=ASKED, **props)


def _server(page: Page, answer: Callable[..., Mapping[str, Any]]) -> Callable[[Any], dict[str, Any]]:
    """A function of this tab as the browser calls it: by its name, with the page's pool."""
    bound = partial(answer, page.pool)
    bound.__name__ = answer.__name__  # type: ignore[attr-defined]
    return rpc(bound)


TAB = Tab(title="Attention", question="Which words does each head look at?", order=20, build=_build)
