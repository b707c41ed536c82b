"""A pool of small networks with random weights, and projections kept in a folder of their own."""

from pathlib import Path
from typing import Any

import pytest

from explorer.calls import Context
from explorer.settings import Settings
from models.engine.pool import Pool
from tests.models import families


@pytest.fixture(scope="session")
def pool() -> Pool:
    """Models are called by the name of their case; nothing is read from disk."""

    def load(name: str, **_: Any) -> Any:
        return families.model(name)

    return Pool(load, model_bytes=1 << 30, trace_bytes=1 << 30)


@pytest.fixture
def context(pool: Pool, tmp_path: Path) -> Context:
    return Context(pool=pool, settings=Settings(mode="local", device="cpu", cache=tmp_path))


def asked(case: str = "gpt2", **more: Any) -> dict[str, Any]:
    """A question about a run, as the page sends it."""
    return {"model": case, "text": families.text_of(6), "target": families.text_of(4, seed=1), **more}


def about(case: str = "gpt2", **more: Any) -> dict[str, Any]:
    """A question about a model."""
    return {"model": case, **more}
