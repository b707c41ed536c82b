"""Work that reports while it goes on: a thread does it, whoever waits is told how far it is and may stop waiting."""

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeAlias

Tell: TypeAlias = Callable[[float, str], None]
PATIENCE_SECONDS = 0.25  # what is done sooner needs no word


@dataclass(frozen=True)
class News:
    """How far the work is (0 to 1) and what is being done."""

    fraction: float
    doing: str


@dataclass(frozen=True)
class Done:
    """What the work gave."""

    value: Any


Letter: TypeAlias = News | Done | BaseException


def followed(
    work: Callable[[Tell], Any], stopped: Callable[[], bool] = lambda: False
) -> Generator[News | Done, None, None]:
    """Run `work(tell)` in a thread; give the latest news while it lasts, then what it gave, or raise what it raised.

    When `stopped()` holds, or nobody listens any more, the work is left to finish alone: the model it loads is there
    for the next who asks.
    """
    letters: queue.SimpleQueue[Letter] = queue.SimpleQueue()

    def finish() -> None:
        try:
            letters.put(Done(work(lambda fraction, doing: letters.put(News(fraction, doing)))))
        except BaseException as error:  # noqa: BLE001 - handed to the listener, who raises it
            letters.put(error)

    threading.Thread(target=finish, name="work", daemon=True).start()
    while not stopped():
        letter = _newest(letters)
        if isinstance(letter, BaseException):
            raise letter
        if letter is not None:
            yield letter
        if isinstance(letter, Done):
            return


def _newest(letters: "queue.SimpleQueue[Letter]") -> Letter | None:
    """Take the last of the letters that arrive within a moment; one that ends the work ends the waiting."""
    letter: Letter | None = None
    until = time.monotonic() + PATIENCE_SECONDS
    while not isinstance(letter, Done | BaseException) and (left := until - time.monotonic()) > 0:
        with contextlib.suppress(queue.Empty):
            letter = letters.get(timeout=left)
    return letter
