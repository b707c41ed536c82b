"""A GPU proved by one command: `uv run python -m tests.benchmarks.gpu`. First whether it is right, then how fast.

Ten minutes on a data-centre card. The table, with the card's name, is written to `gpu.md`. `--device cpu --small` runs
the same code on small shapes without one, in a few minutes, and writes nothing: it shows that the command works.
"""

import argparse
import datetime as dt
import gc
import statistics
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers

from models.attention.pattern_spec import PatternSpec
from models.attention.summaries import layer_summary
from models.engine.language_model import LanguageModel
from models.generation.generation_request import prepare_request
from models.generation.sampling import Sampling
from models.generation.scheduler import Scheduler
from models.generation.steps import Step
from models.loading.assembly import assemble, preferred_attention
from models.loading.devices import PROCESSOR
from models.projection.methods import ProjectionSettings, principal_components
from models.vectors.similarity import Vectors, neighbours
from tests.benchmarks.table import Row
from tests.models.devices import checks
from tests.models.families import FAMILIES, text_of, words

FILE = Path(__file__).with_name("gpu.md")
ROUNDS = 5
VISITORS, TOKENS = 30, 50
PEAKED = 4
FEW = ("gpt2", "llama", "gemma2", "gpt_oss", "bert", "t5")
Check = Callable[[str, str, torch.dtype], None]


@dataclass(frozen=True)
class Sizes:
    """How large the networks and tables measured are."""

    billion: dict[str, int]
    grid: dict[str, int]
    eight: dict[str, int]
    text: int
    long: int
    table: tuple[int, int]


LLAMA_1B = {
    "hidden_size": 2048, "num_hidden_layers": 16, "num_attention_heads": 32, "num_key_value_heads": 8,
    "intermediate_size": 8192, "vocab_size": 128_256,
}  # fmt: skip
LLAMA_8B = LLAMA_1B | {"hidden_size": 4096, "num_hidden_layers": 32, "intermediate_size": 14_336}
GRID = LLAMA_8B | {"intermediate_size": 1024, "vocab_size": 1024}
TINY = {
    "hidden_size": 128, "num_hidden_layers": 3, "num_attention_heads": 4, "num_key_value_heads": 2,
    "intermediate_size": 256, "vocab_size": 1024,
}  # fmt: skip
WHOLE = Sizes(LLAMA_1B, GRID, LLAMA_8B, text=1024, long=4096, table=(128_000, 4096))
SMALL = Sizes(TINY, TINY, TINY, text=128, long=512, table=(4000, 128))


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.gpu", description="Is it right on a GPU, and how fast?")
    parser.add_argument("--device", help="the device, by default the GPU there is")
    parser.add_argument("--small", action="store_true", help="few families and small shapes")
    asked = parser.parse_args()
    device = asked.device or checks.gpu()
    if device is None:
        parser.exit(1, "PyTorch sees no GPU here. --device cpu --small shows that the command works.\n")
    transformers.logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    start = time.perf_counter()
    rows = [*correctness(device, few=asked.small), *figures(device, SMALL if asked.small else WHOLE)]
    text = table(rows, device, time.perf_counter() - start)
    print(f"\n{text}")
    if device != PROCESSOR and not asked.small:
        FILE.write_text(text, "utf-8")


def table(rows: list[Row], device: str, seconds: float) -> str:
    """The rows as Markdown, under the card's name."""
    day = dt.datetime.now(dt.UTC).date()
    lines = [
        f"# On {card(device)}",
        "",
        f"{day}, PyTorch {torch.__version__}, transformers {transformers.__version__}, {seconds / 60:.1f} minutes.",
        "",
        "| what | goal | figure | |",
        "| --- | --- | --- | --- |",
        *(f"| {row.what} | {row.goal} | {row.figure} | {'met' if row.met else '**missed**'} |" for row in rows),
    ]
    return "\n".join(lines) + "\n"


def card(device: str) -> str:
    """What the device is called by its maker."""
    if device == PROCESSOR:
        return "the processor"
    module: Any = torch.get_device_module(device)
    return str(module.get_device_name()) if hasattr(module, "get_device_name") else device


def correctness(device: str, *, few: bool) -> Iterator[Row]:
    """Every family, and what is built on top, in single precision and bfloat16, against transformers there."""
    for precision in (torch.float32, torch.bfloat16):
        name = str(precision).removeprefix("torch.")
        families = FEW if few else tuple(FAMILIES)
        yield counted(f"families, {name}", families, checks.check_family, device, precision)
        decoders = ("gpt2", "llama")
        yield counted(f"a head switched off, {name}", decoders, checks.check_changes, device, precision)
        yield counted(f"logit lens at every depth, {name}", decoders, checks.check_lens, device, precision)
        yield counted(f"parts add up to the logit, {name}", decoders, checks.check_sums, device, precision)
        yield counted(f"seeds alone and in company, {name}", decoders, checks.check_seeds, device, precision)
    yield counted("storybook as on the processor", ("storybook",), lambda _case, place, _: checks.check_bundled(place),
                  device, torch.float32)  # fmt: skip


