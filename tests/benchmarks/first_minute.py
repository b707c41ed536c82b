"""How long the first minute keeps people waiting: `python -m tests.benchmarks.first_minute [ADDRESS]`.

Two waits, in Chromium, on a warm server with storybook: from opening the page to the complete Overview (picture, shelf
of heads, what is without each), and from Enter behind a changed text, typed with real keys, to the Overview redrawn.
Beside the milliseconds stand ratios to the bare forward pass of the same text in the same round, because a machine that
does other things slows both. Without an address a server is started here.
"""

import statistics
import sys
import time
from contextlib import ExitStack

import torch
from playwright.sync_api import BrowserContext, Page, sync_playwright

from explorer.settings import Settings
from models import load
from tests.conftest import CHROMIUM
from tests.server import running

ROUNDS = 11
TEXTS = ("The fox ran into the wood. The fox ran into the", "The king had a daughter. The king had a")
WATCH = """
window.marks = {};
const timer = setInterval(() => {
  const view = document.querySelector("[data-run]");
  const main = window.explorer?.state.main;
  const mark = (name, is) => { if (is && !(name in marks)) marks[name] = performance.now(); };
  mark("first run", main);
  mark("components", document.querySelector(".ov-stage"));
  mark("picture", view && main && document.querySelector(".ov-stage")?.closest("[data-run]"));
  const cards = [...document.querySelectorAll(".shelf-without")];
  mark("complete", cards.length && cards.every((card) => card.textContent) && !explorer.busy());
}, 5);
"""
# From the key to the frame in which the picture of the new run is drawn.
REDRAWN = """() => new Promise((done) => {
  const view = document.querySelector(".ov-stage").closest("[data-run]");
  const before = view.dataset.run;
  let pressed = 0;
  addEventListener("keydown", ({ key }) => { if (key === "Enter") pressed ||= performance.now(); }, { capture: true });
  new MutationObserver((_, watch) => {
    if (view.dataset.run === before) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - pressed)));
  }).observe(view, { attributes: true });
  window.watching = true;
})"""


def opened(context: BrowserContext, address: str) -> dict[str, float]:
    """Milliseconds from asking for the page to each stage."""
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_function("'complete' in marks")
    marks: dict[str, float] = page.evaluate("marks")
    marks["requests"] = page.evaluate("performance.getEntriesByType('resource').length")
    page.close()
    return marks


def redrawn(page: Page, text: str) -> float:
    """Milliseconds from Enter to the new picture, the text typed before."""
    box = page.get_by_label("Text", exact=True)
    box.click()
    box.press("Control+a")
    page.keyboard.type(text)
    page.wait_for_function("!explorer.busy()")
    page.evaluate(f"() => {{ window.outcome = ({REDRAWN})(); }}")
    page.wait_for_function("window.watching")
    page.keyboard.press("Enter")
    return float(page.evaluate("window.outcome"))


def forward_pass(model: torch.nn.Module, ids: torch.Tensor) -> float:
    """Milliseconds of one bare forward pass."""
    begin = time.perf_counter()
    with torch.inference_mode():
        model(ids)
    return (time.perf_counter() - begin) * 1000


def main(address: str) -> None:
    explored = load("storybook")
    network, tokenizer = explored.network, explored.tokenizer
    ids = torch.tensor([tokenizer(TEXTS[0])["input_ids"]])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        opened(context, address)
        passes: list[float] = []
        pages: list[dict[str, float]] = []
        for _ in range(ROUNDS):
            passes.append(forward_pass(network, ids))
            pages.append(opened(context, address))
        page = context.new_page()
        page.goto(address)
        page.wait_for_function("window.explorer?.ready() && explorer.state.main && !explorer.busy()")
        turns = []
        for turn in range(ROUNDS):
            passes.append(forward_pass(network, ids))
            turns.append(redrawn(page, f"{TEXTS[turn % 2]}{' and' * (turn // 2)}"))
        browser.close()
    bare = statistics.median(passes)
    report("bare forward pass", passes, bare)
    for stage in ("first run", "components", "picture", "complete"):
        report(f"page opened, {stage}", [marks[stage] for marks in pages], bare)
    report("after the components", [marks["complete"] - marks["components"] for marks in pages], bare)
    report("text changed, Overview redrawn", turns, bare)
    print(f"{'requests of an opened page':34}{statistics.median(marks['requests'] for marks in pages):10.0f}")


def report(name: str, values: list[float], bare: float) -> None:
    low, middle, high = min(values), statistics.median(values), max(values)
    print(f"{name:34}{low:10.1f}{middle:10.1f}{high:10.1f} ms{middle / bare:10.1f} ×")


if __name__ == "__main__":
    with ExitStack() as stack:
        given = sys.argv[1:]
        settings = Settings(mode="local", model="storybook", device="cpu")
        main(given[0] if given else stack.enter_context(running(settings)))
