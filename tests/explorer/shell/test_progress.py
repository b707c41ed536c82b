"""Work that reports: the last word counts, errors reach the listener, and nobody has to wait to the end."""

import threading
from collections.abc import Callable

import pytest

from explorer.shell.progress import Done, Progress, run_with_progress
from models.errors import UnknownModel

Report = Callable[[float, str], None]


def test_quick_work_is_done_without_a_word() -> None:
    def work(report: Report) -> str:
        report(0.5, "half way")
        return "ready"

    assert list(run_with_progress(work)) == [Done("ready")]


def test_slow_work_tells_its_newest_news_then_its_result() -> None:
    heard = threading.Event()

    def work(report: Report) -> int:
        report(0.1, "old")
        report(0.2, "new")
        assert heard.wait(20)
        return 7

    listening = run_with_progress(work)
    assert next(listening) == Progress(0.2, "new")
    heard.set()
    assert list(listening) == [Done(7)]


def test_an_error_of_the_work_is_raised_to_the_listener() -> None:
    def work(report: Report) -> None:
        raise UnknownModel("No model has this name.")

    with pytest.raises(UnknownModel, match="No model has this name"):
        list(run_with_progress(work))


def test_work_goes_on_when_nobody_listens_any_more() -> None:
    left, finished = threading.Event(), threading.Event()

    def work(report: Report) -> None:
        report(0.1, "begun")
        assert left.wait(20)
        finished.set()

    listening = run_with_progress(work)
    next(listening)
    listening.close()
    left.set()
    assert finished.wait(20)


def test_whoever_stops_waits_no_longer() -> None:
    stopped, go_on = threading.Event(), threading.Event()

    def work(report: Report) -> None:
        report(0.1, "begun")
        assert go_on.wait(20)

    listening = run_with_progress(work, stopped.is_set)
    assert next(listening) == Progress(0.1, "begun")
    stopped.set()
    assert list(listening) == []
    go_on.set()


def test_news_that_never_pause_are_still_told() -> None:
    told = threading.Event()

    def work(report: Report) -> None:
        while not told.wait(0.01):
            report(0.5, "busy")

    listening = run_with_progress(work)
    assert next(listening) == Progress(0.5, "busy")
    told.set()
    assert list(listening)[-1] == Done(None)
