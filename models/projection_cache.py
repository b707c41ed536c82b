"""Projections kept on disk, for every visitor and for next time; a damaged file or a full disk costs only time."""

import logging
import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np
from numpy import ndarray
from platformdirs import user_cache_path

LOG = logging.getLogger(__name__)

Arrays = dict[str, ndarray]

MOST_BYTES = 1 << 30
UNREADABLE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, NotImplementedError)
"""What numpy raises for a file that is missing, cut short, overwritten or no archive at all."""


def usual_folder() -> Path:
    """`EXPLORER_CACHE`, or the user's own cache folder."""
    chosen = os.environ.get("EXPLORER_CACHE")
    return Path(chosen).expanduser() if chosen else user_cache_path("language-model-explorer")


class ProjectionCache:
    """Named groups of arrays in a folder, at most `most_bytes` of them; the oldest go first."""

    def __init__(self, folder: Path | None = None, most_bytes: int = MOST_BYTES) -> None:
        self.folder = (folder or usual_folder()) / "projections"
        self.most_bytes = most_bytes

    def load(self, key: str) -> Arrays | None:
        """The arrays stored under `key`; None when there are none, or what is there cannot be trusted."""
        path = self._path(key)
        try:
            with (
                path.open("rb") as file,
                np.load(file, allow_pickle=False) as archive,
            ):  # with a checksum for every array
                arrays = {name: archive[name] for name in archive.files}
        except FileNotFoundError:
            return None
        except UNREADABLE as error:
            LOG.warning("The stored projection %s cannot be read (%s); it is computed again.", path.name, error)
            return None
        return arrays

    def store(self, key: str, arrays: Arrays) -> bool:
        """Whether the arrays now stand on disk: all of them or, after any trouble, none."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._write(self._path(key), arrays)
            self._prune(keep=self._path(key))
        except OSError as error:
            LOG.warning("The projection could not be stored in %s (%s); it will be computed again.", self.folder, error)
            return False
        return True

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.npz"

    def _write(self, path: Path, arrays: Arrays) -> None:
        """Under another name first: a reader, or a power cut, never meets half a file under the right one."""
        with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".part", delete=False) as file:
            try:
                np.savez(file, allow_pickle=False, **arrays)
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise

    def _prune(self, keep: Path) -> None:
        stored = sorted((path.stat().st_mtime, path) for path in self.folder.glob("*.npz") if path != keep)
        size = keep.stat().st_size + sum(path.stat().st_size for _, path in stored)
        for _, path in stored:
            if size <= self.most_bytes:
                return
            size -= path.stat().st_size
            path.unlink(missing_ok=True)
