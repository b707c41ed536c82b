"""Projections kept on disk, for every visitor and for next time; a damaged file or a full disk costs only time."""

import io
import logging
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

import diskcache
import numpy as np
from diskcache.core import MODE_RAW
from numpy import ndarray
from platformdirs import user_cache_path

LOG = logging.getLogger(__name__)

Arrays = dict[str, ndarray]

MAX_BYTES = 1 << 30
LOCKED_SECONDS = 5.0
"""How long to wait for another process that is writing."""

TROUBLE = (OSError, sqlite3.Error, diskcache.Timeout, TypeError, ValueError)
"""What SQLite and diskcache raise for a folder that cannot be used, a full disk, or a database that is none."""

UNREADABLE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, NotImplementedError)
"""What numpy raises for bytes that are cut short, overwritten or no archive at all."""


def usual_folder() -> Path:
    """`EXPLORER_CACHE`, or the user's own cache folder."""
    chosen = os.environ.get("EXPLORER_CACHE")
    return Path(chosen).expanduser() if chosen else user_cache_path("language-model-explorer")


class BytesDisk(diskcache.Disk):  # type: ignore[misc]
    """Values are plain bytes inside the database; what claims to be pickled or a file is never read."""

    def fetch(self, mode: int, filename: str | None, value: Any, read: Any) -> Any:
        if mode != MODE_RAW:
            raise ValueError("not plain bytes")
        return super().fetch(mode, filename, value, read)


class ProjectionCache:
    """Named groups of arrays in a folder, at most `max_bytes` of them; the oldest go first."""

    def __init__(self, folder: Path | None = None, max_bytes: int = MAX_BYTES) -> None:
        self.folder = (folder or usual_folder()) / "projections"
        self.max_bytes = max_bytes
        self._database: diskcache.Cache | None = None
        self._lock = Lock()

    def load(self, key: str) -> Arrays | None:
        """The arrays stored under `key`; None when there are none, or what is there cannot be trusted."""
        stored = self._tried(lambda database: database.get(key))
        return None if stored is None else _arrays(stored, key)

    def store(self, key: str, arrays: Arrays) -> bool:
        """Whether the arrays now stand on disk: all of them or, after any trouble, none."""
        file = io.BytesIO()
        np.savez(file, allow_pickle=False, **arrays)  # with a checksum for every array
        return bool(self._tried(lambda database: database.set(key, file.getvalue())))

    def close(self) -> None:
        """Closes the database; the next use opens it again."""
        with self._lock:
            self._close()

    def _tried(self, work: Callable[[diskcache.Cache], Any]) -> Any:
        """What `work` gives, one thread at a time; None and a warning in the log where the disk will not have it."""
        with self._lock:
            try:
                if self._database is None:
                    self._database = self._open()
                return work(self._database)
            except TROUBLE as error:
                LOG.warning("Projections in %s cannot be kept (%s); they are computed again.", self.folder, error)
                if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
                    self._discard()
                return None

    def _open(self) -> diskcache.Cache:
        return diskcache.Cache(
            self.folder,
            timeout=LOCKED_SECONDS,
            disk=BytesDisk,
            disk_min_file_size=self.max_bytes,  # all in the database: a write that fails leaves no file behind
            size_limit=self.max_bytes,
            sqlite_mmap_size=0,  # a file cut short under a memory map would end the whole process,
            sqlite_journal_mode="delete",  # and so would that of a write-ahead log, which network disks cannot have
            sqlite_synchronous=0,  # after a power cut damage is noticed, as any other is
            cull_limit=2,  # two go for one that comes, until they fit again
            eviction_policy="least-recently-stored",
        )

    def _close(self) -> None:
        if self._database is not None:
            self._database.close()
        self._database = None

    def _discard(self) -> None:
        """Begins anew after a database that is damaged; nothing in it is worth more than the time to compute it."""
        self._close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _arrays(stored: Any, key: str) -> Arrays | None:
    try:
        with np.load(io.BytesIO(stored), allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (*UNREADABLE, TypeError, AttributeError) as error:
        LOG.warning("The stored projection %s cannot be read (%s); it is computed again.", key, error)
        return None
