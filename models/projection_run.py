"""One t-SNE or UMAP from beginning to end: components, neighbours, then the process that lays the points out."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from models.errors import InputError, ModelError
from models.nearest import nearest
from models.projection import Projection, ProjectionSettings

Report = Callable[[float, str], None]

FEWEST_POINTS = 5
NEIGHBOURS_SHARE = 0.3  # of the whole work, the part before the layout
ROOT = Path(__file__).parents[1]


class ProjectionFailed(ModelError):  # noqa: N818 - named like its siblings in `errors`
    """The library that lays the points out gave up."""


def laid_out(components: Projection, settings: ProjectionSettings, report: Report) -> Projection:
    """The points of a t-SNE or UMAP; `report` hears share and stage at least once a second, and may raise to stop.

    Neighbours are looked for among the principal components given, whose share of the variance the result states.
    """
    count = len(components.points)
    if count < FEWEST_POINTS:
        raise InputError(f"{_name(settings)} needs at least {FEWEST_POINTS} points, and here are {count}; choose PCA.")
    wanted = settings.neighbours - 1 if settings.method == "umap" else int(3 * settings.perplexity)
    which, far = nearest(
        components.points, wanted, lambda share: report(share * NEIGHBOURS_SHARE, "looking for neighbours")
    )
    start = np.ascontiguousarray(components.points[:, : settings.dimensions])
    arrays = {"start": _spread(start, settings), "which": which, "far": far}
    points = _in_process(arrays, settings, report)
    if not np.isfinite(points).all():
        raise ProjectionFailed(f"{_name(settings)} lost its way with these settings; choose others, or PCA.")
    return replace(components, settings=settings, points=points)


def _name(settings: ProjectionSettings) -> str:
    return {"umap": "UMAP", "tsne": "t-SNE", "pca": "PCA"}[settings.method]


def _spread(start: Float32[ndarray, "point axis"], settings: ProjectionSettings) -> Float32[ndarray, "point axis"]:
    """The beginning of the layout; two points that coincide could never part, so each is moved by a hair."""
    if start.shape[1] < settings.dimensions:
        start = np.pad(start, ((0, 0), (0, settings.dimensions - start.shape[1])))
    scale = max(float(np.abs(start).max()), 1e-6) * 1e-4
    noise = np.random.default_rng(settings.seed).normal(scale=scale, size=start.shape)
    return (start + noise).astype(np.float32)


def _in_process(
    arrays: dict[str, ndarray], settings: ProjectionSettings, report: Report
) -> Float32[ndarray, "point axis"]:
    header = {
        "method": settings.method,
        "seed": settings.seed,
        "perplexity": settings.perplexity,
        "min_distance": settings.min_distance,
        "arrays": {name: (array.shape, array.dtype.str) for name, array in arrays.items()},
    }
    with tempfile.TemporaryFile() as complaints, _process(complaints) as process:
        report(NEIGHBOURS_SHARE, "starting")
        try:
            _send(process.stdin, header, arrays)
            return _receive(process.stdout, report)
        except (BrokenPipeError, EOFError) as error:
            raise ProjectionFailed(f"{_name(settings)} stopped early: {_last_line(complaints)}") from error


@contextmanager
def _process(complaints: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """The process, which never outlives the work: an exception here is its end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "models.projection_process"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=complaints,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def _send(stream: Any, header: dict[str, Any], arrays: dict[str, ndarray]) -> None:
    with stream:
        stream.write(json.dumps(header).encode() + b"\n")
        for array in arrays.values():
            stream.write(np.ascontiguousarray(array).data)


def _receive(stream: Any, report: Report) -> Float32[ndarray, "point axis"]:
    while line := stream.readline():
        message = json.loads(line)
        if shape := message.get("points"):
            data = stream.read(int(np.prod(shape)) * 4)
            return np.frombuffer(data, dtype="<f4").reshape(shape).copy()
        report(NEIGHBOURS_SHARE + message["share"] * (1 - NEIGHBOURS_SHARE), message["stage"])
    raise EOFError


def _last_line(complaints: IO[bytes]) -> str:
    complaints.seek(0)
    lines = complaints.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:300] if lines else "it was ended from outside, perhaps for lack of memory."
