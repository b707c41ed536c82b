"""Thirty clients at once, each in a process of its own, and what everybody else waits for meanwhile."""

import json
import multiprocessing
import statistics
import time
from multiprocessing.pool import AsyncResult, Pool

from playwright.sync_api import Page

from tests.benchmarks.client import TEXT, completed, pinging
from tests.benchmarks.table import Row, percentile
from tests.benchmarks.visiting import SETTLED, chromium, page_of, server, visitor

CLIENTS, TOKENS = 30, 50
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


def slid(page: Page) -> float:
    """Seconds from a key on the temperature's slider to the distribution redrawn."""
    page.evaluate(f"() => {{ window.watching = false; window.outcome = ({SLID})(); }}")
    page.wait_for_function("window.watching")
    page.keyboard.press("ArrowRight")
    return float(page.evaluate("window.outcome")) / 1000


def together(pool: Pool, url: str, page: Page) -> tuple[list[tuple[float, float]], float, dict[str, list[float]]]:
    """First and last tokens of thirty clients, seconds of all, and what three others wait meanwhile."""
    seconds = 6.0
    others: dict[str, AsyncResult[list[float]]] = {
        name: pool.apply_async(pinging, ((url, name, arguments, seconds),))
        for name, arguments in (("tokenize", ["storybook", TEXT]), ("health", []))
    }
    began = time.perf_counter()
    asked = pool.map_async(completed, [(url, seed, TOKENS) for seed in range(CLIENTS)], chunksize=1)
    sliding = []
    while not asked.ready():
        sliding.append(slid(page))
        page.wait_for_timeout(100)
    taken = time.perf_counter() - began
    waits = {name: one.get() for name, one in others.items()}
    return asked.get(), taken, {**waits, "slider": sliding}


def clients() -> list[Row]:
    """Thirty clients of `/complete`, and meanwhile `/tokenize`, a slider and `/health`."""
    with server() as app, chromium() as browser, multiprocessing.get_context("spawn").Pool(CLIENTS + 2) as pool:
        page = page_of(visitor(browser))
        page.goto(f"{app.url}?tab=completion&text={TEXT}")
        page.wait_for_selector(".view-distribution tbody tr")
        page.wait_for_function(SETTLED)
        page.get_by_label("temperature").get_by_role("slider").or_(page.get_by_role("slider")).first.focus()
        pool.map(completed, [(app.url, seed, 2) for seed in range(CLIENTS)], chunksize=1)  # all are up, all is warm
        alone = [completed((app.url, seed, TOKENS))[1] for seed in range(ONE_AFTER_THE_OTHER)]
        times, taken, waits = together(pool, app.url, page)
    queue = statistics.mean(alone) * CLIENTS
    last_first = max(first for first, _last in times) / queue
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
                figure=f"{late[name]:.2f} s ({json.dumps(len(waits[name]))} times)",
                met=late[name] <= limit,
            )
            for name, limit in limits.items()
        ),
    ]
