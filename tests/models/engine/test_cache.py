"""What is derived from a model or a trace is computed once, by nobody's lock, and counted with its owner."""

import gc
import pickle
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier, Event

import numpy as np
import pytest

from models.engine.cache import Derived, bytes_of, derived

TIMEOUT = 20.0  # seconds a thread may take before a test gives it up


@dataclass(eq=False)
class Thing:
    """An owner: all that a model and a trace have in common here."""

    derived: Derived = field(default_factory=Derived)


def test_threads_that_ask_together_share_one_computation() -> None:
    owner, start, computed = Thing(), Barrier(8), []

    def squares() -> np.ndarray:
        computed.append(1)
        return np.arange(9) ** 2

    def ask(_: int) -> np.ndarray:
        start.wait(TIMEOUT)
        return derived(owner, "squares", squares)

    with ThreadPoolExecutor(8) as threads:
        assert len({id(value) for value in threads.map(ask, range(8))}) == 1
    assert len(computed) == 1


def test_one_slow_computation_keeps_nobody_from_another_key_or_owner() -> None:
    owner, slow = Thing(), Event()
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(derived, owner, "slow", lambda: slow.wait(TIMEOUT))
        assert derived(owner, "quick", lambda: 1) == 1
        assert derived(Thing(), "slow", lambda: 2) == 2
        assert not waiting.done()
        slow.set()
        assert waiting.result(TIMEOUT) is True


def test_one_derived_value_may_be_computed_from_another() -> None:
    owner = Thing()
    assert derived(owner, "twice", lambda: 2 * derived(owner, "once", lambda: 21)) == 42


def test_a_computation_that_fails_is_computed_anew() -> None:
    owner = Thing()
    with pytest.raises(ZeroDivisionError):
        derived(owner, "ratio", lambda: 1 // 0)
    assert derived(owner, "ratio", lambda: 7) == 7


def test_values_count_in_bytes_as_they_stand_now() -> None:
    owner = Thing()
    derived(owner, "array", lambda: np.zeros(1000, dtype=np.float32))
    assert owner.derived.nbytes == 4000
    grown = derived(owner, "growing", Growing)
    grown.nbytes = 500
    assert owner.derived.nbytes == 4500


class Growing:
    """A value that holds more with time."""

    nbytes = 0


def test_bytes_of_a_value_are_those_of_its_parts_and_an_owners_are_its_own() -> None:
    array = np.zeros(10, dtype=np.float32)
    assert bytes_of((array, [array], {1: array})) == 120 + bytes_of(1)
    assert bytes_of(Pair(array, Thing())) == 40
    assert bytes_of("x" * 500) > 500


@dataclass(frozen=True, eq=False)
class Pair:
    """A result that remembers what it came from."""

    numbers: np.ndarray
    origin: Thing


def test_values_go_with_their_owner_even_if_they_refer_to_it() -> None:
    def kept() -> weakref.ref[Pair]:
        owner = Thing()
        value = weakref.ref(derived(owner, "pair", lambda: Pair(np.zeros(3), owner)))
        assert value() is not None
        return value

    value = kept()
    gc.collect()
    assert value() is None


def test_a_copy_in_another_process_begins_empty() -> None:
    owner = Thing()
    derived(owner, "array", lambda: np.zeros(3))
    assert pickle.loads(pickle.dumps(owner)).derived.nbytes == 0
