"""Calls of the tab, asked without a server, on the small networks of the engine's tests."""

from collections.abc import Callable
from typing import Any

import pytest

from explorer.calls import Call, Context
from explorer.settings import Settings
from models.engine.pool import Pool
from tests.models.attention.conftest import TARGET, TEXT, Traced, pool, traced

__all__ = ["TARGET", "TEXT", "Ask", "Traced", "ask", "pool", "traced"]

Ask = Callable[..., Any]


@pytest.fixture(scope="session")
def ask(pool: Pool) -> Ask:
    """Ask a call as a script would, of the usual text unless another is named."""
    context = Context(pool=pool, settings=Settings(mode="local", device="cpu"))

    def answer(call: Call[Any, Any], model: str, **more: object) -> Any:
        return call.ask(context, {"model": model, "text": TEXT, "target": TARGET, **more})

    return answer
