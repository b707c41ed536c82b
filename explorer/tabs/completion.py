"""The Completion tab: why the model said that word, and what it would have said otherwise."""

import json
from collections.abc import Iterator
from typing import Any

import gradio as gr

from explorer.completion import beams, columns, odds, stream
from explorer.completion.wiring import Plain, for_writers, server, streaming
from explorer.tabs import Page, Tab
from explorer.views import view
from models.catalog import offered

LOOK_FOR = (
    "**Look for** how a lower temperature, a smaller top-k or top-p takes probability from the tail and hands it to "
    "the head. **It does not prove** what is true: a probable word is what texts like this went on with, no more."
)
WRITING = (
    "**Look for** tokens the model was unsure of: point at one to see what else it weighed, click an alternative to go "
    "on from there. **It does not prove** planning: every token was drawn before the next was thought of."
)
SAMPLING = ("temperature", "top_k", "top_p", "min_p", "typical_p", "repetition_penalty", "greedy", "seed")
NEUTRAL = {
    "temperature": 1,
    "top_k": 0,
    "top_p": 1,
    "min_p": 0,
    "typical_p": 1,
    "repetition_penalty": 1,
    "greedy": False,
}
PRESETS: dict[str, dict[str, Any]] = {
    "The model itself": {},
    "Greedy": {"greedy": True},
    "Careful: T 0.7, top-p 0.9": {"temperature": 0.7, "top_p": 0.9},
    "Classic: top-k 40": {"top_k": 40},
    "Wild: T 1.4": {"temperature": 1.4},
    "Min-p 0.1 at T 1.2": {"temperature": 1.2, "min_p": 0.1},
    "Typical 0.9": {"typical_p": 0.9},
}
BEAMS = (
    "**Look for** a beam that starts behind and wins, and one dropped just before it would have paid off. **It does "
    "not prove** quality: the likeliest text is often the dullest. Temperature, top-k and top-p play no part here."
)
TWO = (
    "The first text uses the rules and the seed above. **Look for** the first token where the two part: with one seed, "
    "both draw with the same luck until then. **It does not prove** which setting is better; that takes many texts."
)
COLOURS = [("probability", "probability"), ("rank", "rank"), ("uncertainty (entropy)", "entropy")]


def _build(page: Page) -> None:
    gr.Markdown(LOOK_FOR, elem_classes="note")
    _rules(page)
    view("distribution", functions=[server(page, odds.next_token_odds), server(page, odds.word_odds)],
         label="What comes next", height=420, keys=list(SAMPLING[:-1]))  # fmt: skip
    with for_writers(page):
        _writing(page)
        with gr.Accordion("Two at once: two settings or two models on the same text", open=False):
            _two(page)
        with gr.Accordion("Beam search: follow several texts at once and keep the likeliest", open=False):
            _beams(page)


def _rules(page: Page) -> None:
    with gr.Row(equal_height=True):
        page.control("temperature", gr.Slider(0, 2, 1, step=0.05, label="Temperature", info="0 is greedy, 1 is off"))
        page.control("top_k", gr.Slider(0, 200, 0, step=1, label="Top-k", info="keep the k likeliest; 0 is off"))
        page.control("top_p", gr.Slider(0.01, 1, 1, step=0.01, label="Top-p", info="keep this much mass; 1 is off"))
        preset = gr.Dropdown(
            list(PRESETS), value="The model itself", label="Preset", info="sets all rules", min_width=180
        )
    with (
        gr.Accordion("More rules: min-p, typical-p, repetition penalty, greedy", open=False),
        gr.Row(equal_height=True),
    ):
        page.control("min_p", gr.Slider(0, 1, 0, step=0.01, label="Min-p", info="× the likeliest; 0 is off"))
        page.control("typical_p", gr.Slider(0.01, 1, 1, step=0.01, label="Typical-p", info="1 is off"))
        page.control(
            "repetition_penalty",
            gr.Slider(0.5, 2, 1, step=0.05, label="Repetition penalty", info="above 1 avoids words already there"),
        )
        page.control("greedy", gr.Checkbox(label="Greedy", info="always the likeliest", container=True))
    settings = json.dumps([[{**NEUTRAL, **values}[key] for key in NEUTRAL] for values in PRESETS.values()])
    names = json.dumps(list(PRESETS))
    preset.input(
        None, [preset], [page.controls[key] for key in NEUTRAL], js=f"(name) => {settings}[{names}.indexOf(name)]"
    )


