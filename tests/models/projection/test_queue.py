"""Each projection is computed once, heavy ones one at a time, and stops when nobody wants it."""

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from models.errors import InputError
from models.projection import job as projection_job
from models.projection import queue as projection_queue
from models.projection.cache import ProjectionCache
from models.projection.job import Job, Progress, ProjectionStopped
from models.projection.methods import Projection, ProjectionSettings
from models.projection.queue import Projections, TooManyProjections
from models.projection.run import Report
from models.vectors.similarity import Vectors
from tests.loops import awaited

VECTORS = Vectors(np.random.default_rng(2).normal(size=(60, 8)).astype(np.float32))
UMAP = ProjectionSettings(method="umap")
PATIENCE = 30.0


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
    assert job.wait(PATIENCE)
    return job


def umap(seed: int) -> ProjectionSettings:
    return ProjectionSettings(method="umap", seed=seed)


def test_two_visitors_asking_for_the_same_wait_for_one_computation(queue: Projections, layouts: Layouts) -> None:
    jobs = [queue.ask(VECTORS, UMAP, name) for name in ("one", "two")]
    layouts.go.set()
    assert finished(jobs[0]).result() is finished(jobs[1]).result()
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
    jobs = [queue.ask(VECTORS, umap(seed), f"visitor {seed}") for seed in range(3)]
    until(lambda: jobs[0].state == "running" and len(layouts.begun) == 1)
    assert [job.progress().ahead for job in jobs] == [0, 1, 2]
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
    until(lambda: bool(layouts.begun))
    other = queue.ask(VECTORS, UMAP, "two")
    queue.stop(job.key, "one")
    time.sleep(0.1)
    assert (job.state, other.state) == ("stopped", "running")
    assert layouts.at_once == 1
    queue.stop(job.key, "two")
    assert finished(other).state == "stopped"
    until(lambda: layouts.at_once == 0)
    for stopped in (job, other):
        with pytest.raises(ProjectionStopped, match="stopped"):
            stopped.result()


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
    monkeypatch.setattr(projection_job, "HEARTBEAT_SECONDS", 0.3)
    job, waiting = queue.ask(VECTORS, UMAP, "gone"), queue.ask(VECTORS, umap(9), "gone as well")
    until(lambda: job.state == waiting.state == "stopped")
    until(lambda: layouts.at_once == 0)


def test_who_waits_keeps_their_place(queue: Projections, layouts: Layouts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection_job, "HEARTBEAT_SECONDS", 1.0)
    job = queue.ask(VECTORS, UMAP, "patient")
    threading.Timer(2.0, layouts.go.set).start()
    assert finished(job).state == "done"


def test_a_stopped_job_that_waits_never_begins(queue: Projections, layouts: Layouts) -> None:
    first = queue.ask(VECTORS, UMAP, "one")
    second = queue.ask(VECTORS, umap(9), "two")
    third = queue.ask(VECTORS, umap(10), "three")
    assert third.progress().ahead == 2
    queue.stop(second.key, "two")
    assert third.progress().ahead == 1
    third.leave()
    layouts.go.set()
    finished(first)
    assert finished(second).state == "stopped"
    assert len(layouts.begun) == 1


def test_progress_tells_share_stage_and_seconds(queue: Projections, layouts: Layouts) -> None:
    job = queue.ask(VECTORS, UMAP, "me")
    until(lambda: job.progress().share == 0.5)
    told = job.progress()
    assert told.stage == "working"
    assert told.state == "running"
    assert told.seconds > 0
    layouts.go.set()
    finished(job)


def test_asking_for_another_gives_up_the_first(queue: Projections, layouts: Layouts) -> None:
    first, waiting = queue.ask(VECTORS, UMAP, "me"), queue.ask(VECTORS, umap(1), "other")
    until(lambda: bool(layouts.begun))
    second = queue.ask(VECTORS, umap(2), "me")
    assert first.state == "stopped"
    until(lambda: waiting.state == "running")
    assert second.progress().ahead == 1
    layouts.go.set()
    assert finished(second).state == finished(waiting).state == "done"


def test_a_full_queue_says_so_and_takes_more_when_somebody_leaves(tmp_path: Path, layouts: Layouts) -> None:
    queue = Projections(ProjectionCache(tmp_path), layouts, max_waiting=2)
    queue.ask(VECTORS, UMAP, "first")
    until(lambda: bool(layouts.begun))
    jobs = [queue.ask(VECTORS, umap(seed), f"visitor {seed}") for seed in (1, 2)]
    with pytest.raises(TooManyProjections, match=r"Too many projections are waiting; try again in a minute\."):
        queue.ask(VECTORS, umap(3), "one more")
    assert queue.ask(VECTORS, umap(2), "one more").state == "waiting"  # what others wait for already is no burden
    assert finished(queue.ask(VECTORS, ProjectionSettings(), "one more")).state == "done"
    jobs[0].leave()
    last = queue.ask(VECTORS, umap(3), "one more")
    assert last.state == "waiting"
    layouts.go.set()
    finished(last)


