"""What a waterfall costs in forward passes: `uv run python -m tests.benchmarks.contributions`.

A text of 64 tokens through storybook and through a network of GPT-2 small's shape; the trace is there, as on the page,
nothing of the contributions is. In turns with the bare forward pass in one process, the fastest of a few rounds.
"""

import time
from collections.abc import Callable

import torch

from models import load
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from tests.benchmarks.trace import captured
from tests.models.families import text_of

TOKENS, ROUNDS = 64, 7
GOALS = {"part": 2, "head": 3}
PROSE = "Once upon a time, there was a little girl who lived in a house near the great wood with her mother. " * 3


@torch.no_grad()
def bare(model: LanguageModel, trace: Trace) -> None:
    model.network(input_ids=torch.tensor([[token.id for token in trace.tokens]]))


def asked(model: LanguageModel, trace: Trace, by: str) -> None:
    trace.derived.drop(lambda _key: True)
    trace.contributions(by=by)


def fastest(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    torch.set_num_threads(2)
    models = {"storybook": (load("storybook", device="cpu"), PROSE), "GPT-2 small shape": (captured(), text_of(TOKENS))}
    for name, (model, text) in models.items():
        trace = model.trace(text)
        works: dict[str, Callable[[], object]] = {"bare": lambda m=model, t=trace: bare(m, t)}  # type: ignore[misc]
        works |= {by: lambda m=model, t=trace, b=by: asked(m, t, b) for by in GOALS}  # type: ignore[misc]
        taken: dict[str, list[float]] = {key: [] for key in works}
        for _ in range(ROUNDS):
            for key, work in works.items():
                taken[key].append(fastest(work))
        best = {key: min(times) for key, times in taken.items()}
        for by, goal in GOALS.items():
            print(f"{name}, {len(trace.tokens)} tokens, by {by}: {best[by] / best['bare']:.2f} bare passes (≤ {goal})")


if __name__ == "__main__":
    main()
