"""The app on a real server without a browser, as programs use it."""

import pytest
from gradio_client import Client


@pytest.fixture(scope="session")
def client(app_url: str) -> Client:
    return Client(app_url, verbose=False, analytics_enabled=False)
