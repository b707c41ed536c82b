"""How the views of these tabs reach Python: calls that answer once, and work that streams and can be stopped."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial
from typing import Any, no_type_check

import gradio as gr
from gradio.components import Component

from explorer.page import Page
from explorer.views import rpc

BROKEN = "explorer-broken"  # told to the window, with the view's name, when work ends in a traceback
NO_WRITER = "This model fills in masked words and does not go on with a text; choose a decoder to see it write."
Plain = dict[str, Any]


def server(page: Page, answer: Callable[..., Mapping[str, Any]]) -> Callable[[Any], Plain]:
    """A function as the browser calls it: by its name, with the page's pool."""
    bound = partial(answer, page.pool)
    bound.__name__ = answer.__name__  # type: ignore[attr-defined]
    return rpc(bound)


# Gradio knows a stream by its being a generator function; a checker wrapped around `run` would hide that.
@no_type_check
def streaming(
    page: Page,
    name: str,
    drawn: gr.HTML,
    work: Callable[..., Iterator[Plain]],
    *,
    inputs: Sequence[Component] = (),
    visitors: int | None = None,
) -> None:
    """Let a view's script start `work` with `trigger(name)` and stop it with `trigger("halt")`.

    `work(asked, visitor, *values of inputs)` yields what the view shows; `asked` holds model, text, target and what the
    script put into `props.value.ask`, where `run` names the work: a newer run of the same visitor ends the older one.
    At most `visitors` run at once; None leaves that to the models.
    """
    latest: dict[str, Any] = {}

    def run(request: gr.Request, subject: Any, value: Any, *values: Any) -> Iterator[Plain]:
        if not subject:
            return
        visitor, wish = str(request.session_hash), (value or {}).get("ask") or {}
        mine = latest[visitor] = wish.get("run")
        asked = {key: subject[key] for key in ("model", "text", "target")} | wish
        try:
            with closing(work(asked, visitor, *values)) as news:
                for item in news:
                    if latest.get(visitor) != mine:
                        return
                    yield item
        finally:
            if latest.get(visitor) == mine:
                latest.pop(visitor, None)

    # Not Gradio's `cancels`: it loses a run that is asked for before the cancelled one has gone.
    def halt(request: gr.Request, value: Any) -> None:
        told = value or {}
        if latest.get(str(request.session_hash)) == (told.get("ask") or told).get("run"):
            latest.pop(str(request.session_hash), None)

    event = getattr(drawn, name)(
        run, [page.subject, drawn, *inputs], [drawn],
        trigger_mode="multiple", show_progress="hidden", concurrency_limit=visitors, api_visibility="private",
    )  # fmt: skip
    event.failure(None, js=f"() => {{ window.dispatchEvent(new CustomEvent('{BROKEN}', {{detail: '{name}'}})); }}")
    drawn.halt(halt, [drawn], None, queue=False, show_progress="hidden", api_visibility="private")


@contextmanager
def for_writers(page: Page) -> Iterator[None]:
    """What is built inside is shown for models that continue a text; a sentence stands there for the others."""
    otherwise = gr.Markdown(NO_WRITER, visible=False)
    with gr.Column() as writing:
        yield

    def fitted(subject: Any) -> list[Any]:
        writes = bool(subject) and subject["kind"] != "encoder"
        return [gr.update(visible=writes), gr.update(visible=not writes)]

    page.subject.change(
        fitted, [page.subject], [writing, otherwise], queue=False, show_progress="hidden", api_visibility="private"
    )
