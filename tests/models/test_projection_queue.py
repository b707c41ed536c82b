"""Each projection is computed once, heavy ones one at a time, and stops when nobody wants it."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from models import projection_queue
from models.errors import InputError
from models.projection import Projection, ProjectionSettings
from models.projection_cache import ProjectionCache
from models.projection_queue import Job, Projections, ProjectionStopped
from models.projection_run import Report
from models.vectors import Vectors

VECTORS = Vectors(np.random.default_rng(2).normal(size=(60, 8)).astype(np.float32))
UMAP = ProjectionSettings(method="umap")
PATIENCE = 30


class Layouts:
    """Stands where UMAP does, and lets a test decide when it is finished."""

    def __init__(self) -> None:
        self.begun: list[ProjectionSettings] = []
        self.at_once = 0
        self.most_at_once = 0
        self.go = threading.Event()

    def __call__(self, components: Projection, settings: ProjectionSettings, report: Report) -> Projection:
        self.begun.append(settings)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            while not self.go.wait(0.01):
                report(0.5, "working")
        finally:
            self.at_once -= 1
        report(1.0, "working")
        return components


@pytest.fixture
def layouts() -> Layouts:
    return Layouts()


@pytest.fixture
def queue(tmp_path: Path, layouts: Layouts) -> Projections:
    return Projections(ProjectionCache(tmp_path), layouts)


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def finished(job: Job) -> Job:
    assert job.finished.wait(PATIENCE)
    return job


def test_two_visitors_asking_for_the_same_wait_for_one_computation(queue: Projections, layouts: Layouts) -> None:
    jobs = [queue.ask(VECTORS, UMAP, name) for name in ("one", "two")]
    assert jobs[0] is jobs[1]
    layouts.go.set()
    finished(jobs[0])
    assert len(layouts.begun) == 1
    assert queue.project(VECTORS, UMAP) is jobs[0].result()
    assert len(layouts.begun) == 1


def test_many_threads_asking_at_once_compute_once(queue: Projections, layouts: Layouts) -> None:
    layouts.go.set()
    found: list[Projection] = []
    threads = [threading.Thread(target=lambda: found.append(queue.project(VECTORS, UMAP))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(found) == 12
    assert len({id(one) for one in found}) == 1
    assert len(layouts.begun) == 1


def test_heavy_projections_run_one_at_a_time_and_others_see_how_many_are_before_them(
    queue: Projections, layouts: Layouts
) -> None:
    jobs = [queue.ask(VECTORS, ProjectionSettings(method="umap", seed=seed), "me") for seed in range(3)]
    until(lambda: jobs[0].state == "running" and len(layouts.begun) == 1)
    assert [queue.progress(job).ahead for job in jobs] == [0, 1, 2]
    assert [job.state for job in jobs] == ["running", "waiting", "waiting"]
    layouts.go.set()
    for job in jobs:
        finished(job)
    assert layouts.most_at_once == 1


def test_pca_does_not_wait_behind_them(queue: Projections, layouts: Layouts) -> None:
    heavy = queue.ask(VECTORS, UMAP, "me")
    until(lambda: bool(layouts.begun))
    assert finished(queue.ask(VECTORS, ProjectionSettings(), "me")).state == "done"
    assert heavy.state == "running"
    layouts.go.set()
    finished(heavy)


def test_stopping_ends_the_work_only_when_everyone_has_stopped(queue: Projections, layouts: Layouts) -> None:
    job = queue.ask(VECTORS, UMAP, "one")
    queue.ask(VECTORS, UMAP, "two")
    until(lambda: bool(layouts.begun))
    queue.stop(job.key, "one")
    time.sleep(0.1)
    assert job.state == "running"
    queue.stop(job.key, "two")
    assert finished(job).state == "stopped"
    with pytest.raises(ProjectionStopped, match="stopped"):
        job.result()


def test_after_a_stop_it_can_be_asked_for_again(queue: Projections, layouts: Layouts) -> None:
    job = queue.ask(VECTORS, UMAP, "one")
    until(lambda: bool(layouts.begun))
    queue.stop(job.key, "one")
    finished(job)
    layouts.go.set()
    assert finished(queue.ask(VECTORS, UMAP, "one")).state == "done"


def test_who_closes_the_page_gives_up_their_place(
    queue: Projections, layouts: Layouts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projection_queue, "LEASE", 0.2)
    job = queue.ask(VECTORS, UMAP, "gone")
    until(lambda: bool(layouts.begun))
    assert finished(job).state == "stopped"


def test_a_stopped_job_that_waits_never_begins(queue: Projections, layouts: Layouts) -> None:
    first = queue.ask(VECTORS, UMAP, "me")
    second = queue.ask(VECTORS, ProjectionSettings(method="umap", seed=9), "me")
    queue.stop(second.key, "me")
    layouts.go.set()
    finished(first)
    assert finished(second).state == "stopped"
    assert len(layouts.begun) == 1


def test_progress_tells_share_stage_and_seconds(queue: Projections, layouts: Layouts) -> None:
    job = queue.ask(VECTORS, UMAP, "me")
    until(lambda: queue.progress(job).share == 0.5)
    told = queue.progress(job)
    assert told.stage == "working"
    assert told.state == "running"
    assert told.seconds > 0
    layouts.go.set()
    finished(job)


def test_a_failure_reaches_whoever_asked_and_is_not_remembered(tmp_path: Path) -> None:
    failures = [True, False]

    def lay_out(components: Projection, settings: ProjectionSettings, report: Report) -> Projection:
        if failures.pop(0):
            raise InputError("Too few.")
        return components

    queue = Projections(ProjectionCache(tmp_path), lay_out)
    with pytest.raises(InputError, match="Too few"):
        queue.project(VECTORS, UMAP)
    assert queue.project(VECTORS, UMAP).total == 60


def test_the_next_process_finds_the_points_on_disk(tmp_path: Path, layouts: Layouts) -> None:
    layouts.go.set()
    first = Projections(ProjectionCache(tmp_path), layouts).project(VECTORS, UMAP)
    later = Projections(ProjectionCache(tmp_path), layouts).project(VECTORS, UMAP)
    assert len(layouts.begun) == 1
    assert np.array_equal(first.points, later.points)
    assert np.array_equal(first.rows, later.rows)
    assert np.array_equal(first.explained, later.explained)
    assert first.total == later.total


def test_damaged_files_are_computed_again(tmp_path: Path, layouts: Layouts) -> None:
    layouts.go.set()
    first = Projections(ProjectionCache(tmp_path), layouts).project(VECTORS, UMAP)
    for file in (tmp_path / "projections").glob("*.npz"):
        file.write_bytes(file.read_bytes()[:200])
    later = Projections(ProjectionCache(tmp_path), layouts).project(VECTORS, UMAP)
    assert np.array_equal(first.points, later.points)
    assert len(layouts.begun) == 2


def test_a_file_of_another_program_under_the_same_name_is_ignored(tmp_path: Path, layouts: Layouts) -> None:
    layouts.go.set()
    cache = ProjectionCache(tmp_path)
    cache.store(UMAP.key(VECTORS), {"something": np.zeros(3)})
    assert Projections(cache, layouts).project(VECTORS, UMAP).total == 60
