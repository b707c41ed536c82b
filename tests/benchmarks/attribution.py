"""Attribution figures: `uv run python -m tests.benchmarks.attribution`. Ratios are of medians in one process."""

import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import torch

from models.attribution.gradients import integrated_gradients
from models.attribution.output import Output
from models.attribution.question import question
from models.loading.loader import load
from models.neurons.peaks import read_all
from models.neurons.words import writers
from models.text.vocabulary import vocabulary

TEXT = "The wolf knocked at the door. The wolf knocked at the"
REPEATS = 5


def seconds(work: Callable[[], Any]) -> float:
    work()
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def _all_of(output: Output) -> None:
    list(integrated_gradients(output, steps=50))


def main() -> None:
    torch.set_num_threads(1)
    for name in ("storybook", "storybook-llama"):
        model = load(name, device="cpu")
        trace = model.trace(TEXT)
        output = Output(model=model, trace=trace, question=question(model, trace))
        ids = torch.tensor([[token.id for token in trace.tokens]])
        with torch.no_grad():
            bare = seconds(partial(model.network, input_ids=ids, use_cache=False))
        gradients = seconds(partial(_all_of, output))
        print(f"{name}: integrated gradients, 50 steps: {gradients / bare:.1f} bare forward passes (at most 60)")
        vocabulary(model)
        start = time.perf_counter()
        writers(model, "king")
        first = time.perf_counter() - start
        again = seconds(partial(writers, model, "door"))
        print(f"{name}: which neurons write a word: {first:.2f} s at first, {again:.3f} s then (at most 1)")
        start = time.perf_counter()
        list(read_all(model))
        print(f"{name}: largest activations over all passages, once: {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
