"""What a lens grid costs: `uv run python -m tests.benchmarks.lenses`.

64 tokens through a network of GPT-2 small's shape, its 50,257 entries at all 13 depths, against the same numbers worked
out the plain way (all logits of all depths, their logarithms, entropy, divergence, the five likeliest, the rank of the
answer), and against the bare products with the output embedding. In turns in one process, the fastest of a few rounds,
in the processor time of one thread, so that what else runs on the machine does not count: several threads wait for each
other, and on a busy machine their waiting would.
"""

import time
from collections.abc import Callable

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


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    torch.set_num_threads(1)
    model = captured()
    trace = model.trace(text_of(TOKENS))
    kinds = {"bare": bare, "plain": plainly, "ours": ours}
    for work in kinds.values():
        work(model, trace)
    taken: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(ROUNDS):
        for name, work in kinds.items():
            taken[name].append(seconds(lambda work=work: work(model, trace)))  # type: ignore[misc]
    best = {name: min(times) for name, times in taken.items()}
    print({name: f"{value:.2f} s" for name, value in best.items()})
    print(
        f"grid / plain: {best['ours'] / best['plain']:.2f} (goal: 0.6); grid / bare: {best['ours'] / best['bare']:.2f}"
    )


if __name__ == "__main__":
    main()
