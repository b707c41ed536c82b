"""Work that reports while it goes on: a thread does it, whoever waits is told how far it is and may stop waiting."""

import queue
import threading
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


def followed(work: Callable[[Tell], Any]) -> Generator[News | Done, None, None]:
    """Run `work(tell)` in a thread; give the latest news while it lasts, then what it gave, or raise what it raised.

    Whoever stops listening leaves the work to finish alone: the model it loads is there for the next who asks.
    """
    letters: queue.SimpleQueue[News | Done | BaseException] = queue.SimpleQueue()

    def finish() -> None:
        try:
            letters.put(Done(work(lambda fraction, doing: letters.put(News(fraction, doing)))))
        except BaseException as error:  # noqa: BLE001 - handed to the listener, who raises it
            letters.put(error)

    threading.Thread(target=finish, name="work", daemon=True).start()
    while True:
        letter = _newest(letters)
        if isinstance(letter, BaseException):
            raise letter
        yield letter
        if isinstance(letter, Done):
            return


def _newest(letters: "queue.SimpleQueue[News | Done | BaseException]") -> News | Done | BaseException:
    """Wait for a letter, let others arrive for a moment, and take the last."""
    letter = letters.get()
    while not isinstance(letter, Done | BaseException):
        try:
            letter = letters.get(timeout=PATIENCE_SECONDS)
        except queue.Empty:
            break
    return letter
