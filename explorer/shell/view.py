"""A view: the place in the page where one ES module draws."""

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from explorer.shell.assets import EXPLORER, address
from explorer.shell.skeleton import translated
from models.translation import _

# Skeletons and labels pass through two template engines in the browser; these would be read as code there.
TEMPLATE_SYNTAX = ("{{", "${", "`", "\\")
LOAD = """const events = %(events)s;
const view = { element, props, trigger, watch };
import(new URL(%(mount)s, document.baseURI)).then((kit) => kit.mount(%(name)s, view)).catch((error) => {
  const line = element.querySelector(".view-status");
  line.textContent = %(sentence)s;
  line.dataset.tone = "failure";
  throw error;
});"""


def view(
    name: str,
    *,
    label: str,
    height: int | None = None,
    picture: bool = False,
    events: Sequence[str] = (),
    **props: Any,
) -> gr.HTML:
    """The place for `explorer/<name>.js`, around the static skeleton `<name>.html` where there is one.

    `label` names the view for screen readers, `height` (pixels) is reserved before anything is drawn, `picture` says
    that it is what its tab is about: it alone is shown when the page presents. `props` (plain values) reach the script
    as `props.<name>`; `run`, "main" or "other", says which run it shows. `events` are Gradio events the script
    triggers. Text from people or models reaches a script in answers of calls only.
    """
    if not (EXPLORER / f"{name}.js").is_file():
        raise FileNotFoundError(f"There is no script explorer/{name}.js.")
    return gr.HTML(
        html_template=_skeleton(EXPLORER / f"{name}.html", label=label, height=height, picture=picture),
        js_on_load=LOAD % {key: json.dumps(part) for key, part in _loading(name, events).items()},
        apply_default_css=False,
        **props,
    )


def _loading(name: str, events: Sequence[str]) -> dict[str, Any]:
    return {
        "events": list(events),  # Gradio knows a component's events by their quoted names in this text
        "mount": f"{address()}web/mount.js",
        "name": f"{name}.js",
        "sentence": _("This part of the page did not start; load the page again."),
    }


def _skeleton(file: Path, *, label: str, height: int | None, picture: bool) -> str:
    body = translated(file.read_text("utf-8")) if file.is_file() else ""
    reserved = f' style="min-height:{height}px"' if height else ""
    marked = " data-picture" if picture else ""
    skeleton = (
        f'<section class="view view-{file.stem}" aria-label="{escape(label)}"{marked}{reserved}>{body}'
        '<p class="view-status" role="status"></p></section>'
    )
    if any(mark in skeleton for mark in TEMPLATE_SYNTAX):
        raise ValueError(f"The skeleton of view {file.stem!r} must be static: it may not contain {TEMPLATE_SYNTAX}.")
    return skeleton
