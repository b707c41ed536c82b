"""t-SNE and UMAP in a process of their own: it can be stopped at once, and nothing that fails in it ends the app.

Reads jobs from standard input until it ends; for each tells its progress line by line on standard output, then writes
the points there. What UMAP compiles stays compiled from one job to the next.
"""

import json
import os
import sys
import threading
import time
import warnings
from collections.abc import Callable
from typing import Any, BinaryIO

import numpy as np
from numpy import ndarray

Tell = Callable[[float, str], None]

PULSE = 0.5  # seconds between signs of life


class Channel:
    """Where progress goes; during a job it speaks twice a second or more, so that who listens can end us in time."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._last: dict[str, Any] | None = None
        threading.Thread(target=self._pulse, daemon=True).start()

    def tell(self, share: float, stage: str) -> None:
        with self._lock:
            self._last = {"share": share, "stage": stage}
            self._send(self._last)

    def points(self, points: ndarray) -> None:
        with self._lock:
            self._last = None
            self._send({"points": points.shape}, points.astype("<f4").tobytes())

    def _send(self, message: dict[str, Any], data: bytes = b"") -> None:
        try:
            self._stream.write(json.dumps(message).encode() + b"\n" + data)
            self._stream.flush()
        except OSError:  # nobody listens any more
            os._exit(1)

    def _pulse(self) -> None:
        while True:
            time.sleep(PULSE)
            with self._lock:
                if self._last:
                    self._send(self._last)


class EpochCounter:
    """The file to which UMAP's progress bar is written."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell

    def write(self, text: str) -> None:
        done, _, total = text.strip().partition("/")
        if done.isdigit() and total.isdigit():
            self._tell(int(done) / int(total), "laying the points out")

    def flush(self) -> None:
        """Nothing is held back."""


def main() -> None:
    # Libraries print to standard output; their words must not end up between ours.
    stream = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    channel = Channel(stream)
    warnings.filterwarnings("ignore")
    while line := sys.stdin.buffer.readline():
        header = json.loads(line)
        arrays = _arrays(header, sys.stdin.buffer)
        layout = {"umap": umap_layout, "tsne": tsne_layout}[header["method"]]
        channel.points(layout(header, arrays, channel.tell))


def umap_layout(header: dict[str, Any], arrays: dict[str, ndarray], tell: Tell) -> ndarray:
    """UMAP (McInnes et al. 2018) on neighbours found beforehand, starting from the first principal components."""
    tell(0.0, "compiling UMAP")
    from umap import UMAP  # noqa: PLC0415 - takes seconds; the process has to speak first

    start = arrays["start"]
    itself = np.arange(len(start), dtype=np.int32)[:, None]
    graph = (np.hstack([itself, arrays["which"]]), np.hstack([np.zeros((len(start), 1), "f4"), arrays["far"]]))
    reducer = UMAP(
        n_components=start.shape[1],
        n_neighbors=graph[0].shape[1],
        min_dist=header["min_distance"],
        init=start / max(float(np.abs(start).max()), 1e-12) * 10,  # the spread UMAP's own beginnings have
        precomputed_knn=graph,
        random_state=header["seed"],
        n_jobs=1,  # in several threads the same seed gives other points
        verbose=True,
        tqdm_kwds={"file": EpochCounter(tell), "bar_format": "{n_fmt}/{total_fmt}", "mininterval": 0.2},
    )
    return np.asarray(reducer.fit_transform(start))


def tsne_layout(header: dict[str, Any], arrays: dict[str, ndarray], tell: Tell) -> ndarray:
    """t-SNE (van der Maaten and Hinton 2008; in 2-D by interpolation, Linderman et al. 2019) on the same neighbours."""
    tell(0.0, "preparing t-SNE")
    from openTSNE import TSNEEmbedding, affinity, initialization  # noqa: PLC0415 - as above

    jobs = os.cpu_count() or 1
    which, far = arrays["which"], arrays["far"]
    likeness = affinity.joint_probabilities_nn(which, far, [_perplexity(header, far.shape[1])], n_jobs=jobs)
    embedding = TSNEEmbedding(
        initialization.rescale(arrays["start"].astype(np.float64)),
        affinity.PrecomputedAffinities(likeness, normalize=False),
        negative_gradient_method="fft" if len(far) > 2000 else "bh",
        n_jobs=jobs,
        random_state=header["seed"],
    )
    schedule = ((EARLY, {"exaggeration": 12, "momentum": 0.5}), (LATE, {"momentum": 0.8}))
    done = 0
    for steps, options in schedule:
        report = _steps_done(tell, done)
        embedding = embedding.optimize(steps, callbacks=report, callbacks_every_iters=5, **options)
        done += steps
    return np.asarray(embedding)


EARLY, LATE = 250, 500  # the steps of Belkina et al. 2019, openTSNE's own


def _steps_done(tell: Tell, before: int) -> Callable[[int, float, ndarray], None]:
    def report(step: int, _error: float, _points: ndarray) -> None:
        tell((before + step) / (EARLY + LATE), "laying the points out")

    return report


def _perplexity(header: dict[str, Any], neighbours: int) -> float:
    """A third of the neighbours at most: further out, there is nothing to spread over."""
    return min(float(header["perplexity"]), max(neighbours / 3, 1.0))


def _arrays(header: dict[str, Any], stream: BinaryIO) -> dict[str, ndarray]:
    arrays = {}
    for name, (shape, kind) in header["arrays"].items():
        size = int(np.prod(shape)) * np.dtype(kind).itemsize
        arrays[name] = np.frombuffer(stream.read(size), dtype=kind).reshape(shape)
    return arrays


if __name__ == "__main__":
    main()
