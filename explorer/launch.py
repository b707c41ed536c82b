"""From settings to a running server: the page is up first, engine and model come while people look at it."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import gradio as gr
from starlette.middleware import Middleware
from starlette.routing import Route

from explorer.calls.catalog import all_calls, feature_endpoints, page_calls
from explorer.calls.declaration import Engine
from explorer.calls.door import Door
from explorer.calls.endpoints import add_endpoints
from explorer.features import tabs
from explorer.guard import Guard
from explorer.pool_factory import pool_for
from explorer.settings import Settings, read_settings
from explorer.shell import assets
from explorer.shell.controls import Control
from explorer.shell.document import WithHead
from explorer.shell.page import build_page
from explorer.theme import theme
from models.engine.pool import Pool
from models.errors import ModelError
from models.translation import ENGLISH, Language, read_language, use

log = logging.getLogger(__name__)
SESSIONS = 200  # Gradio keeps the last values of every component for each; more visitors share the page without it


@dataclass(frozen=True, eq=False, kw_only=True)
class App:
    """The page, its door, and what the server answers beside Gradio's own."""

    settings: Settings
    blocks: gr.Blocks
    door: Door
    controls: Mapping[str, Control]
    head: str

    @property
    def routes(self) -> list[Route]:
        """Calls, scripts and style."""
        return [self.door.route, *assets.routes()]


def build(settings: Settings, pool: Pool) -> App:
    """Build the page with every tab, its door and its endpoints."""
    blocks, page = build_page(settings, tabs())

    def queued() -> int:
        return blocks._queue.get_status().queue_size  # noqa: SLF001 - no public way

    door = Door(page_calls(), settings, pool, engine=Engine(all_calls), queued=queued)
    with blocks:
        add_endpoints(page_calls(), door.context, workers=settings.workers)
        add_endpoints(feature_endpoints(), door.context_with_engine, workers=settings.workers)
    blocks.queue(max_size=settings.queue, default_concurrency_limit=settings.workers, api_open=False)
    return App(settings=settings, blocks=blocks, door=door, controls=page.controls, head=page.head)


def declared_controls() -> Mapping[str, Control]:
    """The controls of the page as it is built by default."""
    return build_page(Settings(mode="local"), tabs())[1].controls


def serve(app: App, **options: Any) -> tuple[Any, str, str | None]:
    """Launch with the choices that hold everywhere; `options` go to Gradio's `launch`."""
    return app.blocks.launch(
        theme=theme(),
        head=app.blocks.head,
        footer_links=["api"],
        run_history=False,
        enable_monitoring=False,
        mcp_server=True,
        state_session_capacity=SESSIONS,
        max_file_size="1mb",
        app_kwargs={
            "routes": app.routes,
            "middleware": [Middleware(Guard, app.settings), Middleware(WithHead, app.head)],
        },
        **options,
    )


def spoken(code: str) -> Language:
    """The language of this code, or English with a word in the log where there is no such catalogue."""
    try:
        return read_language(code)
    except (FileNotFoundError, ValueError):
        log.warning("There is no catalogue models/locales/%s.po; the page speaks English.", code)
        return ENGLISH


def main() -> None:
    """Run the app until it is stopped."""
    try:
        settings = read_settings()
    except ValueError as error:
        raise SystemExit(str(error)) from None
    use(spoken(settings.language))
    app = build(settings, pool_for(settings))
    if find_spec("spaces"):
        app.door.engine.calls()  # a ZeroGPU Space looks at the start for functions that borrow a GPU
    serve(app, prevent_thread_lock=True)
    threading.Thread(target=_warm(app), name="engine and first model", daemon=True).start()
    app.blocks.block_thread()


def _warm(app: App) -> Callable[[], None]:
    def read_first_model() -> None:
        app.door.engine.calls()
        try:
            app.door.pool.model(app.settings.model)
        except ModelError as error:
            log.warning("The first model is not ready: %s", error)

    return read_first_model
