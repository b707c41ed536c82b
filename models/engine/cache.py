"""Values computed once, whoever asks first, and counted in bytes: the one way anything is cached in the engine.

`derived(model_or_trace, key, compute)` keeps what follows from a model or a trace with it: its bytes count as the
owner's in the pool's memory budget, and it goes when its owner goes. `SingleFlightCache` is the cache underneath.
"""

import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, fields, is_dataclass
from threading import Lock
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

Value = TypeVar("Value")


@runtime_checkable
class Sized(Protocol):
    """Anything that knows how many bytes it holds."""

    @property
    def nbytes(self) -> int: ...


class SingleFlightCache:
    """A cache that computes each value once, however many threads ask, and drops the least recently used by bytes.

    No lock is held while a value is computed. A computation that fails is forgotten, and its error reaches all who
    waited. What was dropped lives on for whoever still holds it. The newest value stays even if it alone is larger
    than the limit; None is no limit. Values may grow: they are counted anew at each use.
    """

    def __init__(self, limit: int | None = None) -> None:
        self.limit = limit
        self._values: OrderedDict[Hashable, Sized] = OrderedDict()
        self._running: dict[Hashable, Future[Any]] = {}
        self._lock = Lock()

    def get(self, key: Hashable, compute: Callable[[], Any]) -> Any:
        """The value of `key`, computed by this call unless it is kept or another thread is computing it."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                self._shrink()
                return self._values[key]
            waiting = self._running.get(key)
            mine: Future[Any] = self._running.setdefault(key, Future())
        return waiting.result() if waiting is not None else self._compute(key, compute, mine)

    def peek(self, key: Hashable) -> Any | None:
        """The value if it is kept, without counting as a use."""
        with self._lock:
            return self._values.get(key)

    def keys(self) -> tuple[Hashable, ...]:
        """The keys of what is kept, the one used last at the end."""
        with self._lock:
            return tuple(self._values)

    def drop(self, unwanted: Callable[[Hashable], bool]) -> None:
        """Forget the values whose key is unwanted."""
        with self._lock:
            for key in [key for key in self._values if unwanted(key)]:
                del self._values[key]

    @property
    def nbytes(self) -> int:
        with self._lock:
            return sum(value.nbytes for value in self._values.values())

    def _compute(self, key: Hashable, compute: Callable[[], Any], mine: Future[Any]) -> Any:
        try:
            value = compute()
        except BaseException as error:
            with self._lock:
                del self._running[key]
            mine.set_exception(error)
            raise
        with self._lock:
            self._values[key] = value
            del self._running[key]
            self._shrink()
        mine.set_result(value)
        return value

    def _shrink(self) -> None:
        if self.limit is None:
            return
        held = sum(value.nbytes for value in self._values.values())
        while held > self.limit and len(self._values) > 1:
            _, oldest = self._values.popitem(last=False)
            held -= oldest.nbytes


class Derived(SingleFlightCache):
    """What has been derived from one model or trace. A copy in another process begins empty."""

    of_run = False

    def __reduce__(self) -> tuple[type["Derived"], tuple[()]]:
        return type(self), ()


class DerivedOfRun(Derived):
    """What has been derived from one run: computed under that run's changes, where a model's is computed without."""

    of_run = True


@runtime_checkable
class Owner(Protocol):
    """What values are derived from: a model or a trace."""

    @property
    def derived(self) -> Derived: ...


def derived(owner: Owner, key: Hashable, compute: Callable[[], Value]) -> Value:
    """The value of `key` for this model or trace, computed once and kept as long as its owner.

    `key` is unique among all that is derived from such an owner: begin it with the name of what is computed, and let
    everything that decides the value follow, as in `derived(trace, ("rollout", kind, depth), lambda: …)`. A value that
    fails to compute is computed anew for the next caller. Values are shared: make arrays read-only. Edits of the run in
    progress (`points.editing`) are not in force while it computes, for others will be given the value; nor are changes
    made to a model, unless the value belongs to a run: then those of that run are.
    """

    def part() -> _Part[Value]:
        from models.engine.points import resuming, suspending  # noqa: PLC0415 - the pool is there before PyTorch is

        with resuming(None), suspending(changes=not owner.derived.of_run):
            value = compute()
        return _Part(value, bytes_of(value))

    kept: _Part[Value] = owner.derived.get(key, part)
    return kept.value


@dataclass(frozen=True, eq=False)
class _Part(Generic[Value]):
    value: Value
    counted: int

    @property
    def nbytes(self) -> int:
        """What the value says of itself now, or else what it was counted as."""
        return int(getattr(self.value, "nbytes", self.counted))


def bytes_of(value: Any) -> int:
    """The bytes of a value: as it says itself, else those of all its parts; an owner's are counted elsewhere."""
    if isinstance(getattr(value, "derived", None), Derived):
        return 0
    if (told := getattr(value, "nbytes", None)) is not None:
        return int(told)
    if is_dataclass(value) and not isinstance(value, type):
        return sum(bytes_of(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, Mapping):
        return sum(bytes_of(key) + bytes_of(item) for key, item in value.items())
    if isinstance(value, tuple | list | set | frozenset):
        return sum(map(bytes_of, value))
    return sys.getsizeof(value)