def _writing(page: Page) -> None:
    gr.Markdown("### Write on")
    gr.Markdown(WRITING, elem_classes="note")
    with gr.Row(equal_height=True):
        page.control("length", gr.Slider(1, 200, 40, step=1, label="Tokens to write"))
        page.control("seed", _seed("Seed"))
        page.control("stop", gr.Textbox("", label="Stop text", info="ends when it appears", max_lines=1, min_width=140))
        page.control("colour_by", gr.Radio(COLOURS, value="probability", label="Colour tokens by"))
    drawn = view("stream", label="Completion", height=160)
    view("tree", label="Branches")
    keys = [*SAMPLING, "length", "stop"]

    def write(asked: Plain, visitor: str, *values: Any) -> Iterator[Plain]:
        settings = dict(zip(keys, values, strict=True))
        return stream.written(page.pool, asked | settings | {"sampling": settings}, visitor)

    streaming(page, "write", drawn, write, inputs=[page.controls[key] for key in keys])


def _beams(page: Page) -> None:
    gr.Markdown(BEAMS, elem_classes="note")
    width = page.control("beams", gr.Slider(1, 10, 3, step=1, label="Beam width", info="how many texts are followed"))
    steps = page.control("beam_length", gr.Slider(1, 60, 12, step=1, label="Longest text, tokens"))

    def search(asked: Plain, _: str, width: Any, length: Any) -> Iterator[Plain]:
        return beams.searched(page.pool, asked | {"width": width, "length": length})

    streaming(page, "search", view("beams", label="Beam search"), search, inputs=[width, steps], visitors=4)


def _two(page: Page) -> None:
    gr.Markdown(TWO, elem_classes="note")
    with gr.Row(equal_height=True):
        other = gr.Dropdown(
            [("the same model", ""), *((entry.name, entry.name) for entry in offered() if entry.kind != "encoder")],
            value="", label="Second model", allow_custom_value=page.settings.mode == "local", min_width=180,
        )  # fmt: skip
        temperature = gr.Slider(0, 2, 1.3, step=0.05, label="Second temperature")
        seed = _seed("Second seed")
    with gr.Row(equal_height=True):
        second = {
            "top_k": gr.Slider(0, 200, 0, step=1, label="Second top-k"),
            "top_p": gr.Slider(0.01, 1, 1, step=0.01, label="Second top-p"),
            "min_p": gr.Slider(0, 1, 0, step=0.01, label="Second min-p"),
            "repetition_penalty": gr.Slider(0.5, 2, 1, step=0.05, label="Second repetition penalty"),
        } | {"temperature": temperature, "seed": seed}
    keys = [*SAMPLING, "length", "stop"]

    def compare(asked: Plain, visitor: str, other: Any, *values: Any) -> Iterator[Plain]:
        first = dict(zip(keys, values, strict=False))
        settings = dict(zip(second, values[len(keys) :], strict=True))
        wish = {"other": other, "first": first, "second": settings, "length": first["length"], "stop": first["stop"]}
        return columns.compared(page.pool, asked | wish, visitor)

    inputs = [other, *[page.controls[key] for key in keys], *second.values()]
    streaming(page, "write", view("columns", label="Two at once", marked=True), compare, inputs=inputs)


def _seed(label: str) -> gr.Number:
    return gr.Number(0, label=label, precision=0, minimum=0, info="same seed, same text", min_width=120)


TAB = Tab(title="Completion", question="What comes next, and who decides?", order=40, build=_build)
