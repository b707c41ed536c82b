"""The Completion tab: why the model said that word, and what it would have said otherwise."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import gradio as gr

from explorer.completion import odds, stream
from explorer.tabs import Page, Tab
from explorer.views import rpc, view

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
FAILED = "explorer-writing-failed"
COLOURS = [("probability", "probability"), ("rank", "rank"), ("uncertainty (entropy)", "entropy")]


def _build(page: Page) -> None:
    gr.Markdown(LOOK_FOR, elem_classes="note")
    _rules(page)
    view("distribution", functions=[server(page, odds.next_token_odds), server(page, odds.word_odds)],
         label="What comes next", height=420, keys=list(SAMPLING[:-1]))  # fmt: skip
    with gr.Column(visible=True) as writing:
        _writing(page)
    page.subject.change(
        lambda subject: gr.update(visible=bool(subject) and subject["kind"] != "encoder"),
        [page.subject], [writing], queue=False, show_progress="hidden", api_visibility="private",
    )  # fmt: skip


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
        page.control(
            "seed", gr.Number(0, label="Seed", precision=0, minimum=0, info="same seed, same text", min_width=120)
        )
        page.control("stop", gr.Textbox("", label="Stop text", info="ends when it appears", max_lines=1, min_width=140))
        page.control("colour_by", gr.Radio(COLOURS, value="probability", label="Colour tokens by"))
    written = view("stream", label="Completion", height=160, failed=FAILED)
    view("tree", label="Branches")
    keys = [*SAMPLING, "length", "stop"]
    event = written.write(
        _writer(page, keys),
        [page.subject, written, *[page.controls[key] for key in keys]],
        [written],
        trigger_mode="multiple", show_progress="hidden", concurrency_limit=None, api_visibility="private",
    )  # fmt: skip
    event.failure(None, js=f"() => {{ window.dispatchEvent(new Event('{FAILED}')); }}")
    written.halt(None, None, None, cancels=[event], api_visibility="private")


def _writer(page: Page, keys: list[str]) -> Callable[..., Iterator[dict[str, Any]]]:
    def write(request: gr.Request, subject: Any, view_value: Any, *values: Any) -> Iterator[dict[str, Any]]:
        settings = dict(zip(keys, values, strict=True))
        wish = (view_value or {}).get("ask") or {}
        if not subject:
            return
        asked = {key: subject[key] for key in ("model", "text", "target")}
        asked |= {"sampling": settings, "length": settings["length"], "stop": settings["stop"]}
        asked |= {"chosen": wish.get("chosen"), "run": wish.get("run")}
        yield from stream.written(page.pool, asked, visitor=str(request.session_hash))

    return write


def server(page: Page, answer: Callable[..., Mapping[str, Any]]) -> Callable[[Any], dict[str, Any]]:
    """A function of this tab as the browser calls it: by its name, with the page's pool."""
    bound = partial(answer, page.pool)
    bound.__name__ = answer.__name__  # type: ignore[attr-defined]
    return rpc(bound)


TAB = Tab(title="Completion", question="What comes next, and who decides?", order=40, build=_build)
