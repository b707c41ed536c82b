"""How long projections take at the size of GPT-2's vocabulary: `uv run python -m tests.benchmarks.projection`.

Random vectors in 2,000 groups stand for the table, since nothing is downloaded; the work is the same.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from models.projection.cache import ProjectionCache
from models.projection.methods import ProjectionSettings, principal_components
from models.projection.queue import Projections
from models.vectors.similarity import Vectors, neighbours

COUNT, WIDTH = 50_257, 768
ROUNDS = 3


def grouped_vectors(count: int = COUNT, width: int = WIDTH) -> Vectors:
    """Vectors in groups, with a few directions much wider than the rest, as embedding tables have them."""
    random = np.random.default_rng(0)
    groups = random.normal(size=(2000, width)).astype(np.float32)
    rows = groups[random.integers(0, 2000, count)] + 0.7 * random.normal(size=(count, width)).astype(np.float32)
    return Vectors((rows * np.geomspace(2, 0.1, width)).astype(np.float32))


def best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Seconds of the fastest of a few rounds: the machine may be busy with other things."""
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return min(taken)


def compare_components(vectors: Vectors) -> None:
    rows = torch.from_numpy(vectors.rows)
    product = best(lambda: rows.T @ rows)
    whole = best(lambda: principal_components(vectors, ProjectionSettings()))
    print(f"PCA of {COUNT:,} × {WIDTH}: {whole:.2f} s, which is {whole - product:.2f} s more than the bare product")


def compare_neighbours(vectors: Vectors) -> None:
    neighbours(vectors, vectors.row(0))
    print(f"10 neighbours among {COUNT:,}: {1000 * best(lambda: neighbours(vectors, vectors.row(7)), 20):.0f} ms")


def follow(vectors: Vectors, method: str, folder: Path) -> None:
    """Runs one projection as a visitor sees it, and notes the longest silence."""
    settings = ProjectionSettings(method=method)  # type: ignore[arg-type]
    queue = Projections(ProjectionCache(folder))
    began = last = time.perf_counter()
    silence, told = 0.0, None
    job = queue.ask(vectors, settings, "benchmark")
    while not job.wait(0.1):
        now = job.progress()
        if told is None or (now.share, now.stage, int(now.seconds)) != told:
            silence = max(silence, time.perf_counter() - last)
            last, told = time.perf_counter(), (now.share, now.stage, int(now.seconds))
    job.result()
    print(f"{method} of {COUNT:,}: {time.perf_counter() - began:.1f} s, longest silence {silence:.1f} s")
    again = Projections(ProjectionCache(folder))
    print(f"{method} again, from disk: {best(lambda: again.project(vectors, settings), 1):.3f} s")


def main() -> None:
    vectors = grouped_vectors()
    compare_components(vectors)
    compare_neighbours(vectors)
    with tempfile.TemporaryDirectory() as folder:
        for method in ("umap", "tsne"):
            follow(vectors, method, Path(folder))


if __name__ == "__main__":
    main()
