"""From settings to a running server: the page is up first, the model is read while people look at it."""

import logging
import threading
from collections.abc import Callable
from typing import Any

import gradio as gr

from explorer.engine import pool_for
from explorer.page import build_page
from explorer.settings import Settings
from explorer.tabs import tabs
from explorer.theme import theme
from explorer.views.plotly_script import ROUTE
from models.errors import ModelError
from models.pool import Pool

log = logging.getLogger(__name__)
SESSIONS = 200  # Gradio keeps the last values of every component for each; more visitors share the page without it


def build(settings: Settings, pool: Pool) -> gr.Blocks:
    """Build the page with every tab, its queue ready."""
    blocks = build_page(settings, pool, tabs())
    return blocks.queue(max_size=settings.queue, default_concurrency_limit=settings.workers, api_open=False)


def serve(blocks: gr.Blocks, **options: Any) -> tuple[Any, str, str | None]:
    """Launch with the choices that hold everywhere; `options` go to Gradio's `launch`."""
    return blocks.launch(
        theme=theme(),
        head=blocks.head,
        footer_links=["api"],
        run_history=False,
        enable_monitoring=False,
        mcp_server=True,
        state_session_capacity=SESSIONS,
        max_file_size="1mb",
        app_kwargs={"routes": [ROUTE]},
        **options,
    )


def main() -> None:
    """Run the app until it is stopped."""
    settings = Settings(_cli_parse_args=True)  # type: ignore[call-arg]
    pool = pool_for(settings)
    blocks = build(settings, pool)
    serve(blocks, prevent_thread_lock=True)
    threading.Thread(target=_warm(settings, pool), name="first model", daemon=True).start()
    blocks.block_thread()


def _warm(settings: Settings, pool: Pool) -> Callable[[], None]:
    def read_first_model() -> None:
        try:
            pool.model(settings.model)
        except ModelError as error:
            log.warning("The first model is not ready: %s", error)

    return read_first_model
