"""The process in which t-SNE and UMAP run, seen from the app: started when needed, ended when stopped or idle."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from threading import Lock, Timer
from typing import IO, Any

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

ROOT = Path(__file__).parents[1]
IDLE = 120.0
"""Seconds after which a process without work is ended."""

Tell = Callable[[float, str], None]


class LayoutEnded(Exception):  # noqa: N818 - what happened
    """The process ended before it gave points; the text is the last thing it said."""


class LayoutProcess:
    """One process, one job at a time. It serves many jobs, because UMAP takes seconds to compile anew each time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._complaints: IO[bytes] | None = None
        self._timer: Timer | None = None

    def points(self, header: dict[str, Any], arrays: dict[str, ndarray], tell: Tell) -> Float32[ndarray, "point axis"]:
        """The points of one layout. `tell` hears share and stage; any exception it raises ends the process at once."""
        with self._lock:
            if self._timer:
                self._timer.cancel()
            try:
                process = self._started()
                _send(process.stdin, header, arrays)
                found = _receive(process.stdout, tell)
            except (BrokenPipeError, EOFError) as error:
                last = self._last_line()
                self._end()
                raise LayoutEnded(last) from error
            except BaseException:
                self._end()
                raise
            self._timer = Timer(IDLE, self.close)
            self._timer.daemon = True
            self._timer.start()
        return found

    def close(self) -> None:
        """Ends the process; the next job starts another."""
        with self._lock:
            self._end()

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or not self.running:
            self._end()
            self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
            paths = filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))
            self._process = subprocess.Popen(
                [sys.executable, "-m", "models.projection_process"],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
            )
        return self._process

    def _end(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout, self._complaints):
                _close(stream)
        self._process = None

    def _last_line(self) -> str:
        if self._complaints is None:
            return ""
        self._complaints.seek(0)
        lines = self._complaints.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else "it was ended from outside, perhaps for lack of memory."


def _send(stream: Any, header: dict[str, Any], arrays: dict[str, ndarray]) -> None:
    shapes = {name: (array.shape, array.dtype.str) for name, array in arrays.items()}
    stream.write(json.dumps({**header, "arrays": shapes}).encode() + b"\n")
    for array in arrays.values():
        stream.write(np.ascontiguousarray(array).data)
    stream.flush()


def _receive(stream: Any, tell: Tell) -> Float32[ndarray, "point axis"]:
    while line := stream.readline():
        message = json.loads(line)
        if shape := message.get("points"):
            data = stream.read(int(np.prod(shape)) * 4)
            return np.frombuffer(data, dtype="<f4").reshape(shape).copy()
        tell(message["share"], message["stage"])
    raise EOFError


def _close(stream: IO[bytes] | None) -> None:
    """Closes a pipe whose other end is gone; what was still to be written is lost, as it should be."""
    try:
        if stream:
            stream.close()
    except BrokenPipeError:
        pass
