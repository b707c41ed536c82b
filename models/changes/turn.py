"""A model's turn under changes: while the lock of a changed model is held, its changes are in force.

Everything that runs a network holds its model's lock, so everything a changed model is asked is answered by the changed
run, and nothing else is: the changes live in a context variable of the one who holds the lock.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from models.engine.points import Edit, Intervention, Point, current, resuming, suspended


class Turn:
    """The lock of a model, and the edits that hold while it is held. May be entered again by the one who holds it."""

    def __init__(self, lock: AbstractContextManager[Any], edits: Mapping[Point, tuple[Edit, ...]]) -> None:
        self._lock = lock
        self._edits = edits
        self._inside: list[AbstractContextManager[None]] = []  # touched only while the lock is held

    def __enter__(self) -> None:
        self._lock.__enter__()
        inside = self._in_force()
        inside.__enter__()
        self._inside.append(inside)

    def __exit__(self, *error: object) -> None:
        try:
            self._inside.pop().__exit__(*error)  # type: ignore[arg-type]
        finally:
            self._lock.__exit__(*error)  # type: ignore[arg-type]

    def _in_force(self) -> AbstractContextManager[None]:
        """The changes first, then the edits already in force (of "without this head", say)."""
        outer = current() or Intervention()
        if suspended() or self in outer.turns:
            return nullcontext()
        together = dict(self._edits)
        for point, edits in outer.edits.items():
            together[point] = (*together.get(point, ()), *edits)
        return resuming(Intervention(together, outer.readings, turns=outer.turns | {self}))
