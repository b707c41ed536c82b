"""What changes cost: hooks for those that make none, an experiment beside a plain answer, a sweep."""

import statistics
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from transformers import GPT2LMHeadModel

from tests.benchmarks.client import call
from tests.benchmarks.hooks import seconds, without_hooks
from tests.benchmarks.table import Row
from tests.benchmarks.trace import captured
from tests.benchmarks.visiting import server
from tests.models.families import text_of

TOKENS, PAIRS, ROUNDS = 256, 31, 15
TEXT = "Number {number} of the kings rode out into the dark wood and there he"
CHANGES = [{"kind": "head", "layer": 4, "head": 0, "by": "zero"}]
# Twenty tokens each that differ in one word.
CLEAN = "The old man opened the door of the little house, looked into the dark wood and called for his"
CORRUPTED = CLEAN.replace(" man ", " woman ")
PARTS = ("residual", "attention", "feed_forward")


def capture() -> list[Row]:
    """One thread reads a network of GPT-2 small's shape, with what changes need and without, in turns.

    A trace without the hooks inside blocks still records. The untouched network is transformers' own class with the
    same weights and PyTorch's attention; there nothing is recorded on either side.
    """
    torch.set_num_threads(1)
    model = captured()
    untouched: Any = GPT2LMHeadModel(model.network.config)
    untouched.eval()
    untouched.set_attn_implementation("sdpa")
    untouched.load_state_dict(model.network.state_dict())
    trace = partial(model.trace, text_of(TOKENS))

    def bare() -> None:
        with without_hooks(model):
            trace()

    return [
        _added("a trace without changes, over one with no hooks for changes", trace, bare),
        _added(
            "a forward pass here, nothing recorded or changed, over transformers' own",
            partial(_read, model.network),
            partial(_read, untouched),
        ),
    ]


def _read(network: Any) -> None:
    with torch.no_grad():
        network(torch.ones(1, TOKENS, dtype=torch.long), use_cache=False)


def _added(what: str, ours: Callable[[], object], theirs: Callable[[], object]) -> Row:
    """The middle of many pairs, and between which two quarters of them lie; who goes first changes."""
    ours(), theirs()
    ratios = []
    for turn in range(PAIRS):
        first, second = (ours, theirs) if turn % 2 else (theirs, ours)
        times = {first: seconds(first), second: seconds(second)}
        ratios.append(times[ours] / times[theirs])
    low, middle, high = statistics.quantiles(ratios, n=4)
    quarters = f"quartiles {low:.3f}, {high:.3f}"
    return Row(what=f"{what}, {TOKENS} tokens", goal="≤ 1.01", figure=f"{middle:.3f} ({quarters})", met=middle <= 1.01)


def experiment() -> list[Row]:
    """`/experiment` beside `/next_token` over HTTP, each on texts that nobody has asked for."""
    taken: dict[str, list[float]] = {"next_token": [], "experiment": []}
    with server() as app:
        for number in range(2 * ROUNDS + 2):
            name = ("next_token", "experiment")[number % 2]
            more = [CHANGES] if name == "experiment" else []
            taken[name].append(list(call(app.url, name, ["storybook", TEXT.format(number=number), *more]))[-1])
    plain, changed = (statistics.median(taken[name][1:]) for name in ("next_token", "experiment"))
    return [
        Row(
            what="`/experiment` over `/next_token`, new texts, over HTTP",
            goal="≤ 2.5 ×",
            figure=f"{changed / plain:.2f} × ({changed * 1000:.0f} ms beside {plain * 1000:.0f} ms)",
            met=changed <= 2.5 * plain,
        )
    ]


def sweep() -> list[Row]:
    """Residual, attention and feed-forward at every depth and position of twenty tokens, over HTTP.

    What the processor did is said too: that figure does not grow with what else the machine does.
    """
    with server() as app:
        list(call(app.url, "next_token", ["storybook", CLEAN]))  # the model is there
        before = app.processor_seconds()
        taken = {of: list(call(app.url, "sweep", ["storybook", CLEAN, CORRUPTED, "", "", of]))[-1] for of in PARTS}
        worked = app.processor_seconds() - before
    each = ", ".join(f"{of.replace('_', '-')} {time:.2f} s" for of, time in taken.items())
    whole = sum(taken.values())
    return [
        Row(
            what="a sweep of every depth × 20 positions × 3 parts, storybook",
            goal="≤ 4 s",
            figure=f"{whole:.2f} s ({each}; {worked:.2f} s of one core)",
            met=whole <= 4,
        )
    ]
