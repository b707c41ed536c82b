"""The process in which t-SNE and UMAP run, seen from the app: it can be stopped at once and cannot end the app."""

import sys
from collections.abc import Callable
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import SpawnContext, SpawnProcess
from threading import Lock, Timer
from types import ModuleType
from typing import Any

from pebble import ProcessExpired, ProcessPool

from models.projection.layouts import Stage, start_worker
from models.translation import _

IDLE_SECONDS = 120.0
"""After these without work the process ends; until then it serves, because UMAP takes seconds to compile anew."""

POLL_SECONDS = 0.2
MAX_SECONDS = 3600.0

Tell = Callable[[Stage, float], None]


class LayoutEnded(Exception):  # noqa: N818 - what happened
    """The process ended before it gave points; the text says why."""


class BareProcess(SpawnProcess):
    """A process that does not run the program's main module once more, as spawned ones do.

    That module may import Gradio and torch, and a script without a guard would start itself over and over.
    """

    _start_lock = Lock()

    def start(self) -> None:
        with self._start_lock:
            main = sys.modules["__main__"]
            sys.modules["__main__"] = ModuleType("__main__")
            try:
                super().start()
            finally:
                sys.modules["__main__"] = main


class BareContext(SpawnContext):
    """Where the pool gets its processes from."""

    Process = BareProcess


class LayoutWorker:
    """One process, one job at a time; started by the first job, ended when idle."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pool: ProcessPool | None = None
        self._timer: Timer | None = None
        self._progress = BareContext().RawArray("d", 2)

    def run(self, layout: Callable[..., Any], *arguments: Any, tell: Tell, **options: Any) -> Any:
        """What `layout` returns there. `tell` hears stage and share; if it raises, the process is killed."""
        with self._lock:
            self._stop_timer()
            self._progress[:] = [float(Stage.STARTING), 0.0]
            try:
                future = self._active_pool().schedule(layout, arguments, options, timeout=MAX_SECONDS)
                return self._awaited(future, tell)
            except (ProcessExpired, BrokenProcessPool) as error:
                raise LayoutEnded(_("it was ended from outside, perhaps for lack of memory.")) from error
            finally:
                self._start_timer()

    def close(self) -> None:
        """Ends the process; the next job starts another."""
        with self._lock:
            self._stop_timer()
            self._end()

    @property
    def running(self) -> bool:
        return self._pool is not None

    def _awaited(self, future: Future[Any], tell: Tell) -> Any:
        try:
            while not future.done():
                wait([future], POLL_SECONDS)
                tell(Stage(int(self._progress[0])), self._progress[1])
        except BaseException:
            future.cancel()
            raise
        return future.result()

    def _active_pool(self) -> ProcessPool:
        if self._pool is None or not self._pool.active:
            self._end()
            self._pool = ProcessPool(
                max_workers=1, context=BareContext(), initializer=start_worker, initargs=(self._progress,)
            )
        return self._pool

    def _end(self) -> None:
        if self._pool:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
        self._pool = None

    def _start_timer(self) -> None:
        self._timer = Timer(IDLE_SECONDS, self.close)
        self._timer.daemon = True
        self._timer.start()

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