def counted(what: str, cases: tuple[str, ...], check: Check, device: str, precision: torch.dtype) -> Row:
    """How many of the cases are right; what is wrong with the others is printed."""
    wrong = []
    for case in cases:
        try:
            check(case, device, precision)
        except Exception as error:  # noqa: BLE001 - one broken family must not hide the others
            wrong.append(case)
            place = traceback.extract_tb(error.__traceback__)[-1]
            print(f"  {what}: {case}: {type(error).__name__}: {error} ({place.filename}:{place.lineno})", flush=True)
        checks.placed.cache_clear()
    figure = f"{len(cases) - len(wrong)} of {len(cases)}" + (f"; wrong: {', '.join(wrong)}" if wrong else "")
    return told(Row(what=what, goal="all, as transformers", figure=figure, met=not wrong))


def figures(device: str, sizes: Sizes) -> Iterator[Row]:
    """The figures of the table; one that fails is a missed row, and the next is measured."""
    for measure in (a_trace, an_overview, a_head, visitors, eight_billion, components):
        try:
            yield from map(told, measure(device, sizes))
        except Exception as error:  # noqa: BLE001 - as above
            yield told(Row(what=measure.__name__, goal="runs", figure=f"{type(error).__name__}: {error}", met=False))
        gc.collect()
        if device != PROCESSOR:
            getattr(torch.get_device_module(device), "empty_cache", lambda: None)()


def a_trace(device: str, sizes: Sizes) -> Iterator[Row]:
    with shape(sizes.billion, device) as model:
        text = text_of(sizes.text)
        ids = torch.tensor([[token.id for token in model.tokenize(text)]], device=device)
        model.network.set_attn_implementation("sdpa")
        bare = median(lambda: bare_forward(model.network, ids), device)
        model.network.set_attn_implementation("capture")
        traced = median(lambda: model.trace(text), device)
    what = f"trace of {sizes.text:,} tokens, {model.parameters / 1e9:.1f} B parameters, over a bare sdpa forward"
    figure = f"{traced / bare:.2f} × ({1e3 * traced:.0f} ms over {1e3 * bare:.0f} ms)"
    yield Row(what=what, goal="≤ 1.3 ×", figure=figure, met=traced <= 1.3 * bare)


@torch.no_grad()
def bare_forward(network: Any, ids: torch.Tensor) -> None:
    network(input_ids=ids, use_cache=False, logits_to_keep=1)


def an_overview(device: str, sizes: Sizes) -> Iterator[Row]:
    with shape(sizes.grid, device) as model:
        trace = model.trace(text_of(sizes.text))

        def overview() -> None:
            trace.derived.drop(lambda _key: True)
            for layer in range(trace.layers):
                layer_summary(trace, PatternSpec(), layer).cells.tobytes()

        taken = median(overview, device, rounds=3)
    what = f"overview of {trace.layers} × {trace.heads} heads, {sizes.text:,} tokens, asked → bytes ready"
    yield Row(what=what, goal="≤ 0.15 s", figure=f"{taken:.2f} s", met=taken <= 0.15)


def a_head(device: str, sizes: Sizes) -> Iterator[Row]:
    with shape(sizes.billion, device) as model:
        trace = model.trace(text_of(sizes.long))
        taken = median(lambda: trace.attention(0, 0), device)
    figure = f"{1e3 * taken:.0f} ms"
    yield Row(what=f"one head of {sizes.long:,} tokens", goal="≤ 20 ms", figure=figure, met=taken <= 0.02)