def failing(failures: list[bool]) -> Callable[..., Projection]:
    def lay_out(components: Projection, settings: ProjectionSettings, report: Report) -> Projection:
        if failures.pop(0):
            raise InputError("Too few.")
        return components

    return lay_out


def test_a_failure_reaches_whoever_asked_and_is_not_remembered(tmp_path: Path) -> None:
    queue = Projections(ProjectionCache(tmp_path), failing([True, False]))
    with pytest.raises(InputError, match="Too few"):
        queue.project(VECTORS, UMAP)
    assert queue.project(VECTORS, UMAP).total == 60


def test_a_failure_between_two_questions_is_told_once(tmp_path: Path) -> None:
    queue = Projections(ProjectionCache(tmp_path), failing([True, False]))
    until(queue.ask(VECTORS, UMAP, "me").wait)
    told = queue.ask(VECTORS, UMAP, "me")
    assert told.state == "failed"
    with pytest.raises(InputError, match="Too few"):
        told.result()
    assert finished(queue.ask(VECTORS, UMAP, "me")).state == "done"


def test_a_failure_is_not_told_to_others_nor_after_a_minute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = Projections(ProjectionCache(tmp_path), failing([True, True, False]))
    until(queue.ask(VECTORS, UMAP, "me").wait)
    other = queue.ask(VECTORS, UMAP, "other")
    assert other.state != "failed"
    until(other.wait)
    monkeypatch.setattr(projection_queue, "KEPT_SECONDS", 0.0)
    assert finished(queue.ask(VECTORS, UMAP, "other")).state == "done"


def test_following_yields_progress_until_the_end(queue: Projections, layouts: Layouts) -> None:
    job = queue.ask(VECTORS, UMAP, "me")
    heard: list[Progress] = []
    for progress in job.follow():
        heard.append(progress)
        if progress.share == 0.5:
            layouts.go.set()
    assert heard[-1].state == "running"
    assert job.state == "done"
    assert job.result().total == 60


def test_who_closes_what_they_follow_gives_up_their_place(queue: Projections, layouts: Layouts) -> None:
    job = queue.ask(VECTORS, UMAP, "me")
    following = job.follow()
    next(following)
    following.close()
    assert job.state == "stopped"
    until(lambda: layouts.at_once == 0)


def test_many_follow_without_a_thread_each(queue: Projections, layouts: Layouts) -> None:
    jobs = [queue.ask(VECTORS, UMAP, f"visitor {number}") for number in range(50)]
    before = threading.active_count()

    async def follow(job: Job) -> int:
        heard = [progress async for progress in job.follow_async()]
        return len(heard)

    async def follow_all() -> list[int]:
        asyncio.get_running_loop().call_later(1.0, layouts.go.set)
        counts = await asyncio.gather(*map(follow, jobs))
        assert threading.active_count() <= before + 1  # the one that runs this loop
        return counts

    counts = awaited(follow_all())
    assert all(count >= 2 for count in counts)
    assert {job.state for job in jobs} == {"done"}


def test_what_is_done_stays_known_where_no_disk_can_be_used(tmp_path: Path, layouts: Layouts) -> None:
    (tmp_path / "file").write_text("in the way")
    layouts.go.set()
    queue = Projections(ProjectionCache(tmp_path / "file"), layouts)
    finished(queue.ask(VECTORS, UMAP, "me"))
    again = queue.ask(VECTORS, UMAP, "me")
    assert again.state == "done"
    assert again.result().total == 60


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
    for file in (tmp_path / "projections").iterdir():
        file.write_bytes(file.read_bytes()[:200])
    later = Projections(ProjectionCache(tmp_path), layouts).project(VECTORS, UMAP)
    assert np.array_equal(first.points, later.points)
    assert len(layouts.begun) == 2


def test_a_file_of_another_program_under_the_same_name_is_ignored(tmp_path: Path, layouts: Layouts) -> None:
    layouts.go.set()
    cache = ProjectionCache(tmp_path)
    cache.store(UMAP.key(VECTORS), {"something": np.zeros(3)})
    assert Projections(cache, layouts).project(VECTORS, UMAP).total == 60
