"""What the installed hooks cost a run without edits: `uv run python -m tests.benchmarks.hooks`.

The same network reads the same tokens with its hooks and with the hooks of edits and readings taken out, in turns in
one process, so that whatever else the machine does falls on both. The recorder's own hooks, two for each block, stay:
without them there is no trace. Three figures: a trace of GPT-2 small's shape, a trace of few tokens, where Python
counts most, and one token read on from a cache.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import torch
from transformers import DynamicCache

from models.engine.architecture import Architecture
from models.engine.language_model import LanguageModel
from tests.benchmarks.trace import captured
from tests.models.families import text_of

LONG, SHORT, ROUNDS, REPEATS = 256, 16, 9, 4


def inner_modules(architecture: Architecture) -> Iterator[torch.nn.Module]:
    """The modules inside blocks that carry hooks for edits and readings."""
    for blocks in architecture.parts.values():
        for parts in blocks:
            yield from parts.projections.values()
            yield from (writer.module for writer in parts.attention.values())
            if parts.feed_forward is not None:
                yield parts.feed_forward.module


@contextmanager
def without_hooks(model: LanguageModel) -> Iterator[None]:
    """Takes the hooks inside blocks out, and puts them back."""
    kept = []
    for module in dict.fromkeys(inner_modules(model.architecture)):
        for hooks in (module._forward_hooks, module._forward_pre_hooks):
            kept.append((hooks, dict(hooks)))
            hooks.clear()
    try:
        yield
    finally:
        for hooks, content in kept:
            hooks.update(content)


def seconds(work: Callable[[], object]) -> float:
    """The processor's time, which other work on the machine does not stretch; meant for one thread."""
    began = time.process_time()
    work()
    return time.process_time() - began


def ratio(name: str, model: LanguageModel, work: Callable[[], object], repeats: int) -> None:
    """Prints how much longer the work takes with hooks than without: the median of many pairs."""

    def several() -> None:
        for _ in range(repeats):
            work()

    def bare() -> None:
        with without_hooks(model):
            several()

    several()
    pairs = []
    for turn in range(ROUNDS):  # who goes first changes, so that neither always finds the other's caches
        if turn % 2:
            pairs.append((seconds(several), seconds(bare)))
        else:
            pairs.append((seconds(bare), seconds(several))[::-1])
    ratios = sorted(one / other for one, other in pairs)
    middle = statistics.median(one for one, _ in pairs) / repeats
    print(f"{name:28} {middle * 1000:8.2f} ms, {statistics.median(ratios):.3f} of the time without (goal 1.02)")


def read_on(network: Any, cache: DynamicCache, ids: torch.Tensor) -> object:
    """One more token from the cache, which is then as before."""
    with torch.no_grad():
        output = network(ids, past_key_values=cache, use_cache=True)
    cache.crop(-1)
    return output


def main() -> None:
    torch.set_num_threads(1)
    model = captured()
    ratio(f"trace of {LONG} tokens", model, partial(model.trace, text_of(LONG)), 1)
    ratio(f"trace of {SHORT} tokens", model, partial(model.trace, text_of(SHORT)), REPEATS)
    cache = DynamicCache()
    with torch.no_grad():
        model.network(torch.ones(1, LONG // 4, dtype=torch.long), past_key_values=cache, use_cache=True)
    step = partial(read_on, model.network, cache, torch.ones(1, 1, dtype=torch.long))
    ratio("one token from a cache", model, step, REPEATS)


if __name__ == "__main__":
    main()
