"""The app on a real server on the bundled model, once for the whole suite."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from explorer.launch import build, serve
from explorer.pool_factory import pool_for
from explorer.settings import Settings


@pytest.fixture(scope="session")
def app_url() -> Iterator[str]:
    """The address of the app, in local mode on storybook, ending in a slash."""
    with running(Settings(mode="local", model="storybook", device="cpu")) as url:
        yield url


@pytest.fixture(scope="session")
def hosted_url() -> Iterator[str]:
    """The same app as a public page serves it."""
    with running(Settings(mode="hosted", model="storybook", device="cpu")) as url:
        yield url


@contextmanager
def running(settings: Settings) -> Iterator[str]:
    """The address of the app under these settings, while it runs."""
    app = build(settings, pool_for(settings))
    app.door.engine.calls()
    _, url, _ = serve(app, prevent_thread_lock=True, quiet=True, server_port=_free_port())
    yield url
    app.blocks.close(verbose=False)


def _free_port() -> int:
    """A port of the system's choice: Gradio counts up from 7860, and so would every process of the suite at once."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
