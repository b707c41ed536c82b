"""The map in a real browser, at the size of GPT-2's vocabulary: `uv run python -m tests.benchmarks.embeddings`.

Storybook: from the click on the tab to the first points. A model of 50,257 random vectors: bytes sent for them, and
frames per second while the map is moved, zoomed and turned, drawn by Chromium without a graphics card.
"""

import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import torch
from playwright.sync_api import Browser, Page, Response, sync_playwright
from transformers import AutoTokenizer, GPT2Config, GPT2LMHeadModel

import models
from explorer.launch import build, serve
from explorer.pool_factory import pool_for
from explorer.settings import Settings
from tests.benchmarks.projection import COUNT, WIDTH, grouped_vectors
from tests.conftest import CHROMIUM

STORYBOOK = Path(models.__file__).parent / "bundled" / "storybook"
MAP = "document.querySelector('.view-scatter').closest('[data-points]').map"
SHOWN = "[data-state=shown][data-colour]"
FRAMES = """(move) => new Promise((done) => {
  const began = performance.now();
  let frames = 0;
  const next = (now) => {
    eval(move);
    frames += 1;
    if (now - began > 3000) done((1000 * frames) / (now - began));
    else requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
})"""
MOVED = f"{MAP}.look({{...{MAP}.state.view, x: {MAP}.state.view.x + (frames % 60 < 30 ? 300 : -300)}})"
ZOOMED = f"{MAP}.zoomBy(frames % 60 < 30 ? 1.05 : 1 / 1.05)"
TURNED = f"{MAP}.look({{...{MAP}.state.view, yaw: {MAP}.state.view.yaw + 0.04}})"
MOVES = {"2-D": {"moved": MOVED, "zoomed": ZOOMED}, "3-D": {"turned": TURNED}}


def large_model(folder: Path) -> Path:
    """A model with a vocabulary of GPT-2's size: one block, storybook's tokenizer, the table in groups."""
    tokenizer: Any = AutoTokenizer.from_pretrained(STORYBOOK)
    tokenizer.add_tokens([f"extra{number}" for number in range(COUNT - len(tokenizer))])
    network = GPT2LMHeadModel(GPT2Config(vocab_size=COUNT, n_embd=WIDTH, n_layer=1, n_head=12, n_positions=64))
    with torch.no_grad():
        network.transformer.wte.weight.copy_(torch.from_numpy(grouped_vectors().rows))
    network.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def opened(browser: Browser, url: str, **query: str) -> Page:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(120_000)
    page.goto(f"{url}?{urlencode(query)}")
    page.wait_for_function("() => window.explorer?.state.main")
    return page


def first_points(browser: Browser, url: str) -> float:
    """Seconds from the click on the tab until the points are on the screen."""
    page = opened(browser, url)
    began = time.perf_counter()
    page.get_by_role("tab", name="Embeddings").click()
    page.wait_for_selector(SHOWN)
    taken = time.perf_counter() - began
    page.close()
    return taken


def large_map(browser: Browser, url: str, folder: Path) -> None:
    for dimensions, moves in MOVES.items():
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(120_000)
        sizes: list[int] = []
        page.on("response", lambda response: sizes.append(_sent(response)))  # noqa: B023 - one list per page
        query = {"model": str(folder), "text": "extra5 extra6", "tab": "embeddings", "map_dimensions": dimensions}
        page.goto(f"{url}?{urlencode(query)}")
        page.wait_for_selector(SHOWN)
        print(f"{dimensions}, {COUNT:,} points: {sum(sizes) / 1e6:.2f} MB of answers to the page's own questions")
        for name, move in moves.items():
            print(f"  {name}: {page.evaluate(FRAMES, move):.0f} frames per second")
        page.close()


def _sent(response: Response) -> int:
    """Bytes of an answer to a view's question; the page itself is not counted."""
    return len(response.body()) if "/calls/" in response.url else 0


def main() -> None:
    settings = Settings(mode="local", model="storybook", device="cpu")
    app = build(settings, pool_for(settings))
    _, url, _ = serve(app, prevent_thread_lock=True, quiet=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        first_points(browser, url)
        print(f"storybook, click to first points: {min(first_points(browser, url) for _ in range(3)):.2f} s")
        large_map(browser, url, large_model(Path(folder)))
        browser.close()
    app.blocks.close(verbose=False)


if __name__ == "__main__":
    main()
