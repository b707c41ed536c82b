"""A network of GPT-2 small's shape with random weights: long texts on the page, and what a trace costs."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from playwright.sync_api import Page
from transformers import AutoTokenizer, GPT2Config, GPT2LMHeadModel

import models
from models import load
from tests.benchmarks.table import Row
from tests.benchmarks.visiting import SETTLED, chromium, page_of, server, visitor

STORYBOOK = Path(models.__file__).parent / "bundled" / "storybook"
WORDS = ["the", "old", "king", "rode", "into", "the", "dark", "wood", "and", "saw", "a", "little", "house"]
LONG, SHORT, TRACED = 4_096, 64, 256
ROUNDS = 15
# Times in milliseconds: when the run was there, the first row of the overview, the heatmap.
LOOK = """() => {
  window.seen = {};
  performance.setResourceTimingBufferSize(2000);
  const timer = setInterval(() => {
    const now = performance.now();
    const mark = (name, is) => { if (is && !(name in seen)) seen[name] = now; };
    const grid = document.querySelector(".view-head_grid")?.closest("[data-painted]");
    const map = document.querySelector(".view-heatmap")?.closest("[data-drawn]");
    mark("run", explorer.state.main && explorer.state.main.tokens.length > %(tokens)d);
    if (!seen.run) { window.before = map?.dataset.drawn; return; }
    mark("heatmap", map && map.dataset.drawn !== window.before);
    const row = performance.getEntriesByType("resource").find((one) =>
      one.name.endsWith("/calls/overview") && one.startTime > seen.run - 50);
    if (row && row.responseStart) mark("row", true);
    if (grid?.dataset.painted === "144" && seen.heatmap) { mark("grid", true); clearInterval(timer); }
  }, 5);
}"""
SENT = """() => {
  const sum = (name) => performance.getEntriesByType("resource")
    .filter((one) => one.name.endsWith(name) && one.startTime > seen.run - 50)
    .reduce((all, one) => all + one.encodedBodySize, 0) / 1e6;
  return { heatmap: sum("/calls/heatmap"), overview: sum("/calls/overview") };
}"""


def text_of(tokens: int) -> str:
    return " " + " ".join((WORDS * (tokens // len(WORDS) + 1))[:tokens])


@contextmanager
def folder_of_shape() -> Iterator[Path]:
    """A folder with such a model, which reads 4,096 tokens."""
    torch.manual_seed(0)
    tokenizer = AutoTokenizer.from_pretrained(STORYBOOK)
    shape = GPT2Config(vocab_size=len(tokenizer), n_positions=LONG, bos_token_id=0, eos_token_id=0)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "gpt2-shape"
        GPT2LMHeadModel(shape).save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        yield folder


def looked(page: Page, text: str) -> tuple[dict[str, float], dict[str, float]]:
    """When everything stood after Enter, and the megabytes that came for it."""
    page.evaluate(LOOK % {"tokens": len(text.split()) - 1})
    page.get_by_label("Text", exact=True).fill(text)
    page.get_by_label("Text", exact=True).press("Enter")
    page.wait_for_function("seen.grid")
    page.wait_for_function(SETTLED)
    return page.evaluate("seen"), page.evaluate(SENT)


def long_texts() -> list[Row]:
    """Attention of a text of 64 and one of 4,096 tokens."""
    with folder_of_shape() as folder, server(EXPLORER_MODEL=str(folder)) as app, chromium() as browser:
        page = page_of(visitor(browser))
        page.goto(f"{app.url}?tab=attention&text=The king")
        page.wait_for_function(SETTLED)
        _short, small = looked(page, text_of(SHORT))
        seen, sent = looked(page, text_of(LONG))
    heatmap, row = (seen["heatmap"] - seen["run"]) / 1000, (seen["row"] - seen["run"]) / 1000
    whole = sent["heatmap"] + sent["overview"]
    return [
        Row(
            what=f"heads 144 × {SHORT} tokens, bytes",
            goal="≤ 0.7 MB",
            figure=f"{small['overview']:.2f} MB",
            met=small["overview"] <= 0.7,
        ),
        Row(
            what=f"{LONG} tokens, GPT-2 small's shape: heatmap after the run",
            goal="≤ 1.5 s",
            figure=f"{heatmap:.2f} s",
            met=heatmap <= 1.5,
        ),
        Row(what="its view's bytes", goal="≤ 1.5 MB", figure=f"{whole:.2f} MB", met=whole <= 1.5),
        Row(
            what="all heads: first row after the run",
            goal="≤ 1 s",
            figure=f"{row:.2f} s (all after {(seen['grid'] - seen['run']) / 1000:.1f} s)",
            met=row <= 1,
        ),
    ]


def trace() -> list[Row]:
    """A trace beside the bare forward pass with fused attention and the logits of one row, turn by turn."""
    torch.set_num_threads(1)
    with folder_of_shape() as folder:
        model = load(str(folder), device="cpu")
        bare: Any = GPT2LMHeadModel.from_pretrained(folder, attn_implementation="sdpa")
        bare.eval()
    ratios = []
    for turn in range(ROUNDS):
        text = f"{text_of(TRACED - 1)} {WORDS[turn % len(WORDS)]}"
        ids = torch.tensor([[token.id for token in model.tokenize(text)]])
        began = time.perf_counter()
        with torch.inference_mode():
            bare(ids, use_cache=False, logits_to_keep=1)
        half = time.perf_counter()
        model.trace(text).logits_at(-1)
        ratios.append((time.perf_counter() - half) / (half - began))
    ratio = statistics.median(ratios[1:])
    return [
        Row(
            what=f"trace over a bare sdpa forward with one logit row, {TRACED} tokens",
            goal="≤ 1.08",
            figure=f"{ratio:.2f} (quartiles {statistics.quantiles(ratios[1:])[0]:.2f}, "
            f"{statistics.quantiles(ratios[1:])[2]:.2f})",
            met=ratio <= 1.08,
        )
    ]
