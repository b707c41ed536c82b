"""Runs work in a thread, yields its progress, and stops waiting when nobody listens."""

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeAlias

ReportProgress: TypeAlias = Callable[[float, str], None]
POLL_SECONDS = 0.25  # what is done sooner needs no word


@dataclass(frozen=True)
class Progress:
    """How far the work is (0 to 1) and what is being done."""

    fraction: float
    doing: str


@dataclass(frozen=True)
class Done:
    """What the work gave."""

    value: Any


Message: TypeAlias = Progress | Done | BaseException


def run_with_progress(
    work: Callable[[ReportProgress], Any], stopped: Callable[[], bool] = lambda: False
) -> Generator[Progress | Done, None, None]:
    """Run `work(report)` in a thread; give the latest news while it lasts, then what it gave, or raise what it raised.

    When `stopped()` holds, or nobody listens any more, the work is left to finish alone: the model it loads is there
    for the next who asks.
    """
    messages: queue.SimpleQueue[Message] = queue.SimpleQueue()

    def finish() -> None:
        try:
            messages.put(Done(work(lambda fraction, doing: messages.put(Progress(fraction, doing)))))
        except BaseException as error:  # noqa: BLE001 - handed to the listener, who raises it
            messages.put(error)

    threading.Thread(target=finish, name="work", daemon=True).start()
    while not stopped():
        message = _newest(messages)
        if isinstance(message, BaseException):
            raise message
        if message is not None:
            yield message
        if isinstance(message, Done):
            return


def _newest(messages: "queue.SimpleQueue[Message]") -> Message | None:
    """Take the last of the messages that arrive within a moment; one that ends the work ends the waiting."""
    message: Message | None = None
    until = time.monotonic() + POLL_SECONDS
    while not isinstance(message, Done | BaseException) and (left := until - time.monotonic()) > 0:
        with contextlib.suppress(queue.Empty):
            message = messages.get(timeout=left)
    return message
