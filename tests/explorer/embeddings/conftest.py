"""A pool of small networks with random weights, and projections kept in a folder of their own."""

from pathlib import Path
from typing import Any

import pytest

from models.pool import Pool
from models.projection_cache import ProjectionCache
from models.projection_queue import Projections
from tests.models import families


@pytest.fixture(scope="session")
def pool() -> Pool:
    """Models are called by the name of their case; nothing is read from disk."""

    def load(name: str, **_: Any) -> Any:
        return families.model(name)

    return Pool(load, model_bytes=1 << 30, trace_bytes=1 << 30)


@pytest.fixture
def projections(tmp_path: Path) -> Projections:
    return Projections(ProjectionCache(tmp_path))


def asked(case: str = "gpt2", **more: Any) -> dict[str, Any]:
    """A payload as the page sends it."""
    return {"model": case, "text": families.text_of(6), "target": families.text_of(4, seed=1), **more}
