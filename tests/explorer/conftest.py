"""The app on a real server without a browser, as programs use it."""

from collections.abc import Iterator

import pytest
from gradio_client import Client

from explorer.engine import pool_for
from explorer.launch import build, serve
from explorer.settings import Settings


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    """The address of the app on storybook, in local mode, ending in a slash."""
    settings = Settings(mode="local", model="storybook", device="cpu")
    blocks = build(settings, pool_for(settings))
    _, url, _ = serve(blocks, prevent_thread_lock=True, quiet=True)
    yield url
    blocks.close(verbose=False)


@pytest.fixture(scope="session")
def client(served: str) -> Client:
    return Client(served, verbose=False, analytics_enabled=False)
