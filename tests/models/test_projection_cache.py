"""What is on disk is either whole and right, or as if it were not there."""

import os
import threading
from pathlib import Path

import numpy as np
import pytest

from models.projection_cache import Arrays, ProjectionCache, usual_folder

ARRAYS: Arrays = {"points": np.random.default_rng(1).normal(size=(200, 2)), "total": np.array(200)}


@pytest.fixture
def cache(tmp_path: Path) -> ProjectionCache:
    return ProjectionCache(tmp_path / "not" / "there" / "yet")


def stored_file(cache: ProjectionCache) -> Path:
    (file,) = cache.folder.glob("*.npz")
    return file


def test_what_was_stored_comes_back(cache: ProjectionCache) -> None:
    assert cache.store("key", ARRAYS)
    found = cache.load("key")
    assert found is not None
    assert np.array_equal(found["points"], ARRAYS["points"])
    assert found["total"] == 200


def test_an_unknown_key_is_nothing(cache: ProjectionCache) -> None:
    assert cache.load("key") is None


@pytest.mark.parametrize("length", [0, 1, 30, 900, -1])
def test_a_file_cut_short_is_as_if_it_were_not_there(cache: ProjectionCache, length: int) -> None:
    cache.store("key", ARRAYS)
    file = stored_file(cache)
    whole = file.read_bytes()
    file.write_bytes(whole[:length])
    assert cache.load("key") is None
    assert cache.store("key", ARRAYS)
    assert cache.load("key") is not None


@pytest.mark.parametrize("place", [200, 1000, 2500])
def test_a_changed_byte_is_noticed(cache: ProjectionCache, place: int) -> None:
    cache.store("key", ARRAYS)
    file = stored_file(cache)
    data = bytearray(file.read_bytes())
    data[place] ^= 0xFF
    file.write_bytes(data)
    found = cache.load("key")
    assert found is None or all(np.array_equal(found[name], array) for name, array in ARRAYS.items())
    if place > 200:
        assert found is None  # these places lie inside the points


@pytest.mark.parametrize("rubbish", [b"", b"no archive", b"PK\x03\x04" + b"\x00" * 500])
def test_rubbish_is_as_if_it_were_not_there(cache: ProjectionCache, rubbish: bytes) -> None:
    cache.store("key", ARRAYS)
    stored_file(cache).write_bytes(rubbish)
    assert cache.load("key") is None


def test_pickled_objects_are_never_read(cache: ProjectionCache) -> None:
    cache.store("key", ARRAYS)
    np.savez(stored_file(cache), points=np.array([{"a": 1}], dtype=object))
    assert cache.load("key") is None


def test_a_folder_that_cannot_be_written_costs_only_the_storing(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("a file where the folder should be")
    assert ProjectionCache(in_the_way).store("key", ARRAYS) is False
    assert ProjectionCache(in_the_way).load("key") is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_read_only_folder_costs_only_the_storing(cache: ProjectionCache) -> None:
    cache.store("key", ARRAYS)
    cache.folder.chmod(0o500)
    try:
        assert cache.store("other", ARRAYS) is False
        assert cache.load("key") is not None
    finally:
        cache.folder.chmod(0o700)


def test_a_full_disk_leaves_nothing_behind(cache: ProjectionCache, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("models.projection_cache.np.savez", full)
    assert cache.store("key", ARRAYS) is False
    assert list(cache.folder.iterdir()) == []


def test_a_reader_never_meets_half_a_file(cache: ProjectionCache) -> None:
    """One thread keeps replacing the file while another reads: every reading is whole."""
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
    cache = ProjectionCache(tmp_path, most_bytes=9000)  # two files of about 3.7 kB
    for age, key in enumerate(("first", "second", "third")):
        cache.store(key, ARRAYS)
        os.utime(cache.folder / f"{key}.npz", (1000 + age, 1000 + age))
    cache.store("fourth", ARRAYS)
    assert cache.load("first") is None
    assert cache.load("second") is None
    assert cache.load("third") is not None
    assert cache.load("fourth") is not None


def test_the_environment_names_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path))
    assert usual_folder() == tmp_path
    monkeypatch.delenv("EXPLORER_CACHE")
    assert usual_folder().name == "language-model-explorer"
