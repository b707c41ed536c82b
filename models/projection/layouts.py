"""t-SNE and UMAP: what runs in the worker process. Imports neither torch nor Gradio.

`start_worker` prepares a fresh process; the layout functions tell how far they are through `tell`.
"""

import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, MutableSequence
from enum import IntEnum
from multiprocessing import parent_process

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from models.vectors.nearest import nearest

NEIGHBOURS_SHARE = 0.3  # of the whole work, the part before the layout
EARLY, LATE = 250, 500  # the steps of Belkina et al. 2019, openTSNE's own


class Stage(IntEnum):
    """What a layout is busy with; a number, because that is what goes from process to process."""

    STARTING = 0
    NEIGHBOURS = 1
    COMPILING = 2
    PREPARING = 3
    PLACING = 4


_progress: list[MutableSequence[float]] = []


def start_worker(progress: MutableSequence[float]) -> None:
    """Prepares a fresh process: `progress` is memory shared with the app, for the stage and the share done."""
    _progress[:] = [progress]
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # compiled code never looks at Python's own handlers
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # libraries print there
    warnings.filterwarnings("ignore")
    threading.Thread(target=_end_with_the_app, daemon=True).start()


def _end_with_the_app() -> None:
    """An app that was killed cannot end its worker; the worker then ends itself."""
    if parent := parent_process():
        parent.join()
        os._exit(1)


def tell(stage: Stage, share: float) -> None:
    """Notes how far the layout is, from 0 to 1, where the app can read it."""
    for progress in _progress:
        progress[0], progress[1] = float(stage), share


def umap_layout(
    points: Float32[ndarray, "point component"],
    start: Float32[ndarray, "point axis"],
    *,
    neighbours: int,
    min_distance: float,
    seed: int,
) -> Float32[ndarray, "point axis"]:
    """UMAP (McInnes et al. 2018) on exact neighbours, starting from the first principal components."""
    indices, distances = _neighbours(points, neighbours - 1)
    tell(Stage.COMPILING, NEIGHBOURS_SHARE)
    from umap import UMAP  # noqa: PLC0415 - takes seconds; the process has to say so first

    itself = np.arange(len(start), dtype=np.int32)[:, None]
    graph = (np.hstack([itself, indices]), np.hstack([np.zeros((len(start), 1), "f4"), distances]))
    reducer = UMAP(
        n_components=start.shape[1],
        n_neighbors=graph[0].shape[1],
        min_dist=min_distance,
        init=start / max(float(np.abs(start).max()), 1e-12) * 10,  # the spread UMAP's own beginnings have
        precomputed_knn=graph,
        random_state=seed,
        n_jobs=1,  # in several threads the same seed gives other points
        verbose=True,
        tqdm_kwds={"file": EpochCounter(), "bar_format": "{n_fmt}/{total_fmt}", "mininterval": 0.2},
    )
    return np.asarray(reducer.fit_transform(start), dtype=np.float32)


def tsne_layout(
    points: Float32[ndarray, "point component"], start: Float32[ndarray, "point axis"], *, perplexity: float, seed: int
) -> Float32[ndarray, "point axis"]:
    """t-SNE (van der Maaten and Hinton 2008; in 2-D by interpolation, Linderman et al. 2019) on exact neighbours."""
    indices, distances = _neighbours(points, int(3 * perplexity))
    tell(Stage.PREPARING, NEIGHBOURS_SHARE)
    from openTSNE import TSNEEmbedding, affinity, initialization  # noqa: PLC0415 - as above

    jobs = os.cpu_count() or 1
    # A third of the neighbours at most: further out, there is nothing to spread over.
    perplexity = min(perplexity, max(distances.shape[1] / 3, 1.0))
    affinities = affinity.joint_probabilities_nn(indices, distances, [perplexity], n_jobs=jobs)
    embedding = TSNEEmbedding(
        initialization.rescale(start.astype(np.float64)),
        affinity.PrecomputedAffinities(affinities, normalize=False),
        negative_gradient_method="fft" if len(start) > 2000 else "bh",
        n_jobs=jobs,
        random_state=seed,
    )
    embedding = embedding.optimize(EARLY, exaggeration=12, momentum=0.5, **_reports_after(0))
    embedding = embedding.optimize(LATE, momentum=0.8, **_reports_after(EARLY))
    return np.asarray(embedding, dtype=np.float32)


class EpochCounter:
    """The file to which UMAP's progress bar is written."""

    def write(self, text: str) -> None:
        done, _, total = text.strip().partition("/")
        if done.isdigit() and total.isdigit():
            _placed(int(done) / int(total))

    def flush(self) -> None:
        """Nothing is held back."""


def _neighbours(points: Float32[ndarray, "point component"], count: int) -> tuple[ndarray, ndarray]:
    tell(Stage.NEIGHBOURS, 0.0)
    return nearest(points, count, lambda share: tell(Stage.NEIGHBOURS, share * NEIGHBOURS_SHARE))


def _placed(share: float) -> None:
    tell(Stage.PLACING, NEIGHBOURS_SHARE + share * (1 - NEIGHBOURS_SHARE))


def _reports_after(steps: int) -> dict[str, int | Callable[[int, float, ndarray], None]]:
    """OpenTSNE's options for a report every few steps, `steps` of which are done before."""

    def report(step: int, _error: float, _points: ndarray) -> None:
        _placed((steps + step) / (EARLY + LATE))

    return {"callbacks": report, "callbacks_every_iters": 5}
