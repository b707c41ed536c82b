"""Figures for the sampling view: a slider moved to bars repainted, with a vocabulary of 50,257, in Chromium.

Run with `uv run python -m tests.benchmarks.sampling`. The bare call is timed beside it, in the same process.
"""

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from transformers import AutoTokenizer, GPT2Config, GPT2LMHeadModel

import models
from explorer.calls import Context
from explorer.features.completion.calls import distribution
from explorer.launch import build, serve
from explorer.pool_factory import pool_for
from explorer.settings import Settings
from tests.conftest import CHROMIUM

ROUNDS = 40
TEXT = "Once upon a time there was a little girl"

# Moves the top-k in the store as its slider does, and waits for the frame after the bars were drawn.
REPAINT = """async ([rounds, first]) => {
  const view = document.querySelector(".view-distribution").closest("[data-drawn]");
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = view.dataset.drawn;
    const start = performance.now();
    explorer.set({ top_k: first + round, top_p: 0.9, temperature: 0.8 });
    while (view.dataset.drawn === before) await new Promise((done) => setTimeout(done, 1));
    await frame();
    times.push(performance.now() - start);
  }
  return times;
}"""


def wide_model(folder: Path) -> str:
    """A one-layer network with GPT-2's vocabulary and random weights; the width of the vocabulary is what counts."""
    size = GPT2Config(vocab_size=50_257, n_embd=64, n_layer=1, n_head=2, bos_token_id=0, eos_token_id=0)
    GPT2LMHeadModel(size).save_pretrained(folder)
    AutoTokenizer.from_pretrained(Path(models.__file__).parent / "bundled" / "storybook").save_pretrained(folder)
    return str(folder)


def told(name: str, times: list[float]) -> None:
    ordered = sorted(times)
    print(
        f"{name}: median {statistics.median(times):.0f} ms, 95th percentile {ordered[int(0.95 * len(ordered))]:.0f} ms"
    )


def in_python(context: Context, asked: dict[str, Any]) -> None:
    times = []
    for top_k in range(ROUNDS):
        start = time.perf_counter()
        distribution.ask(context, asked | {"top_k": top_k, "top_p": 0.9, "temperature": 0.8})
        times.append(1000 * (time.perf_counter() - start))
    told("the call, 50,257 tokens", times)


def in_chromium(url: str, folder: str) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_default_timeout(120_000)
        page.goto(f"{url}?tab=completion&model={folder}&text={TEXT}")
        page.wait_for_selector(".view-distribution tbody tr")
        page.evaluate(REPAINT, [5, 100])
        told("slider to bars repainted, Chromium", page.evaluate(REPAINT, [ROUNDS, 5]))
        browser.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        name = wide_model(Path(folder))
        settings = Settings(mode="local", model="storybook", device="cpu")
        app = build(settings, pool_for(settings))
        _, url, _ = serve(app, prevent_thread_lock=True, quiet=True)
        in_python(app.door.context(), {"model": name, "text": TEXT})
        in_chromium(url, name)
        app.blocks.close(verbose=False)


if __name__ == "__main__":
    main()
