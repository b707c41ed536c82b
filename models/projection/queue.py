"""Projections for many visitors: each computed once, the heavy ones one at a time, all of them stoppable."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from models.errors import ModelError
from models.projection.cache import Arrays, ProjectionCache
from models.projection.job import NOTHING, Computation, Job, Kind, ProjectionStopped, State, kind_of
from models.projection.methods import Projection, ProjectionSettings, principal_components
from models.projection.ready import ready
from models.projection.run import laid_out
from models.translation import _
from models.vectors.similarity import Vectors

MAX_WAITING = 16
"""Projections of one kind, heavy or light, that may wait; one more is told to come back later."""

THREADS: dict[Kind, int] = {"heavy": 1, "light": 2}
"""How many are computed at once: heavy ones (t-SNE, UMAP), and light ones (PCA), which never wait behind those."""

KEPT_SECONDS = 60.0
"""How long what has ended stays known, so that whoever asks every moment is told; results are on disk as well."""

KEPT_BYTES = 128 << 20


class TooManyProjections(ModelError):  # noqa: N818 - named like its siblings in `errors`
    """The queue is full."""


class Projections:
    """Asks for and finds projections; safe to use from many threads, none of which has to wait.

    A visitor has one heavy projection at a time: asking for another gives up the first. They are computed in the order
    of asking, by threads that live only while there is work.
    """

    def __init__(
        self,
        cache: ProjectionCache | None = None,
        lay_out: Callable[..., Projection] = laid_out,
        max_waiting: int = MAX_WAITING,
    ) -> None:
        self._cache = cache or ProjectionCache()
        self._lay_out = lay_out
        self._max_waiting = max_waiting
        self._lock = threading.Lock()
        self._open: dict[str, Computation] = {}  # waiting or running, in the order of asking
        self._ended: dict[str, Computation] = {}
        self._threads: dict[Kind, int] = {"heavy": 0, "light": 0}

    def ask(self, vectors: Vectors, settings: ProjectionSettings, visitor: str) -> Job:
        """The job for this projection, begun now unless it is under way or known. Ask again to stay in line."""
        key = settings.key(vectors)
        with self._lock:
            self._give_up_others(key, kind_of(settings), visitor)
            work = self._known(key, visitor) or self._open.get(key) or self._ready(key, settings)
            if work is None:
                work = self._begun(Computation(key=key, vectors=vectors, settings=settings))
            if not work.finished.is_set():
                work.join(visitor)
        return Job(work, visitor, lambda: self._ahead(work))

    def project(self, vectors: Vectors, settings: ProjectionSettings, visitor: str = "caller") -> Projection:
        """The projection itself, however long it takes; every thread counts as a visitor of its own."""
        job = self.ask(vectors, settings, f"{visitor} {threading.get_ident()}")
        job.wait()
        return job.result()

    def stop(self, key: str, visitor: str) -> None:
        """One visitor no longer wants it; the work ends when no other does."""
        with self._lock:
            if work := self._open.get(key):
                work.leave(visitor)
            self._forget()

    def _known(self, key: str, visitor: str) -> Computation | None:
        """What ended a moment ago; a failure only for those who have not heard of it, so that others may try again."""
        work = self._ended.get(key)
        told = work is not None and work.state == "failed" and visitor not in work.untold
        return None if told else work

    def _ready(self, key: str, settings: ProjectionSettings) -> Computation | None:
        """What came with the program is there at once: it never stands in line behind another's work."""
        projection = ready(key, settings)
        if projection is None:
            return None
        work = Computation(key=key, vectors=NOTHING, settings=settings, projection=projection)
        work.finish("done")
        self._ended[key] = work
        return work

    def _give_up_others(self, key: str, kind: Kind, visitor: str) -> None:
        for other in self._open.values():
            if other.kind == kind and other.key != key:
                other.leave(visitor)
        self._forget()

    def _begun(self, work: Computation) -> Computation:
        if sum(one.state == "waiting" for one in self._of_kind(work.kind)) >= self._max_waiting:
            raise TooManyProjections(_("Too many projections are waiting; try again in a minute."))
        self._open[work.key] = work
        self._ended.pop(work.key, None)
        if self._threads[work.kind] < THREADS[work.kind]:
            self._threads[work.kind] += 1
            threading.Thread(target=self._work, args=(work.kind,), name="projection", daemon=True).start()
        return work

    def _of_kind(self, kind: Kind) -> Iterator[Computation]:
        return (work for work in list(self._open.values()) if work.kind == kind)

    def _ahead(self, work: Computation) -> int:
        with self._lock:
            self._forget()
            before = list(self._of_kind(work.kind))
        return before.index(work) if work in before else 0

    def _forget(self) -> None:
        """Lets go of what nobody waits for any more, and of what ended a while ago."""
        for work in [work for work in self._open.values() if work.state == "waiting" and not work.wanted()]:
            del self._open[work.key]
            work.finish("stopped", ProjectionStopped(_("The projection was stopped.")))
        held = 0
        for work in reversed(list(self._ended.values())):
            held += work.projection.nbytes if work.projection else 0
            if time.monotonic() - work.ended > KEPT_SECONDS or held > KEPT_BYTES:
                del self._ended[work.key]

    def _work(self, kind: Kind) -> None:
        while work := self._next(kind):
            self._run(work)

    def _next(self, kind: Kind) -> Computation | None:
        with self._lock:
            self._forget()
            work = next((one for one in self._of_kind(kind) if one.state == "waiting"), None)
            if work is None:
                self._threads[kind] -= 1
            else:
                work.state, work.began = "running", time.monotonic()
            return work

    def _run(self, work: Computation) -> None:
        try:
            work.projection = self._found(work.key, work.settings) or self._computed(work)
            self._end(work, "done")
        except ProjectionStopped as error:
            self._end(work, "stopped", error)
        except BaseException as error:  # noqa: BLE001 - handed to those who wait, in `Job.result`
            self._end(work, "failed", error)

    def _end(self, work: Computation, state: State, error: BaseException | None = None) -> None:
        with self._lock:
            del self._open[work.key]
            if state != "stopped":
                self._ended[work.key] = work
            work.finish(state, error)

    def _found(self, key: str, settings: ProjectionSettings) -> Projection | None:
        with self._lock:
            work = self._ended.get(key)
        if work and work.projection:
            return work.projection
        stored = self._cache.load(key)
        return _projection(stored, settings) if stored else None

    def _computed(self, work: Computation) -> Projection:
        work.report(0.0, _("computing components"))
        if work.kind == "light":
            return self._stored(work.key, principal_components(work.vectors, work.settings))
        settings = replace(work.settings, method="pca", dimensions=2)
        key = settings.key(work.vectors)
        components = self._found(key, settings) or self._stored(key, principal_components(work.vectors, settings))
        return self._stored(work.key, self._lay_out(components, work.settings, work.report))

    def _stored(self, key: str, projection: Projection) -> Projection:
        arrays = {name: getattr(projection, name) for name in STORED}
        self._cache.store(key, arrays | {"total": np.array(projection.total)})
        return projection


STORED = ("points", "rows", "explained")


def _projection(arrays: Arrays, settings: ProjectionSettings) -> Projection | None:
    """The projection of stored arrays; None where they are not what this program stores."""
    try:
        return Projection(settings=settings, total=int(arrays["total"]), **{name: arrays[name] for name in STORED})
    except (KeyError, TypeError, ValueError):
        return None


@lru_cache(maxsize=4)
def projections(folder: Path | None = None) -> Projections:
    """The process's own projections; their cache is in `folder`, else in `EXPLORER_CACHE`, else the user's own."""
    return Projections(ProjectionCache(folder))
