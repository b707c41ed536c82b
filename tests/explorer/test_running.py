"""Work that reports: the last word counts, errors reach the listener, and nobody has to wait to the end."""

import threading
from collections.abc import Callable

import pytest

from explorer.running import Done, News, followed
from models.errors import UnknownModel

Tell = Callable[[float, str], None]


def test_quick_work_is_done_without_a_word() -> None:
    def work(tell: Tell) -> str:
        tell(0.5, "half way")
        return "ready"

    assert list(followed(work)) == [Done("ready")]


def test_slow_work_tells_its_newest_news_then_its_result() -> None:
    heard = threading.Event()

    def work(tell: Tell) -> int:
        tell(0.1, "old")
        tell(0.2, "new")
        assert heard.wait(20)
        return 7

    listening = followed(work)
    assert next(listening) == News(0.2, "new")
    heard.set()
    assert list(listening) == [Done(7)]


def test_an_error_of_the_work_is_raised_to_the_listener() -> None:
    def work(tell: Tell) -> None:
        raise UnknownModel("No model has this name.")

    with pytest.raises(UnknownModel, match="No model has this name"):
        list(followed(work))


def test_work_goes_on_when_nobody_listens_any_more() -> None:
    left, finished = threading.Event(), threading.Event()

    def work(tell: Tell) -> None:
        tell(0.1, "begun")
        assert left.wait(20)
        finished.set()

    listening = followed(work)
    next(listening)
    listening.close()
    left.set()
    assert finished.wait(20)


def test_whoever_stops_waits_no_longer() -> None:
    stopped, go_on = threading.Event(), threading.Event()

    def work(tell: Tell) -> None:
        tell(0.1, "begun")
        assert go_on.wait(20)

    listening = followed(work, stopped.is_set)
    assert next(listening) == News(0.1, "begun")
    stopped.set()
    assert list(listening) == []
    go_on.set()


def test_news_that_never_pause_are_still_told() -> None:
    told = threading.Event()

    def work(tell: Tell) -> None:
        while not told.wait(0.01):
            tell(0.5, "busy")

    listening = followed(work)
    assert next(listening) == News(0.5, "busy")
    told.set()
    assert list(listening)[-1] == Done(None)
