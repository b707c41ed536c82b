"""How often streams speak: each step while there is one, more rarely the more there are.

A message of an endpoint costs the server some milliseconds, whatever is in it; thirty streams of a small model would
keep it busy with messages alone. Each one holds all that was written, so what is left out is not missed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic

SECONDS_EACH = 0.02  # between two messages of a stream, for every other stream under way


class Pace:
    """Counts the streams under way."""

    def __init__(self) -> None:
        self._streams = 0
        self._lock = Lock()

    @contextmanager
    def stream(self) -> Iterator[Callable[[], bool]]:
        """One more stream; what it gives says whether it is time for a message: at once for the first."""
        with self._lock:
            self._streams += 1
        last = float("-inf")

        def due() -> bool:
            nonlocal last
            now = monotonic()
            if now - last < SECONDS_EACH * (self._streams - 1):
                return False
            last = now
            return True

        try:
            yield due
        finally:
            with self._lock:
                self._streams -= 1


PACE = Pace()
