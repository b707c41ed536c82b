"""The worker process is bare, belongs to the app that started it, and ends with it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from models.projection import worker as projection_worker
from models.projection.layouts import Stage
from models.projection.worker import LayoutEnded, LayoutWorker

ROOT = Path(__file__).parents[3]
SCRIPT = """
import sys, threading, time
from models.projection.worker import LayoutWorker

with open(sys.argv[1], "a") as file:
    print("begun", file=file)
worker, tell = LayoutWorker(), lambda stage, share: None
print(worker.run(eval, "__import__('os').getpid()", tell=tell), flush=True)
busy = {"args": (eval, "__import__('time').sleep(600)"), "kwargs": {"tell": tell}}
threading.Thread(target=worker.run, daemon=True, **busy).start()
time.sleep(float(sys.argv[2]))
"""
BUSY = "__import__('time').sleep(600)"
LIBRARIES = (
    "import models.projection.layouts, umap, openTSNE, sys\nraise SystemError(*({'torch', 'gradio'} & {*sys.modules}))"
)


def heard_nothing(_stage: Stage, _share: float) -> None:
    """Progress is not what these tests are about."""


@pytest.mark.parametrize(("seconds", "end"), [(1, None), (600, signal.SIGTERM), (600, signal.SIGKILL)])
def test_it_ends_with_the_app_however_that_ends(tmp_path: Path, seconds: int, end: signal.Signals | None) -> None:
    """A script without a guard: a process that ran it once more would never get to work."""
    (tmp_path / "script.py").write_text(SCRIPT)
    command = [sys.executable, str(tmp_path / "script.py"), str(tmp_path / "begun"), str(seconds)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as app:
        assert app.stdout is not None
        worker = int(app.stdout.readline())
        assert psutil.pid_exists(worker)
        if end:
            app.send_signal(end)
        app.wait(60)
    until_gone(worker)
    assert (tmp_path / "begun").read_text() == "begun\n"


@pytest.fixture
def worker() -> Iterator[LayoutWorker]:
    fresh = LayoutWorker()
    yield fresh
    fresh.close()


def number_of(worker: LayoutWorker) -> int:
    """The number of its process, told by that process."""
    return int(worker.run(eval, "__import__('os').getpid()", tell=heard_nothing))


def alive(number: int) -> bool:
    try:
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def until_gone(number: int) -> None:
    until(lambda: not alive(number))


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_it_imports_neither_torch_nor_gradio(worker: LayoutWorker) -> None:
    with pytest.raises(SystemError) as caught:
        worker.run(exec, LIBRARIES, tell=heard_nothing)
    assert caught.value.args == ()


def test_one_process_serves_many_jobs(worker: LayoutWorker) -> None:
    assert number_of(worker) == number_of(worker)


def test_an_exception_from_who_listens_kills_the_process_at_once(worker: LayoutWorker) -> None:
    def stop(_stage: Stage, _share: float) -> None:
        raise InterruptedError

    number = number_of(worker)
    with pytest.raises(InterruptedError):
        worker.run(exec, BUSY, tell=stop)
    until_gone(number)
    assert number_of(worker) != number


def test_a_process_that_is_killed_is_noticed_and_the_next_job_starts_another(worker: LayoutWorker) -> None:
    number = number_of(worker)

    def kill(_stage: Stage, share: float) -> None:
        if share == 0.5 and alive(number):
            os.kill(number, signal.SIGKILL)

    with pytest.raises(LayoutEnded, match="ended from outside, perhaps for lack of memory"):
        worker.run(exec, f"from models.projection.layouts import tell; tell(1, 0.5); {BUSY}", tell=kill)
    assert number_of(worker) != number


def test_a_process_killed_while_idle_costs_nothing(worker: LayoutWorker) -> None:
    number = number_of(worker)
    os.kill(number, signal.SIGKILL)
    until_gone(number)
    time.sleep(0.5)  # the pool looks ten times a second
    assert number_of(worker) != number


def test_an_idle_process_is_ended(worker: LayoutWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection_worker, "IDLE_SECONDS", 0.1)
    until_gone(number_of(worker))
    until(lambda: not worker.running)


def test_progress_is_heard_to_the_end_and_begins_anew_with_each_job(worker: LayoutWorker) -> None:
    heard: list[tuple[Stage, float]] = []

    def hear(stage: Stage, share: float) -> None:
        heard.append((stage, share))

    worker.run(exec, "from models.projection.layouts import tell, Stage; tell(Stage.PLACING, 1.0)", tell=hear)
    assert heard[-1] == (Stage.PLACING, 1.0)
    worker.run(exec, "", tell=hear)
    assert heard[-1] == (Stage.STARTING, 0.0)
