"""How far the page is behind the model: 100 tokens from the click on Write to the last one painted, in Chromium.

Run with `uv run python -m tests.benchmarks.painting`. Bare `generate` of the same text is timed in between, in the same
process; goal: at most 1.3 times its time and 150 ms.
"""

import statistics
import time
from typing import Any

import torch
from playwright.sync_api import Page, sync_playwright

from explorer.launch import build, serve
from explorer.pool_factory import pool_for
from explorer.settings import Settings
from tests.conftest import CHROMIUM

TEXT = "Once upon a time, there was a little girl who lived"
TOKENS = 100
ROUNDS = 7
GOAL_RATIO, GOAL_MS = 1.3, 150

# From the click to the frame after the last token is on the page.
WRITE = """async (tokens) => {
  const strip = document.querySelector(".view-writing .stream-tokens");
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const start = performance.now();
  document.querySelector(".view-writing [data-do=write]").click();
  while (strip.children.length >= tokens) await frame(); // what was there before goes away first
  while (strip.children.length < tokens) await frame();
  await frame();
  return performance.now() - start;
}"""


def generated(model: Any) -> tuple[list[int], float]:
    """The ids of bare greedy `generate`, and its milliseconds."""
    ids = torch.tensor([[token.id for token in model.tokenize(TEXT)]])
    start = time.perf_counter()
    whole = model.network.generate(
        ids, attention_mask=torch.ones_like(ids), do_sample=False, pad_token_id=0, max_new_tokens=TOKENS
    )
    return whole[0, ids.shape[1] :].tolist(), 1000 * (time.perf_counter() - start)


def rounds(page: Page, model: Any) -> tuple[list[float], list[float]]:
    """Milliseconds painted and bare, turn by turn; the texts must be the same."""
    painted, bare = [], []
    for _ in range(ROUNDS + 1):  # the first of each warms up
        painted.append(page.evaluate(WRITE, TOKENS))
        ids, milliseconds = generated(model)
        bare.append(milliseconds)
        page.wait_for_function("(ids) => String(explorer.state.written_ids) === String(ids)", arg=ids)
    return painted[1:], bare[1:]


def main() -> None:
    settings = Settings(mode="local", model="storybook", device="cpu")
    pool = pool_for(settings)
    app = build(settings, pool)
    _, url, _ = serve(app, prevent_thread_lock=True, quiet=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_default_timeout(120_000)
        page.goto(f"{url}?tab=completion&greedy=true&length={TOKENS}&text={TEXT}")
        page.wait_for_selector(".view-distribution tbody tr")
        painted, bare = rounds(page, pool.model("storybook"))
        browser.close()
    app.blocks.close(verbose=False)
    one, other = statistics.median(painted), statistics.median(bare)
    print(f"{TOKENS} tokens painted: median {one:.0f} ms (from {min(painted):.0f} to {max(painted):.0f})")
    print(f"bare generate: median {other:.0f} ms (from {min(bare):.0f} to {max(bare):.0f})")
    print(f"goal {GOAL_RATIO} × bare + {GOAL_MS} ms = {GOAL_RATIO * other + GOAL_MS:.0f} ms")


if __name__ == "__main__":
    main()
