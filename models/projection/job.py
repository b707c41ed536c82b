"""A projection somebody waits for: how far it is, and the ways to wait for it."""

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Callable, Generator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from models.errors import ModelError
from models.projection.methods import Projection, ProjectionSettings
from models.translation import _
from models.vectors.similarity import Vectors

State = Literal["waiting", "running", "done", "stopped", "failed"]
Kind = Literal["light", "heavy"]

HEARTBEAT_SECONDS = 20.0
"""After these a visitor who neither asks nor waits is taken to have left."""

PULSE_SECONDS = 0.4
"""How often progress is told."""


class ProjectionStopped(ModelError):  # noqa: N818 - cancellation, not an error
    """The projection was stopped, or everyone who wanted it left."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far it is: `share` from 0 to 1, `ahead` the heavy projections before it, `seconds` since it began."""

    state: State
    share: float
    stage: str
    ahead: int
    seconds: float


NOTHING = Vectors(np.empty((0, 0), dtype=np.float32))


@dataclass(eq=False, kw_only=True)
class Computation:
    """The work on one projection, for all visitors who want it; `visitors` says when each was last heard of.

    `vectors` are let go of at the end. `untold` are the visitors who have not yet heard that it failed.
    """

    key: str
    vectors: Vectors
    settings: ProjectionSettings
    state: State = "waiting"
    share: float = 0.0
    stage: str = ""
    began: float = 0.0
    ended: float = 0.0
    error: BaseException | None = None
    projection: Projection | None = None
    visitors: dict[str, float] = field(default_factory=dict)
    untold: set[str] = field(default_factory=set)
    finished: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def kind(self) -> Kind:
        return kind_of(self.settings)

    def report(self, share: float, stage: str) -> None:
        """Notes progress, and ends the work when nobody wants it any more."""
        self.share, self.stage = share, stage
        if not self.wanted():
            raise ProjectionStopped(_("The projection was stopped."))

    def wanted(self) -> bool:
        with self.lock:
            return any(time.monotonic() - seen < HEARTBEAT_SECONDS for seen in self.visitors.values())

    def join(self, visitor: str) -> None:
        with self.lock:
            self.visitors[visitor] = time.monotonic()

    def leave(self, visitor: str) -> None:
        with self.lock:
            self.visitors.pop(visitor, None)

    def keep_place(self, visitor: str) -> None:
        """The visitor is still here; one who has left does not come back this way."""
        with self.lock:
            if visitor in self.visitors:
                self.visitors[visitor] = time.monotonic()

    def finish(self, state: State, error: BaseException | None = None) -> None:
        self.state, self.error, self.ended, self.vectors = state, error, time.monotonic(), NOTHING
        if state == "failed":
            self.untold.update(self.visitors)
        self.finished.set()


def kind_of(settings: ProjectionSettings) -> Kind:
    """Whether a projection is computed in a moment (PCA) or takes its time."""
    return "light" if settings.method == "pca" else "heavy"


class Job:
    """One visitor's wish for a projection. Nothing here computes; `wait` and `follow` also keep the visitor's place."""

    def __init__(self, computation: Computation, visitor: str, ahead: Callable[[], int]) -> None:
        self._computation = computation
        self._visitor = visitor
        self._ahead = ahead

    @property
    def key(self) -> str:
        return self._computation.key

    @property
    def state(self) -> State:
        """The state for this visitor: stopped as soon as they left, though others may go on waiting."""
        work = self._computation
        left = not work.finished.is_set() and self._visitor not in work.visitors
        return "stopped" if left else work.state

    @property
    def ended(self) -> bool:
        return self.state not in {"waiting", "running"}

    def progress(self) -> Progress:
        work, state = self._computation, self.state
        seconds = (work.ended or time.monotonic()) - work.began if work.began else 0.0
        ahead = self._ahead() if state == "waiting" else 0
        return Progress(
            state=state, share=work.share, stage=work.stage or _("waiting"), ahead=ahead, seconds=max(seconds, 0.0)
        )

    def wait(self, timeout: float | None = None) -> bool:
        """Whether it has ended, after at most `timeout` seconds."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while not self.ended:
            self._computation.keep_place(self._visitor)
            left = PULSE_SECONDS if deadline is None else min(deadline - time.monotonic(), PULSE_SECONDS)
            if left <= 0:
                return False
            self._computation.finished.wait(left)
        return True

    def follow(self) -> Generator[Progress, None, None]:
        """Progress several times a second until it has ended; who closes the iterator before gives up their place."""
        try:
            while not self.wait(PULSE_SECONDS):
                yield self.progress()
        finally:
            self.leave()

    async def follow_async(self) -> AsyncGenerator[Progress, None]:
        """As `follow`, without a thread that waits."""
        try:
            while not self.ended:
                self._computation.keep_place(self._visitor)
                yield self.progress()
                await asyncio.sleep(PULSE_SECONDS)
        finally:
            self.leave()

    def leave(self) -> None:
        """Gives up the visitor's place; the work ends when no other wants it."""
        if not self._computation.finished.is_set():
            self._computation.leave(self._visitor)

    def result(self) -> Projection:
        """The projection of a job that has ended; raises what it failed with."""
        work = self._computation
        if self.state == "stopped":
            raise work.error or ProjectionStopped(_("The projection was stopped."))
        work.untold.discard(self._visitor)
        if work.error:
            raise work.error
        if work.projection is None:
            raise ValueError("The projection is not finished.")
        return work.projection
