"""One factory for every browser part: a static skeleton, its script and its style stand beside it as files."""

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from explorer.views.plotly_script import ADDRESS

FOLDER = Path(__file__).parent
# Skeletons and labels pass through two template engines in the browser; these would be read as code there.
TEMPLATE_SYNTAX = ("{{", "${", "`", "\\")


def view(
    name: str,
    *,
    functions: Sequence[Callable[[Any], Any]] = (),
    label: str,
    height: int | None = None,
    value: Any = None,
    plotly: bool = False,
    parts: Sequence[str] = (),
    **props: Any,
) -> gr.HTML:
    """Build the part kept in `views/<name>.html` and `views/<name>.js`.

    `functions` become `server.<function name>(payload)` in the script, `label` names the part for screen readers,
    `height` (pixels) is reserved before anything is drawn, `plotly` promises `explorer.Plotly`, `parts` are other
    scripts of this folder put before the view's own, and `props` reach the script as `props.<name>`. Text from people
    or models belongs in `value` or in server answers, never in a skeleton.
    """
    return gr.HTML(
        value=value,
        html_template=_skeleton(name, label=label, height=height),
        js_on_load=_script(name, plotly=plotly, parts=parts),
        server_functions=list(functions),
        head=f'<script src="{ADDRESS}"></script>' if plotly else None,
        apply_default_css=False,
        **props,
    )


def styles() -> str:
    """All style sheets of the views as one text, the shared one first."""
    sheets = sorted(FOLDER.glob("*.css"), key=lambda sheet: (sheet.name != "common.css", sheet.name))
    return "\n".join(sheet.read_text("utf-8") for sheet in sheets)


def _skeleton(name: str, *, label: str, height: int | None) -> str:
    body = (FOLDER / f"{name}.html").read_text("utf-8")
    reserved = f' style="min-height:{height}px"' if height else ""
    skeleton = (
        f'<section class="view view-{name}" aria-label="{escape(label)}"{reserved}>{body}'
        '<p class="view-status" role="status"></p></section>'
    )
    if any(mark in skeleton for mark in TEMPLATE_SYNTAX):
        raise ValueError(f"The skeleton of view {name!r} must be static: it may not contain {TEMPLATE_SYNTAX}.")
    return skeleton


def _script(name: str, *, plotly: bool, parts: Sequence[str]) -> str:
    start = "explorer.adopt(element, typeof server === 'undefined' ? null : server);\n"
    if plotly:
        start += "explorer.Plotly ??= window.Plotly;\n"
    return start + "\n".join((FOLDER / f"{part}.js").read_text("utf-8") for part in (*parts, name))
