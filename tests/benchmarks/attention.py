"""Attention figures: `uv run python -m tests.benchmarks.attention`. Random weights in the shape of GPT-2 small and of a
12-layer RoPE model; the browser parts need Chromium. Times are medians in one process."""

import json
import os
import statistics
import time
from typing import Any
from urllib.parse import urlencode

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

import psutil
import torch
from playwright.sync_api import Browser, Page, sync_playwright
from transformers import AutoModelForCausalLM, AutoTokenizer, GPT2Config, LlamaConfig

from explorer.calls import Context
from explorer.features.attention.grid import overview
from explorer.features.attention.pictures import heatmap
from explorer.launch import build, serve
from explorer.settings import Settings
from models.engine.language_model import LanguageModel
from models.engine.pool import Pool
from models.loading.assembly import assemble
from models.loading.loader import load
from tests.conftest import CHROMIUM

STORYBOOK = load("storybook", device="cpu")
WORDS = ["the", "old", "king", "rode", "into", "the", "dark", "wood", "and", "saw", "a", "little", "house"]


def text_of(tokens: int) -> str:
    """A text of exactly so many tokens for storybook's tokenizer."""
    words = (WORDS * (tokens // len(WORDS) + 1))[:tokens]
    text = " " + " ".join(words)
    assert len(STORYBOOK.tokenizer(text)["input_ids"]) == tokens
    return text


def network(name: str) -> LanguageModel:
    torch.manual_seed(0)
    vocab = STORYBOOK.vocab
    if name == "gpt2-shape":
        shape: Any = GPT2Config(vocab_size=vocab, n_positions=1024)
    else:
        shape = LlamaConfig(
            vocab_size=vocab, hidden_size=768, intermediate_size=2048, num_hidden_layers=12, num_attention_heads=12,
            num_key_value_heads=4, max_position_embeddings=4096,
        )  # fmt: skip
    automatic: Any = AutoModelForCausalLM
    made = automatic.from_config(shape, attn_implementation="capture")
    tokenizer = AutoTokenizer.from_pretrained(STORYBOOK.tokenizer.name_or_path)
    return assemble(name, made.eval(), tokenizer, kind="decoder", revision="random")


def pool_of_shapes() -> Pool:
    def loader(name: str, **_: Any) -> LanguageModel:
        return STORYBOOK if name == "storybook" else network(name)

    return Pool(loader, model_bytes=4 << 30, trace_bytes=4 << 30)


def context_of(pool: Pool) -> Context:
    return Context(pool=pool, settings=Settings(mode="local", device="cpu"))


def seconds(work: Any, repeats: int = 3) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def first_heatmap(pool: Pool) -> None:
    model = pool.model("gpt2-shape")
    texts = [text_of(512) + ending for ending in (" a", " the", " an", " and")]
    ids = torch.tensor([STORYBOOK.tokenizer(texts[0])["input_ids"]])
    with torch.inference_mode():
        model.network(ids)
        bare = seconds(lambda: model.network(ids))
    times = []
    for text in texts:
        start = time.perf_counter()
        heatmap.ask(context_of(pool), {"model": "gpt2-shape", "text": text, "layer": 5, "head": 3})
        times.append(time.perf_counter() - start)
    first = statistics.median(times)
    limit = 1.5 * bare + 0.3
    print(f"first heatmap of a new 512-token text: {first:.2f} s; bare forward {bare:.2f} s; limit {limit:.2f} s")


def long_view(pool: Pool) -> None:
    before = psutil.Process().memory_info().rss
    context = context_of(pool)
    payload = {"model": "rope-shape", "text": text_of(4096)}
    pool.model("rope-shape")
    loaded = psutil.Process().memory_info().rss
    start = time.perf_counter()
    answer = heatmap.ask(context, {**payload, "layer": 3, "head": 2})
    traced = time.perf_counter() - start
    warm = seconds(lambda: heatmap.ask(context, {**payload, "layer": 4, "head": 2}))
    zoomed = seconds(
        lambda: heatmap.ask(context, {**payload, "layer": 4, "head": 2, "rows": [4000, 4096], "columns": [0, 96]})
    )
    start = time.perf_counter()
    grid = overview.ask(context, payload)
    grid_time = time.perf_counter() - start
    peak = psutil.Process().memory_info().rss
    sizes = [len(json.dumps(one)) / 1e6 for one in (answer, grid)]
    print(
        f"4,096 tokens: heatmap {sizes[0]:.2f} MB + grid {sizes[1]:.2f} MB (limit 1.5 MB); trace and first heatmap "
        f"{traced:.1f} s, other head {warm:.2f} s, exact tile {zoomed:.2f} s, grid {grid_time:.1f} s; "
        f"memory for weights {(loaded - before) / 1e9:.2f} GB, for all the rest {(peak - loaded) / 1e9:.2f} GB"
    )


DRAWN = """async (head) => {
  const view = document.querySelector(".view-heatmap").closest("[data-drawn]");
  const before = view.dataset.drawn;
  const start = performance.now();
  document.querySelector(`.grid-cell[data-layer="3"][data-head="${head}"]`).click();
  await new Promise((done) => {
    const look = () => {
      if (view.dataset.drawn !== before) requestAnimationFrame(() => setTimeout(done, 0));
      else setTimeout(look, 2);
    };
    look();
  });
  return performance.now() - start;
}"""
READY = """() => !!document.querySelector(".view-head_grid")?.closest('[data-painted="144"]')
  && !!document.querySelector(".view-heatmap")?.closest("[data-drawn]")"""
# What was sent for the grid since the last time, and from the first question to now.
GRID = """() => {
  const asked = performance.getEntriesByType("resource").filter((one) => one.name.endsWith("/calls/overview"));
  performance.clearResourceTimings();
  const bytes = asked.reduce((sum, one) => sum + one.encodedBodySize, 0);
  return { bytes, milliseconds: performance.now() - Math.min(...asked.map((one) => one.startTime)) };
}"""


def painted_grid(page: Page) -> str:
    found = page.evaluate(GRID)
    return f"{found['bytes'] / 1e6:.2f} MB, {found['milliseconds']:.0f} ms"


def measured_page(browser: Browser, url: str, tokens: int) -> str:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.set_default_timeout(180_000)
    page.goto(url + "?" + urlencode({"tab": "attention", "model": "gpt2-shape", "text": text_of(tokens)}))
    page.wait_for_function(READY)
    cold = painted_grid(page)
    page.evaluate("explorer.set({kind: 'self', attention_left_out: 'special'})")  # the same picture, asked for again
    page.wait_for_function("() => document.querySelector('.view-head_grid').closest('[data-painted=\"\"]')")
    page.wait_for_function(READY)
    warm = painted_grid(page)
    times = sorted(page.evaluate(DRAWN, head) for head in (1, 5, 2, 7, 4, 9, 3, 11, 6))
    page.close()
    return (
        f"{tokens} tokens, 144 heads: grid {cold}, from a warm trace {warm}; "
        f"head clicked to painted, median {times[len(times) // 2]:.0f} ms, worst {times[-1]:.0f} ms"
    )


def in_browser(pool: Pool) -> None:
    app = build(Settings(mode="local", model="storybook", device="cpu"), pool)
    _, url, _ = serve(app, prevent_thread_lock=True, quiet=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for tokens in (64, 128, 1024):
            print(measured_page(browser, url, tokens), flush=True)
        browser.close()
    app.blocks.close(verbose=False)


def main() -> None:
    pool = pool_of_shapes()
    in_browser(pool)
    first_heatmap(pool)
    long_view(pool)


if __name__ == "__main__":
    main()
