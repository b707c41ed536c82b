"""Models and traces are shared by everybody, computed once, and let go by bytes."""

import gc
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Barrier, Event, Lock
from typing import Any

import numpy as np
import pytest

from models.engine.cache import SingleFlightCache, derived
from models.engine.language_model import LanguageModel
from models.engine.pool import Pool, plain_name
from models.engine.trace import Trace
from models.errors import InputError, TooLarge, UnknownModel
from tests.models import families
from tests.models.families import model, text_of

TIMEOUT = 20.0  # seconds a thread may take before a test gives it up


@dataclass
class Loader:
    """Hands out copies of one small network under any name, and counts."""

    case: str = "gpt2"
    loads: int = 0
    lock: Any = field(default_factory=Lock)
    before: Callable[[str], None] = lambda _: None

    def __call__(self, name: str, **_: Any) -> LanguageModel:
        self.before(name)
        with self.lock:
            self.loads += 1
        return replace(model(self.case), name=name)


@dataclass(frozen=True, eq=False)
class Parcel:
    """Something of a known size."""

    nbytes: int


def test_the_least_recently_used_goes_first_by_bytes() -> None:
    cache = SingleFlightCache(limit=100)
    cache.get("a", lambda: Parcel(40))
    cache.get("b", lambda: Parcel(40))
    cache.get("a", lambda: pytest.fail("a was there"))
    cache.get("c", lambda: Parcel(50))
    assert cache.keys() == ("a", "c")
    assert cache.nbytes == 90
    cache.get("d", lambda: Parcel(500))
    assert cache.keys() == ("d",)


def test_the_same_text_is_traced_once_for_all_who_ask_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    pool, runs, start = Pool(Loader()), [], Barrier(12)
    once = LanguageModel.trace

    def counted(self: LanguageModel, text: str, target: str = "") -> Trace:
        runs.append(text)
        return once(self, text, target)

    monkeypatch.setattr(LanguageModel, "trace", counted)

    def ask(number: int) -> Trace:
        start.wait(TIMEOUT)
        return pool.trace("someone", text_of(9, seed=number % 3))

    with ThreadPoolExecutor(12) as threads:
        traces = list(threads.map(ask, range(12)))
    assert len(runs) == len(set(runs)) == 3
    assert len({id(trace) for trace in traces}) == 3


def test_a_model_asked_for_by_many_at_once_is_loaded_once() -> None:
    loader, start = Loader(), Barrier(8)
    pool = Pool(loader)

    def ask(_: int) -> LanguageModel:
        start.wait(TIMEOUT)
        return pool.model("someone")

    with ThreadPoolExecutor(8) as threads:
        assert len({id(model) for model in threads.map(ask, range(8))}) == 1
    assert loader.loads == 1


def test_a_load_that_fails_tells_all_who_wait_and_leaves_the_others_theirs() -> None:
    def refuse(name: str) -> None:
        if name == "bad":
            raise UnknownModel("There is no model called 'bad'.")

    loader = Loader(before=refuse)
    pool = Pool(loader)
    good = pool.model("good")
    for _ in range(2):
        with pytest.raises(UnknownModel):
            pool.model("bad")
    assert pool.loaded == ("good",)
    assert pool.model("good") is good
    assert loader.loads == 1


def test_one_slow_load_keeps_nobody_from_another_model() -> None:
    slow = Event()
    loader = Loader(before=lambda name: None if name == "quick" else _wait(slow))
    pool = Pool(loader)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(pool.model, "slow")
        assert pool.trace("quick", text_of(5)).model == "quick"
        assert not waiting.done()
        slow.set()
        assert waiting.result(TIMEOUT).name == "slow"


def _wait(event: Event) -> None:
    assert event.wait(TIMEOUT)


