"""What is on disk is either whole and right, or as if it were not there."""

import threading
from pathlib import Path

import diskcache
import numpy as np
import pytest

from models.projection.cache import Arrays, ProjectionCache, usual_folder

ARRAYS: Arrays = {"points": np.random.default_rng(1).normal(size=(200, 2)), "total": np.array(200)}


@pytest.fixture
def cache(tmp_path: Path) -> ProjectionCache:
    return ProjectionCache(tmp_path / "not" / "there" / "yet")


def stored(cache: ProjectionCache) -> bytes:
    with diskcache.Cache(cache.folder) as plain:
        return bytes(plain["key"])


def overwrite(cache: ProjectionCache, value: object) -> None:
    """As another program would, by diskcache's own rules."""
    with diskcache.Cache(cache.folder) as plain:
        plain["key"] = value


def test_what_was_stored_comes_back(cache: ProjectionCache) -> None:
    assert cache.store("key", ARRAYS)
    found = cache.load("key")
    assert found is not None
    assert np.array_equal(found["points"], ARRAYS["points"])
    assert found["total"] == 200


def test_it_comes_back_in_the_next_process(cache: ProjectionCache) -> None:
    cache.store("key", ARRAYS)
    later = ProjectionCache(cache.folder.parent).load("key")
    assert later is not None
    assert np.array_equal(later["points"], ARRAYS["points"])


def test_an_unknown_key_is_nothing(cache: ProjectionCache) -> None:
    assert cache.load("key") is None


@pytest.mark.parametrize("length", [0, 1, 30, 900, -1])
def test_an_entry_cut_short_is_as_if_it_were_not_there(cache: ProjectionCache, length: int) -> None:
    cache.store("key", ARRAYS)
    overwrite(cache, stored(cache)[:length])
    assert cache.load("key") is None
    assert cache.store("key", ARRAYS)
    assert cache.load("key") is not None


@pytest.mark.parametrize("place", [200, 1000, 2500])
def test_a_changed_byte_is_noticed(cache: ProjectionCache, place: int) -> None:
    cache.store("key", ARRAYS)
    data = bytearray(stored(cache))
    data[place] ^= 0xFF
    overwrite(cache, bytes(data))
    found = cache.load("key")
    assert found is None or all(np.array_equal(found[name], array) for name, array in ARRAYS.items())
    if place > 200:
        assert found is None  # these places lie inside the points


@pytest.mark.parametrize("rubbish", [b"no archive", b"PK\x03\x04" + b"\x00" * 500, "words", 12, None])
def test_rubbish_is_as_if_it_were_not_there(cache: ProjectionCache, rubbish: object) -> None:
    cache.store("key", ARRAYS)
    overwrite(cache, rubbish)
    assert cache.load("key") is None
    assert cache.store("key", ARRAYS)


class Harmful:
    """What it would do if it were unpickled: call `open` and so make a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, (str(self.path), "w")


@pytest.mark.parametrize("size", [1, 1 << 16], ids=["in the database", "in a file"])
def test_pickled_objects_are_never_unpickled(cache: ProjectionCache, tmp_path: Path, size: int) -> None:
    cache.store("key", ARRAYS)
    made = tmp_path / "made"
    overwrite(cache, [Harmful(made), bytes(size)])
    assert cache.load("key") is None
    assert not made.exists()
    assert cache.store("key", ARRAYS)
    assert cache.load("key") is not None


def test_arrays_of_pickled_objects_are_never_read(cache: ProjectionCache, tmp_path: Path) -> None:
    cache.store("key", ARRAYS)
    np.savez(tmp_path / "objects.npz", points=np.array([{"a": 1}], dtype=object))
    overwrite(cache, (tmp_path / "objects.npz").read_bytes())
    assert cache.load("key") is None


@pytest.mark.parametrize("length", [0, 10, 5000])
@pytest.mark.parametrize("rest", [b"", b"not a database" * 1000])
def test_a_damaged_database_is_begun_anew(cache: ProjectionCache, length: int, rest: bytes) -> None:
    cache.store("key", ARRAYS)
    cache.close()
    file = cache.folder / "cache.db"
    file.write_bytes(file.read_bytes()[:length] + rest)
    for leftover in cache.folder.glob("cache.db-*"):
        leftover.unlink()
    assert cache.load("key") is None
    cache.store("key", ARRAYS)
    assert cache.store("key", ARRAYS)
    assert cache.load("key") is not None


def test_a_folder_that_cannot_be_used_costs_only_the_storing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("a file where the folder should be")
    assert ProjectionCache(in_the_way).store("key", ARRAYS) is False
    assert ProjectionCache(in_the_way).load("key") is None
    assert "cannot be kept" in caplog.text
    assert in_the_way.read_text() == "a file where the folder should be"


@pytest.mark.parametrize("trouble", ["query_only = 1", "max_page_count = 8"], ids=["read-only", "full"])
def test_a_read_only_or_full_disk_costs_only_the_storing(cache: ProjectionCache, trouble: str) -> None:
    cache.store("key", ARRAYS)
    files = {path.name for path in cache.folder.iterdir()}
    cache._tried(
        lambda database: database._sql(f"PRAGMA {trouble}")
    )  # SQLite itself then refuses as it does for the disk
    assert cache.store("other", {"points": np.random.default_rng(1).normal(size=(50_000, 2))}) is False
    assert cache.load("key") is not None
    assert cache.load("other") is None
    assert {path.name for path in cache.folder.iterdir()} == files


def test_a_reader_never_meets_half_an_entry(cache: ProjectionCache) -> None:
    """One thread keeps replacing the entry while another reads: every reading is whole."""
    cache.store("key", ARRAYS)
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            cache.store("key", ARRAYS)

    writer = threading.Thread(target=write)
    writer.start()
    readings = [cache.load("key") for _ in range(200)]
    done.set()
    writer.join()
    assert all(found is not None for found in readings)


def test_the_oldest_go_when_there_are_too_many(tmp_path: Path) -> None:
    cache = ProjectionCache(tmp_path, max_bytes=1_000_000)
    keys = [str(number) for number in range(12)]
    for key in keys:
        assert cache.store(key, {"points": np.random.default_rng(1).normal(size=(10_000, 2))})  # 160 kB
    kept = [key for key in keys if cache.load(key) is not None]
    assert kept == keys[-len(kept) :]
    assert 2 < len(kept) < 7
    assert sum(path.stat().st_size for path in cache.folder.glob("cache.db")) < 1_200_000


def test_the_environment_names_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path))
    assert usual_folder() == tmp_path
    monkeypatch.delenv("EXPLORER_CACHE")
    assert usual_folder().name == "language-model-explorer"
