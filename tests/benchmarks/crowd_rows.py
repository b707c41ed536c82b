"""Thirty clients at once, each in a process of its own, and what everybody else waits for meanwhile."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.benchmarks.client import TEXT
from tests.benchmarks.table import Row, percentile
from tests.benchmarks.visiting import SETTLED, chromium, page_of, server, visitor

CLIENT = Path(__file__).with_name("client.py")
CLIENTS, TOKENS = 30, 50
CROWDS = 3  # one after the other: of a dozen waits the 95th percentile would be the longest one
PINGED_SECONDS = 4.0
STROKES = 5  # of one arrow key before the other
ONE_AFTER_THE_OTHER = 6  # of the thirty are measured; the rest would take as long each
# From the key on the slider to the frame in which the new distribution stands.
SLID = """() => new Promise((done) => {
  const view = document.querySelector(".view-distribution").closest("[data-drawn]");
  const before = view.dataset.drawn;
  let pressed = 0;
  addEventListener("keydown", () => { pressed = performance.now(); }, { capture: true, once: true });
  new MutationObserver((_, watch) => {
    if (view.dataset.drawn === before) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - pressed)));
  }).observe(view, { attributes: true });
  window.watching = true;
})"""


def slid(page: Page, count: int) -> float:
    """Seconds from a key on the temperature's slider to the distribution redrawn; up and down, never to the end."""
    page.evaluate(f"() => {{ window.watching = false; window.outcome = ({SLID})(); }}")
    page.wait_for_function("window.watching")
    page.keyboard.press("ArrowLeft" if count // STROKES % 2 else "ArrowRight")
    return float(page.evaluate("window.outcome")) / 1000


class Client:
    """A client in a process of its own."""

    def __init__(self, url: str) -> None:
        command = [sys.executable, "-I", str(CLIENT), url]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, *job: Any) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()

    def told(self) -> list[float]:
        """Seconds of each answer of the job before."""
        assert self._process.stdout
        times: list[float] = json.loads(self._process.stdout.readline())
        return times

    def leave(self) -> None:
        self._process.communicate(timeout=30)


@contextmanager
def clients_of(url: str, count: int) -> Iterator[list[Client]]:
    found = [Client(url) for _ in range(count)]
    yield found
    for one in found:
        one.leave()


def complete(seed: int, tokens: int = TOKENS) -> tuple[str, list[Any]]:
    return "complete", ["storybook", TEXT, tokens, 0.9, 0, 1.0, seed]


def together(crowd: list[Client], others: dict[str, Client], page: Page) -> tuple[list[float], float, dict[str, Any]]:
    """Every client's first token, seconds until all have ended, and what three others wait meanwhile."""
    for name, arguments in (("tokenize", ["storybook", TEXT]), ("health", [])):
        others[name].ask("ping", name, arguments, PINGED_SECONDS)
    began = time.perf_counter()
    for seed, client in enumerate(crowd):
        client.ask(*complete(seed))
    sliding: list[float] = []
    while time.perf_counter() - began < PINGED_SECONDS:
        sliding.append(slid(page, len(sliding)))
        page.wait_for_timeout(100)
    times = [client.told() for client in crowd]
    waits = {name: one.told() for name, one in others.items()}
    return [one[0] for one in times], max(one[-1] for one in times), {**waits, "slider": sliding}


def clients() -> list[Row]:
    """Thirty clients of `/complete`, and meanwhile `/tokenize`, a slider and `/health`."""
    with server() as app, chromium() as browser, clients_of(app.url, CLIENTS + 2) as processes:
        *crowd, cutter, doctor = processes
        page = page_of(visitor(browser))
        page.goto(f"{app.url}?tab=completion&text={TEXT}")
        page.wait_for_selector(".view-distribution tbody tr")
        page.wait_for_function(SETTLED)
        page.get_by_label("temperature").get_by_role("slider").or_(page.get_by_role("slider")).first.focus()
        for seed, client in enumerate(crowd):
            client.ask(*complete(seed, 2))
        for client in crowd:
            client.told()  # all are up, all is warm
        alone = []
        for seed in range(ONE_AFTER_THE_OTHER):
            crowd[seed].ask(*complete(seed))
            alone.append(crowd[seed].told()[-1])
        crowds = [together(crowd, {"tokenize": cutter, "health": doctor}, page) for _ in range(CROWDS)]
    firsts = [one for each, _, _ in crowds for one in each]
    taken = statistics.median(seconds for _, seconds, _ in crowds)
    waits = {name: [one for _, _, each in crowds for one in each[name]] for name in crowds[0][2]}
    queue = statistics.mean(alone) * CLIENTS
    last_first = max(firsts) / queue
    limits = {"tokenize": 0.5, "slider": 0.25, "health": 0.1}
    late = {name: percentile(waits[name], 0.95) for name in limits}
    return [
        Row(
            what=f"{CLIENTS} clients of `/complete`, {TOKENS} tokens, processes of their own",
            goal="≥ 4 × one after the other",
            figure=f"{queue / taken:.1f} × ({taken:.1f} s, one after the other {queue:.1f} s)",
            met=queue / taken >= 4,
        ),
        Row(
            what="the last client's first token",
            goal="≤ 1/3 of the queue of one",
            figure=f"{last_first:.2f} of it",
            met=last_first <= 1 / 3,
        ),
        *(
            Row(
                what=f"meanwhile {name}, 95th percentile",
                goal=f"≤ {limit} s",
                figure=f"{late[name]:.2f} s ({len(waits[name])} times)",
                met=late[name] <= limit,
            )
            for name, limit in limits.items()
        ),
    ]
