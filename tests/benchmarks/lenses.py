"""What a lens grid costs: `uv run python -m tests.benchmarks.lenses`.

64 tokens through a network of GPT-2 small's shape, its 50,257 entries at all 13 depths, against the same numbers worked
out the plain way (all logits of all depths, their logarithms, entropy, divergence, the five likeliest, the rank of the
answer), and against the bare products with the output embedding. In turns in one process, the fastest of a few rounds:
once in the processor time of one thread, so that what else runs on the machine does not count, and once in the seconds
of a clock with two threads, as the app has them; those wait for each other, so that figure wants a quiet machine.
"""

import time
from collections.abc import Callable
from functools import partial

import numpy as np
import torch

from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.lenses.grid import lens_grid
from tests.benchmarks.trace import captured
from tests.models.families import text_of

TOKENS, ROUNDS = 64, 4


@torch.no_grad()
def bare(model: LanguageModel, trace: Trace) -> torch.Tensor:
    """The logits of all depths, and nothing else."""
    unembedding = model.architecture.unembedding
    assert unembedding is not None
    return unembedding(torch.from_numpy(np.array(trace.residual)))


def plainly(model: LanguageModel, trace: Trace) -> None:
    logs = bare(model, trace).log_softmax(-1)
    shares = logs.exp()
    _entropy = -(shares * logs).sum(-1)
    _divergence = (shares[-1] * (logs[-1] - logs)).sum(-1)
    _top = shares.topk(5)
    answer = logs[-1].argmax(-1)[None, :, None].expand(len(logs), -1, 1)
    _rank = (logs > logs.gather(2, answer)).sum(-1)


def ours(model: LanguageModel, trace: Trace) -> None:
    trace.derived.drop(lambda _key: True)
    lens_grid(model, trace, top=5)


def seconds(work: Callable[[], object], clock: Callable[[], float]) -> float:
    began = clock()
    work()
    return clock() - began


def measured(model: LanguageModel, trace: Trace, clock: Callable[[], float]) -> str:
    kinds = {"bare": bare, "plain": plainly, "ours": ours}
    for work in kinds.values():
        work(model, trace)
    taken: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(ROUNDS):
        for name, work in kinds.items():
            taken[name].append(seconds(partial(work, model, trace), clock))
    best = {name: min(times) for name, times in taken.items()}
    each = ", ".join(f"{name} {value:.2f} s" for name, value in best.items())
    return f"{best['ours'] / best['plain']:.2f} of plain (≤ 0.6), {best['ours'] / best['bare']:.2f} of bare; {each}"


def main() -> None:
    model = captured()
    trace = model.trace(text_of(TOKENS))
    for threads, clock in ((1, time.process_time), (2, time.perf_counter)):
        torch.set_num_threads(threads)
        print(f"grid, {threads} thread(s): {measured(model, trace, clock)}", flush=True)


if __name__ == "__main__":
    main()