def visitors(device: str, sizes: Sizes) -> Iterator[Row]:
    """Many at once over one after the other, and one stream over `generate`."""
    with shape(sizes.billion, device) as model:
        text = text_of(12)
        single = Scheduler(model)
        taken(lambda: written(single, model, text, 0), device)
        alone = statistics.median(taken(lambda s=seed: written(single, model, text, s), device) for seed in range(3))  # type: ignore[misc]
        ids = torch.tensor([[token.id for token in model.tokenize(text)]], device=device)
        generated = median(lambda: generate(model.network, ids), device, rounds=3)
        everyone = Scheduler(model)
        counts: list[int] = []
        threads = [
            threading.Thread(target=lambda s=seed: counts.append(written(everyone, model, text, s)))
            for seed in range(VISITORS)
        ]
        together = taken(lambda: run_all(threads), device)
        if sum(counts) != VISITORS * TOKENS:
            raise AssertionError(f"{VISITORS} visitors got {counts} tokens, not {TOKENS} each")
    ratio, gain = generated / alone, VISITORS * alone / together
    yield Row(what="one stream over `generate`", goal="≥ 0.9 ×", met=ratio >= 0.9,
              figure=f"{ratio:.2f} × ({TOKENS / alone:.0f} tokens/s)")  # fmt: skip
    yield Row(what=f"{VISITORS} visitors completing over one at a time", goal="≥ 15 ×", met=gain >= 15,
              figure=f"{gain:.1f} × ({VISITORS * TOKENS / together:.0f} tokens/s)")  # fmt: skip


def written(scheduler: Scheduler, model: LanguageModel, text: str, seed: int) -> int:
    asked = prepare_request(model, text, Sampling(seed=seed, temperature=0.9), max_new_tokens=TOKENS)
    return sum(isinstance(news, Step) for news in scheduler.follow(asked))


def generate(network: Any, ids: torch.Tensor) -> None:
    network.generate(
        ids, attention_mask=torch.ones_like(ids), do_sample=True, top_k=0, temperature=0.9, pad_token_id=0,
        max_new_tokens=TOKENS, min_new_tokens=TOKENS,
    )  # fmt: skip


def run_all(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def eight_billion(device: str, sizes: Sizes) -> Iterator[Row]:
    module: Any = torch if device == PROCESSOR else torch.get_device_module(device)
    if hasattr(module, "reset_peak_memory_stats"):
        module.reset_peak_memory_stats()
    with shape(sizes.eight, device) as model:
        trace = model.trace(text_of(sizes.long))
        works = bool(np.isfinite(trace.logits_at(-1)).all())
    peak = module.max_memory_allocated() / 1e9 if hasattr(module, "max_memory_allocated") else None
    what = f"{model.parameters / 1e9:.1f} B parameters, {model.precision}, {sizes.long:,} tokens"
    yield Row(what=what, goal="works, ≤ 30 GB", figure="works" + ("" if peak is None else f", {peak:.1f} GB"),
              met=works and (peak is None or peak <= 30))  # fmt: skip


def components(device: str, sizes: Sizes) -> Iterator[Row]:
    vectors = Vectors(np.random.default_rng(0).standard_normal(sizes.table, dtype=np.float32), device=device)
    projected = median(lambda: principal_components(vectors, ProjectionSettings()), device, rounds=2)
    count, width = sizes.table
    yield Row(what=f"PCA of {count:,} × {width:,}", goal="≤ 1 s", figure=f"{projected:.2f} s", met=projected <= 1)
    found = median(lambda: neighbours(vectors, vectors.rows[7]), device)
    yield Row(what="neighbours of a token there", goal="≤ 10 ms", figure=f"{1e3 * found:.0f} ms", met=found <= 0.01)


@contextmanager
def shape(settings: dict[str, int], device: str) -> Iterator[LanguageModel]:
    """A Llama of this shape with random weights there; its words are those of the tests."""
    given: dict[str, Any] = settings | {"max_position_embeddings": 8192, "tie_word_embeddings": False}
    config = transformers.LlamaConfig(**given, bos_token_id=1, eos_token_id=None, pad_token_id=0)
    torch.manual_seed(0)
    automatic: Any = transformers.AutoModelForCausalLM
    way = preferred_attention(automatic, config)
    with torch.device(device):
        network = automatic.from_config(config, dtype=torch.bfloat16, attn_implementation=way)
    with torch.no_grad():  # logits as far apart as a trained model's: random ones are all near ties
        network.lm_head.weight.mul_(PEAKED)
    yield assemble("random Llama", network, words(), kind="decoder", revision="benchmark")


def median(work: Callable[[], Any], device: str, rounds: int = ROUNDS) -> float:
    """Seconds of the work, once to warm up and then the median of some rounds."""
    taken(work, device)
    return statistics.median(taken(work, device) for _ in range(rounds))


def taken(work: Callable[[], Any], device: str) -> float:
    """Seconds until the work is done, on the device too."""
    begun = time.perf_counter()
    work()
    if device != PROCESSOR:
        torch.accelerator.synchronize()
    return time.perf_counter() - begun


def told(row: Row) -> Row:
    print(f"{row.what}: {row.figure} (goal {row.goal})", flush=True)
    return row


if __name__ == "__main__":
    main()
