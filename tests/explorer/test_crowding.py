"""One visitor who asks for much work holds up nobody else, and the work ends when they leave."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from explorer.features.embeddings import map as maps
from explorer.features.embeddings import waiting
from explorer.settings import Settings
from models.projection import job
from models.projection.cache import ProjectionCache
from models.projection.methods import Projection, ProjectionSettings
from models.projection.queue import Projections
from tests.server import running

PATIENCE = 5.0  # seconds; the fault these are about took 20 and more, on a machine that may be as busy as today's
MAPS = 45
JSON = {"Content-Type": "application/json"}


class Endless:
    """Lays out nothing, as long as somebody wants it."""

    def __init__(self) -> None:
        self.ended = threading.Event()

    def __call__(self, components: Projection, settings: ProjectionSettings, report: Callable[..., None]) -> Projection:
        while not self.ended.wait(0.02):
            report(0.5, "laying out")
        return replace(components, settings=settings, points=components.points[:, :2])


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[tuple[str, Projections]]:
    """The address of a public page on which no projection ends by itself, and the queue of projections."""
    layout = Endless()
    queue = Projections(ProjectionCache(tmp_path), layout)
    for module in (waiting, maps):
        monkeypatch.setattr(module, "projections", lambda _folder: queue)
    monkeypatch.setattr(job, "HEARTBEAT_SECONDS", 3.0)
    with running(Settings(mode="hosted", model="storybook", device="cpu")) as url:
        others(url)  # what is imported or loaded at the first question is there
        yield url, queue
    layout.ended.set()


def others(url: str) -> float:
    """What another visitor asks meanwhile; gives the seconds of the slowest."""
    slowest = 0.0
    for method, path, body in (
        ("GET", "", None),
        ("POST", "calls/health", {}),
        ("POST", "calls/tokenize", {"model": "storybook", "text": "The king"}),
    ):
        began = time.monotonic()
        answer = httpx.request(method, f"{url}{path}", json=body, timeout=60)
        slowest = max(slowest, time.monotonic() - began)
        assert answer.status_code == 200, path
        assert "error" not in answer.text[:10]
    return slowest


def test_many_maps_of_one_visitor_hold_up_nobody_and_end_with_them(busy: tuple[str, Projections]) -> None:
    url, queue = busy

    def ask(seed: int) -> Any:
        given = {"model": "storybook", "text": "The king", "method": "umap", "seed": seed}
        headers = JSON | {"Explorer-Session": "one"}
        try:
            return httpx.post(f"{url}calls/map_table", json=given, headers=headers, timeout=4)
        except httpx.ReadTimeout:
            return None  # left

    with ThreadPoolExecutor(MAPS) as pool:
        asked = [pool.submit(ask, seed) for seed in range(1, MAPS + 1)]  # seed 0 comes with the program
        time.sleep(1)
        slowest = others(url)
        assert [one.result() for one in asked] == [None] * MAPS
    assert slowest < PATIENCE
    began = time.monotonic()
    while queue._open and time.monotonic() - began < 20:
        time.sleep(0.2)
    assert not queue._open
    assert others(url) < PATIENCE


def test_projections_of_programs_hold_up_no_other_endpoint(busy: tuple[str, Projections]) -> None:
    url, _queue = busy
    models = ("storybook", "storybook-llama", "storybook-bert", "storybook-t5")
    for name in models:
        begun = httpx.post(f"{url}gradio_api/call/project", json={"data": [name, "umap"]}, timeout=30)
        assert begun.status_code == 200
    time.sleep(1)
    began = time.monotonic()
    event = httpx.post(f"{url}gradio_api/call/tokenize", json={"data": ["storybook", "The king"]}, timeout=30)
    told = httpx.get(f"{url}gradio_api/call/tokenize/{event.json()['event_id']}", timeout=30)
    assert "event: complete" in told.text
    assert time.monotonic() - began < PATIENCE


@pytest.mark.parametrize("name", ["~nosuchuser", "~", "x" * 300, "~root/models", "/etc/passwd", "\x00"])
def test_names_that_lead_to_no_model_are_one_sentence_for_strangers(hosted_url: str, name: str) -> None:
    for call in ("tokenize", "next_token"):
        answer = httpx.post(f"{hosted_url}calls/{call}", json={"model": name, "text": "The king"}, timeout=30)
        assert answer.status_code == 200
        assert "is not offered here; choose from storybook" in answer.json()["error"]
