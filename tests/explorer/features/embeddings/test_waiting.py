"""Waiting for a projection: no thread is held, a visitor has one place, and who leaves gives it up."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from anyio import to_thread

from explorer.calls import Context
from explorer.features.embeddings import waiting
from explorer.features.embeddings.waiting import projected
from models.projection.cache import ProjectionCache
from models.projection.job import ProjectionStopped
from models.projection.methods import Projection, ProjectionSettings
from models.projection.queue import Projections
from models.vectors.similarity import Vectors
from tests.loops import awaited

UMAP = ProjectionSettings(method="umap")
VISITORS = 12


def vectors(seed: int) -> Vectors:
    return Vectors(np.random.default_rng(seed).normal(size=(30, 8)).astype(np.float32))


class Slow:
    """Lays out nothing until it is allowed to."""

    def __init__(self) -> None:
        self.allowed = threading.Event()
        self.begun: list[int] = []

    def __call__(self, components: Projection, settings: ProjectionSettings, report: Callable[..., None]) -> Projection:
        self.begun.append(settings.seed)
        while not self.allowed.wait(0.02):
            report(0.5, "laying out")
        return replace(components, settings=settings, points=components.points[:, :2])


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Slow]:
    layout = Slow()
    queue = Projections(ProjectionCache(tmp_path), layout)
    monkeypatch.setattr(waiting, "projections", lambda _folder: queue)
    yield layout
    layout.allowed.set()


def test_many_who_wait_hold_no_thread(slow: Slow, context: Context) -> None:
    async def everybody() -> list[Projection]:
        to_thread.current_default_thread_limiter().total_tokens = 2
        asked = [asyncio.create_task(projected(context, vectors(seed), UMAP)) for seed in range(VISITORS)]
        await asyncio.sleep(1)
        answer = await asyncio.wait_for(to_thread.run_sync(lambda: "there is a thread"), 5)
        assert answer == "there is a thread"
        assert not any(one.done() for one in asked)
        slow.allowed.set()
        return await asyncio.gather(*asked)

    assert len(awaited(everybody())) == VISITORS


def test_a_visitors_second_waits_for_the_first_and_who_leaves_gives_up_the_place(slow: Slow, context: Context) -> None:
    here = [True]

    async def listening() -> bool:
        return here[0]

    mine = replace(context, session_id="me", listening=listening)

    async def leaving() -> list[Any]:
        asked = [asyncio.create_task(projected(mine, vectors(seed), replace(UMAP, seed=seed))) for seed in range(2)]
        await asyncio.sleep(1)
        assert slow.begun == [0]
        here[0] = False
        return await asyncio.gather(*asked, return_exceptions=True)

    ended = awaited(leaving())
    assert [type(one) for one in ended] == [ProjectionStopped, ProjectionStopped]
    assert slow.begun in ([0], [0, 1])
