"""A pool of small networks with random weights, one per family."""

from collections.abc import Callable
from typing import Any

import pytest

from models.engine.pool import Pool
from models.engine.trace import Trace
from tests.models import families

TEXT = families.text_of(12)
TARGET = families.text_of(7, seed=1)
Traced = Callable[..., Trace]


@pytest.fixture(scope="session")
def pool() -> Pool:
    """Models are called by the name of their case; nothing is read from disk."""

    def load(name: str, **_: Any) -> Any:
        return families.model(name)

    return Pool(load, model_bytes=1 << 30, trace_bytes=1 << 30)


@pytest.fixture(scope="session")
def traced(pool: Pool) -> Traced:
    """The trace of a case, of the usual text or of one with so many words."""

    def trace(case: str, words: int | None = None) -> Trace:
        return pool.trace(case, TEXT if words is None else families.text_of(words), TARGET)

    return trace
