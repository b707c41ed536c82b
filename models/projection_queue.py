"""Projections for many visitors: each computed once, the heavy ones one at a time, all of them stoppable."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np

from models.errors import ModelError
from models.projection import Projection, ProjectionSettings, principal_components
from models.projection_cache import Arrays, ProjectionCache
from models.projection_run import laid_out
from models.vectors import Vectors

State = Literal["waiting", "running", "done", "stopped", "failed"]

LEASE = 20.0
"""Seconds after which a visitor who no longer asks is taken to have left."""

REMEMBERED = 256 << 20
"""Bytes of results kept in memory."""


class ProjectionStopped(ModelError):  # noqa: N818 - no error: somebody's wish
    """Everyone who wanted the projection stopped it or left."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far it is: `share` from 0 to 1, `ahead` the heavy projections before it, `seconds` since it began."""

    state: State
    share: float
    stage: str
    ahead: int
    seconds: float


@dataclass(eq=False, kw_only=True)
class Job:
    """A projection somebody asked for; several visitors may wait for the same one."""

    key: str
    vectors: Vectors
    settings: ProjectionSettings
    state: State = "waiting"
    share: float = 0.0
    stage: str = "waiting"
    began: float = 0.0
    error: BaseException | None = None
    projection: Projection | None = None
    askers: dict[str, float] = field(default_factory=dict)
    finished: threading.Event = field(default_factory=threading.Event)

    def report(self, share: float, stage: str) -> None:
        """Notes progress, and ends the work when nobody wants it any more."""
        self.share, self.stage = share, stage
        if not self.wanted():
            raise ProjectionStopped("The projection was stopped.")

    def wanted(self) -> bool:
        return any(time.monotonic() - seen < LEASE for seen in list(self.askers.values()))

    def result(self) -> Projection:
        """The projection of a finished job; raises what it failed with."""
        if self.error:
            raise self.error
        if self.projection is None:
            raise ValueError("The projection is not finished.")
        return self.projection


class Projections:
    """Asks, finds and remembers projections; safe to use from many threads."""

    def __init__(self, cache: ProjectionCache | None = None, lay_out: Callable[..., Projection] = laid_out) -> None:
        self._cache = cache or ProjectionCache()
        self._lay_out = lay_out
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._remembered: OrderedDict[str, Projection] = OrderedDict()
        self._light = ThreadPoolExecutor(max_workers=2, thread_name_prefix="components")
        self._heavy = ThreadPoolExecutor(max_workers=1, thread_name_prefix="layout")

    def ask(self, vectors: Vectors, settings: ProjectionSettings, asker: str) -> Job:
        """The job for this projection, begun now unless it is under way or known. Ask again to stay in line."""
        key = settings.key(vectors)
        with self._lock:
            job = self._jobs.get(key)
            if job is None:
                job = self._jobs[key] = Job(key=key, vectors=vectors, settings=settings)
                job.askers[asker] = time.monotonic()
                pool = self._light if settings.method == "pca" else self._heavy
                pool.submit(self._run, job)
            job.askers[asker] = time.monotonic()
        return job

    def project(self, vectors: Vectors, settings: ProjectionSettings, asker: str = "caller") -> Projection:
        """The projection itself, however long it takes."""
        name = f"{asker} {threading.get_ident()}"
        job = self.ask(vectors, settings, name)
        while not job.finished.wait(LEASE / 4):
            job.askers[name] = time.monotonic()
        return job.result()

    def stop(self, key: str, asker: str) -> None:
        """One visitor no longer wants it; the work ends when no other does."""
        with self._lock:
            job = self._jobs.get(key)
            if job:
                job.askers.pop(asker, None)

    def progress(self, job: Job) -> Progress:
        return Progress(
            state=job.state,
            share=job.share,
            stage=job.stage,
            ahead=self._ahead(job),
            seconds=time.monotonic() - job.began if job.began else 0.0,
        )

    def _ahead(self, job: Job) -> int:
        if job.state != "waiting":
            return 0
        with self._lock:
            before = list(self._jobs.values())
        return sum(other.settings.method != "pca" for other in before[: before.index(job)] if job in before)

    def _run(self, job: Job) -> None:
        job.state, job.began = "running", time.monotonic()
        try:
            job.projection = self._known(job) or self._computed(job)
            job.state = "done"
        except ProjectionStopped as error:
            job.state, job.error = "stopped", error
        except BaseException as error:  # noqa: BLE001 - handed to those who wait, in `Job.result`
            job.state, job.error = "failed", error
        finally:
            with self._lock:
                self._jobs.pop(job.key, None)
            job.finished.set()

    def _known(self, job: Job) -> Projection | None:
        with self._lock:
            found = self._remembered.get(job.key)
            if found:
                self._remembered.move_to_end(job.key)
                return found
        stored = self._cache.load(job.key)
        found = _projection(stored, job.settings) if stored else None
        if found:
            self._remember(job.key, found)
        return found

    def _computed(self, job: Job) -> Projection:
        job.report(0.0, "computing components")
        if job.settings.method == "pca":
            found = principal_components(job.vectors, job.settings)
        else:
            components = self.project(job.vectors, replace(job.settings, method="pca", dimensions=2), job.key)
            found = self._lay_out(components, job.settings, job.report)
        self._cache.store(job.key, {name: getattr(found, name) for name in STORED} | {"total": np.array(found.total)})
        self._remember(job.key, found)
        return found

    def _remember(self, key: str, projection: Projection) -> None:
        with self._lock:
            self._remembered[key] = projection
            while len(self._remembered) > 1 and sum(kept.nbytes for kept in self._remembered.values()) > REMEMBERED:
                self._remembered.popitem(last=False)


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
