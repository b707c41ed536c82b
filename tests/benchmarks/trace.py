"""What a trace costs beside transformers' own `output_attentions=True`: `uv run python -m tests.benchmarks.trace`.

A network of GPT-2 small's shape with random weights reads 1,024 tokens; the work is that of the real one. The two ways
take turns in one process, so that whatever else the machine does falls on both.
"""

import multiprocessing
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import torch
from transformers import GPT2Config, GPT2LMHeadModel

from models.engine.capture import EAGER
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.loading.assembly import assemble, preferred_attention
from models.loading.loader import AUTOMATIC, kind_of
from tests.models.families import text_of, words

TOKENS, ROUNDS = 1024, 5


def captured() -> LanguageModel:
    """The model as the explorer loads it."""
    config = GPT2Config(bos_token_id=0, eos_token_id=0)
    automatic: Any = AUTOMATIC["decoder"]
    network = automatic.from_config(config, attn_implementation=preferred_attention(automatic, config))
    return assemble("gpt2", network, words(), kind=kind_of(config), revision="benchmark")


def eager() -> Any:
    """The same shape, read the usual way."""
    config = GPT2Config(bos_token_id=0, eos_token_id=0)
    config._attn_implementation = EAGER
    network: Any = GPT2LMHeadModel(config)
    return network.eval()


def read_eagerly(network: Any) -> Any:
    with torch.no_grad():
        return network(torch.ones(1, TOKENS, dtype=torch.long), output_attentions=True, output_hidden_states=True)


def bytes_of(output: Any) -> int:
    """What attention patterns and hidden states hold."""
    return sum(tensor.numel() * tensor.element_size() for tensor in (*output.attentions, *output.hidden_states))


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def highest() -> float:
    """The most memory this process has held at once, in megabytes (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def peak(way: str, answer: Any) -> None:
    """How much one run adds to the highest memory use of a process of its own."""
    torch.set_num_threads(1)
    ways: dict[str, Callable[[], Callable[[], object]]] = {
        "trace": lambda: partial(captured().trace, text_of(TOKENS)),
        "eager": lambda: partial(read_eagerly, eager()),
    }
    work = ways[way]()
    before = highest()
    held = work()
    answer.put(highest() - before)
    del held


def peak_of(way: str) -> float:
    context = multiprocessing.get_context("spawn")
    answer = context.Queue()
    process = context.Process(target=peak, args=(way, answer))
    process.start()
    megabytes: float = answer.get(timeout=300)
    process.join()
    return megabytes


def warm_head(trace: Trace) -> float:
    """Seconds for one head's pattern, the middle one of many."""
    return statistics.median(seconds(partial(trace.attention, 5, head)) for head in range(12))


def main() -> None:
    model, network, text = captured(), eager(), text_of(TOKENS)
    model.trace(text_of(64))
    rounds = [(seconds(lambda: model.trace(text)), seconds(lambda: read_eagerly(network))) for _ in range(ROUNDS)]
    ours, theirs = (statistics.median(column) for column in zip(*rounds, strict=True))
    trace, output = model.trace(text), read_eagerly(network)
    print(f"time    trace {ours:.2f} s, eager {theirs:.2f} s: {ours / theirs:.2f} of it (goal 0.5)")
    held, whole = trace.nbytes / 1e6, bytes_of(output) / 1e6
    print(f"held    trace {held:.0f} MB, eager {whole:.0f} MB: {held / whole:.2f} of it (goal 0.33)")
    one, other = peak_of("trace"), peak_of("eager")
    print(f"peak    trace {one:.0f} MB, eager {other:.0f} MB: {one / other:.2f} of it")
    print(f"a head  {warm_head(trace) * 1000:.0f} ms from a warm trace (goal 100)")
    print(f"a tile  {seconds(lambda: trace.attention(5, 3, queries=slice(500, 756))) * 1000:.1f} ms for 256 rows")
    print(f"logits  {seconds(lambda: trace.logits_at(500)) * 1000:.0f} ms for one row")


if __name__ == "__main__":
    main()
