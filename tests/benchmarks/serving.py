"""Figures for many people at once: single stream against `generate`, a batch against a queue, flat memory.

Run with `uv run python -m tests.benchmarks.serving`; every figure is a ratio measured inside this one process.
"""

import dataclasses
import gc
import statistics
import threading
import time
from collections.abc import Callable
from typing import Any

import psutil
import torch
from transformers import ContinuousBatchingConfig, GenerationConfig, GPT2Config, GPT2LMHeadModel

from models.generation.generation_request import prepare_request
from models.generation.sampling import Sampling
from models.generation.scheduler import Scheduler, scheduler_of
from models.generation.steps import Step
from models.loading.loader import load

TEXT = "Once upon a time, there was a little girl who lived"
VISITORS = 30
TOKENS = 50


def seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def written(scheduler: Scheduler, model: Any, seed: int) -> int:
    asked = prepare_request(model, TEXT, Sampling(seed=seed, temperature=0.9), max_new_tokens=TOKENS)
    return sum(isinstance(news, Step) for news in scheduler.follow(asked))


def generate(model: Any) -> None:
    ids = torch.tensor([[token.id for token in model.tokenize(TEXT)]])
    model.network.generate(
        ids, attention_mask=torch.ones_like(ids), do_sample=True, top_k=0, temperature=0.9, pad_token_id=0,
        max_new_tokens=TOKENS, min_new_tokens=TOKENS,
    )  # fmt: skip


def single_stream(model: Any, rounds: int) -> None:
    """Tokens per second of one stream over those of bare `generate`, round by round."""
    ratios = []
    for seed in range(rounds):
        bare = seconds(lambda: generate(model)) / TOKENS
        start = time.perf_counter()
        count = written(scheduler_of(model), model, seed)
        ratios.append(bare / ((time.perf_counter() - start) / count))
    print(f"single stream over generate, {model.name}: median {statistics.median(ratios):.2f}, {rounds} rounds")


def together(model: Any) -> None:
    """30 visitors at once against one after the other."""
    queue = Scheduler(model, max_batch_size=1)
    started = time.perf_counter()
    counts = [written(queue, model, seed) for seed in range(VISITORS)]
    alone = time.perf_counter() - started
    waited = alone * (VISITORS - 1) / VISITORS
    firsts: list[float] = []
    totals: list[int] = []

    def visit(seed: int) -> None:
        count = 0
        for news in everyone.follow(
            prepare_request(model, TEXT, Sampling(seed=seed, temperature=0.9), max_new_tokens=TOKENS)
        ):
            if isinstance(news, Step):
                count += 1
                if count == 1:
                    firsts.append(time.perf_counter() - started)
        totals.append(count)

    everyone = Scheduler(model)
    threads = [threading.Thread(target=visit, args=(seed,)) for seed in range(VISITORS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    batched = time.perf_counter() - started
    gain = (sum(totals) / batched) / (sum(counts) / alone)
    print(
        f"{VISITORS} visitors, {model.name}: {sum(totals) / batched:.0f} tokens/s, {gain:.1f} × one at a time;", end=" "
    )
    print(f"last visitor's first token after {max(firsts) / waited:.3f} of the wait in a queue of one")


def continuous(model: Any) -> None:
    """The same work by transformers' continuous batching."""
    model.network.set_attn_implementation("sdpa")
    ids = [token.id for token in model.tokenize(TEXT)]
    config = GenerationConfig(  # type: ignore[no-untyped-call]
        max_new_tokens=TOKENS, do_sample=True, temperature=0.9, top_k=0, eos_token_id=-1, pad_token_id=0
    )
    settings = ContinuousBatchingConfig(per_request_processors=True)
    taken = seconds(
        lambda: model.network.generate_batch(
            [ids] * VISITORS, generation_config=config, continuous_batching_config=settings, progress_bar=False
        )
    )
    print(f"continuous batching of transformers, {model.name}: {VISITORS * TOKENS / taken:.0f} tokens/s")


def memory(model: Any) -> None:
    """What 1,000 completions leave behind."""
    process = psutil.Process()
    for seed in range(50):
        written(scheduler_of(model), model, seed)
    gc.collect()
    before = process.memory_info().rss
    for _ in range(1_000):
        asked = prepare_request(model, TEXT, Sampling(), max_new_tokens=4)
        list(scheduler_of(model).follow(asked))
    gc.collect()
    print(f"memory after 1,000 completions, {model.name}: {(process.memory_info().rss - before) / 2**20:+.1f} MiB")


def gpt2_shape(model: Any) -> Any:
    """The bundled model's tokenizer around a network of GPT-2 small's shape with random weights."""
    torch.manual_seed(0)
    network: Any = GPT2LMHeadModel(GPT2Config(bos_token_id=0, eos_token_id=0))
    network.eval()
    network.set_attn_implementation("capture")
    network.generation_config.eos_token_id = None
    network.config.eos_token_id = None
    return dataclasses.replace(model, name="GPT-2 small shape", network=network, layers=12)


def main() -> None:
    torch.set_num_threads(1)
    model = load("storybook")
    single_stream(model, rounds=11)
    together(model)
    memory(model)
    large = gpt2_shape(model)
    single_stream(large, rounds=5)
    together(large)
    continuous(large)
    continuous(model)


if __name__ == "__main__":
    main()
