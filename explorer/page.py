"""The page: header, prompt and tabs around one shared subject; tabs are given to it, it knows none by name."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, no_type_check

import gradio as gr
from gradio.components import Component

from explorer import prompt
from explorer.api import add_endpoints
from explorer.engine import plain_name
from explorer.link import LINK_CHARACTERS, RESERVED, restored
from explorer.prompt import Prompt
from explorer.running import News, Tell, followed
from explorer.settings import Settings
from explorer.subject import Subject, subject_of
from explorer.theme import diverging_scale, sequential_scale
from explorer.views import styles, view
from explorer.views.view import FOLDER
from models.errors import ModelError
from models.language_model import LanguageModel
from models.pool import Pool

TITLE = "Language Model Explorer"
RUN_LIMIT_ID = "model"
STOPPED = "Stopped. The page still shows the last run."


@dataclass(kw_only=True)
class Page:
    """What a tab may use while it is built: settings, the pool of models, the subject and a way to add controls."""

    settings: Settings
    pool: Pool
    subject: gr.HTML
    controls: dict[str, Component] = field(default_factory=dict)

    def control(self, key: str, component: Component) -> Component:
        """Publish a native control's value to the browser's store as `key`, and keep it in links."""
        if key in self.controls or key in RESERVED or not key.isidentifier():
            raise ValueError(f"A control needs a name of its own, and {key!r} is taken or not a name.")
        self.controls[key] = component
        component.change(None, [component], None, js=f"(value) => {{ explorer.set({{{key}: value}}); }}")  # type: ignore[attr-defined]
        return component


def _always(kind: str, subject: Subject) -> bool:
    return bool(kind and subject)


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One tab: `question` is the line a student reads first, `applies(kind, subject)` whether it fits the model."""

    title: str
    question: str
    order: int
    build: Callable[[Page], None]
    applies: Callable[[str, Subject], bool] = _always

    @property
    def name(self) -> str:
        """The word for this tab in links."""
        return self.title.lower().replace(" ", "-")


def build_page(settings: Settings, pool: Pool, tabs: Sequence[Tab]) -> gr.Blocks:
    """Put the page together; nothing is loaded or run before a browser opens it."""
    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as blocks:
        masthead = view("masthead", label=TITLE)
        asked = prompt.build(settings)
        page = Page(settings=settings, pool=pool, subject=asked.subject)
        with gr.Tabs(elem_id="tabs", overflow_behavior="wrap") as strip:
            for tab in tabs:
                _tab(tab, page)
        _connect_run(page, asked, tabs)
        add_endpoints(settings, pool, limit_id=RUN_LIMIT_ID)
        _connect_restore(page, asked, blocks, masthead=masthead, strip=strip, names=[tab.name for tab in tabs])
    blocks.head = head(page)
    return blocks


def head(page: Page) -> str:
    """Style and store, put into the document's head before any view starts."""
    initial = {
        "controls": {key: component.value for key, component in page.controls.items()},
        "sequential": sequential_scale().tolist(),
        "diverging": diverging_scale().tolist(),
        "linkCharacters": LINK_CHARACTERS,
    }
    config = json.dumps(initial).replace("<", "\\u003c")
    store = (FOLDER / "store.js").read_text("utf-8")
    return f"<style>{styles()}</style><script>window.explorerConfig = {config};\n{store}</script>"


def _tab(tab: Tab, page: Page) -> None:
    with gr.Tab(tab.title, id=tab.name, elem_id=f"tab-{tab.name}") as item:
        gr.Markdown(f"## {tab.question}", elem_classes="question")
        tab.build(page)
    item.select(None, None, None, js=f"() => {{ explorer.set({{tab: '{tab.name}'}}); }}")


# Gradio knows a stream by its being a generator function; a checker wrapped around it would hide that.
@no_type_check
def _connect_run(page: Page, asked: Prompt, tabs: Sequence[Tab]) -> None:
    stops: dict[str | None, threading.Event] = {}

    def run(model: str, text: str, target: str, request: gr.Request) -> Iterator[list[Any]]:
        def rest() -> list[Any]:
            return [gr.skip()] * 2

        stopped = stops[request.session_hash] = threading.Event()
        work = partial(_looked_at, page, plain_name(model), text, target)
        try:
            for news in followed(work, stopped.is_set):
                if isinstance(news, News):
                    yield [gr.skip(), {"doing": news.doing, "fraction": news.fraction}, *rest()]
                else:
                    loaded, subject = news.value
                    yield [subject | {"tabs": _fitting(tabs, subject)}, None, *prompt.fitted(loaded)]
            if stopped.is_set():
                yield [gr.skip(), {"sentence": STOPPED}, *rest()]
        except ModelError as error:
            yield [gr.skip(), {"sentence": str(error)}, *rest()]
        finally:
            stops.pop(request.session_hash, None)

    def stop(request: gr.Request) -> None:
        if request.session_hash in stops:
            stops[request.session_hash].set()

    gr.on(
        [asked.run.click, asked.text.submit, asked.target.submit, asked.model.input],
        run,
        inputs=[asked.model, asked.text, asked.target],
        outputs=[asked.subject, asked.progress, asked.target, asked.examples],
        trigger_mode="always_last",
        concurrency_id=RUN_LIMIT_ID,
        concurrency_limit=page.settings.workers,
        show_progress="hidden",
        api_visibility="private",
    )
    # Not Gradio's `cancels`: it loses a run that is asked for before the cancelled one has gone.
    asked.progress.halt(stop, None, None, queue=False, show_progress="hidden", api_visibility="private")


def _looked_at(page: Page, name: str, text: str, target: str, tell: Tell) -> tuple[LanguageModel, Subject]:
    tell(0.0, f"Waiting for {name}…")  # somebody else may be loading it already
    loaded = page.pool.model(name, progress=tell)
    tell(1.0, "Running the model…")
    return loaded, subject_of(loaded, page.pool.trace(name, text, target))


def _fitting(tabs: Sequence[Tab], subject: Subject) -> list[str]:
    """The tabs to list; the browser hides the others, since Gradio goes on listing a tab that is not visible."""
    return [tab.name for tab in tabs if tab.applies(subject["kind"], subject)]


def _connect_restore(
    page: Page, asked: Prompt, blocks: gr.Blocks, *, masthead: gr.HTML, strip: gr.Tabs, names: Sequence[str]
) -> None:
    keys = list(page.controls)

    def restore(request: gr.Request) -> list[Any]:
        query: Mapping[str, str] = dict(request.query_params)
        wanted = restored(query, page.controls)
        values = [wanted.get(key, gr.skip()) for key in keys]
        tab: Any = gr.skip()
        # Only a link chooses a tab: a visitor who is quicker than this answer keeps the tab they clicked.
        if query.get("tab") in names:
            wanted, tab = {**wanted, "tab": query["tab"]}, gr.Tabs(selected=query["tab"])
        return [wanted, tab, *prompt.asked_by(query, page.settings), *values]

    outputs = [masthead, strip, asked.model, asked.text, asked.target, *page.controls.values()]
    blocks.load(restore, None, outputs, api_visibility="private", queue=False, show_progress="hidden").then(
        None, js="() => { document.getElementById('run').click(); }"
    )