def test_two_visitors_with_different_models_see_their_own() -> None:
    pool = Pool(lambda name, **_: replace(model(name), name=name))
    names = ["gpt2", "llama"] * 8

    with ThreadPoolExecutor(8) as threads:
        traces = list(threads.map(lambda name: pool.trace(name, text_of(11)), names))
    for name, trace in zip(names, traces, strict=True):
        alone = model(name).trace(text_of(11))
        np.testing.assert_array_equal(trace.attention(1), alone.attention(1))
        np.testing.assert_array_equal(trace.logits, alone.logits)


def test_threads_on_one_model_never_mix_their_runs() -> None:
    shared = model("gemma2")
    texts = [text_of(5 + number, seed=number) for number in range(12)]
    with ThreadPoolExecutor(6) as threads:
        together = list(threads.map(shared.trace, texts))
    for text, trace in zip(texts, together, strict=True):
        alone = shared.trace(text)
        np.testing.assert_array_equal(trace.residual, alone.residual)
        np.testing.assert_array_equal(trace.attention(2), alone.attention(2))


def test_a_model_let_go_still_works_for_whoever_holds_it() -> None:
    pool = Pool(Loader(), model_bytes=1)
    held = pool.model("one")
    trace = pool.trace("one", text_of(7))
    pool.model("two")
    assert pool.loaded == ("two",)
    assert held.trace(text_of(7)).logits.shape == trace.logits.shape


def test_traces_of_a_model_let_go_are_let_go_with_it() -> None:
    def fresh(name: str, **_: Any) -> LanguageModel:
        return families.assembled("gpt2", name)

    pool = Pool(fresh, model_bytes=1)
    pool.trace("one", text_of(7))
    network = weakref.ref(pool.model("one").network)
    pool.trace("two", text_of(7))
    gc.collect()
    assert network() is None


def test_a_model_that_fits_only_alone_gets_its_place() -> None:
    def tight(name: str) -> None:
        if name == "large" and pool.loaded:
            raise TooLarge("large needs 9 GB of memory and 1 GB are free here; choose a smaller model.")

    pool = Pool(Loader(before=tight))
    pool.model("small")
    assert pool.model("large").name == "large"
    assert pool.loaded == ("large",)


def test_a_model_that_fits_nowhere_is_refused() -> None:
    def never(_: str) -> None:
        raise TooLarge("It needs 9 GB of memory and 1 GB are free here; choose a smaller model.")

    with pytest.raises(TooLarge, match="9 GB"):
        Pool(Loader(before=never)).model("large")


def test_a_trace_that_fails_is_not_remembered() -> None:
    pool = Pool(Loader())
    for _ in range(2):
        with pytest.raises(InputError, match="empty"):
            pool.trace("one", "")
    assert len(pool.trace("one", text_of(4)).tokens) == 4


def test_traces_are_bounded_by_their_bytes() -> None:
    pool = Pool(Loader(), trace_bytes=3 * model("gpt2").trace(text_of(10)).nbytes)
    for seed in range(8):
        pool.trace("one", text_of(10, seed=seed))
    assert pool.nbytes <= model("gpt2").nbytes + 3.01 * model("gpt2").trace(text_of(10)).nbytes


def test_what_is_derived_from_a_trace_counts_with_it_and_goes_with_it() -> None:
    alone = model("gpt2").trace(text_of(10)).nbytes
    pool = Pool(Loader(), trace_bytes=3 * alone)
    first, second = (pool.trace("one", text_of(10, seed=seed)) for seed in range(2))
    derived(second, "something large", lambda: np.zeros(2 * alone, dtype=np.uint8))
    assert second.nbytes == 3 * alone
    assert pool.trace("one", text_of(10, seed=1)) is second  # this use counts anew, and the first trace makes room
    assert pool.trace("one", text_of(10)) is not first


def test_one_model_has_one_name() -> None:
    assert {plain_name(name) for name in ("gpt2", "GPT2", " openai-community/gpt2 ")} == {"gpt2"}
    assert plain_name("someone/else") == "someone/else"
