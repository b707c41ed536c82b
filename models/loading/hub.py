"""From a name to a folder on this machine: the catalogue, a folder, the Hub's cache, or a download."""

import errno
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

from huggingface_hub import HfApi, constants, hf_hub_download
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
)
from tqdm.auto import tqdm

from models.catalog import find, offered, similar
from models.errors import CorruptModel, GatedModel, Offline, TooLarge, UnknownModel
from models.loading.devices import gigabytes
from models.loading.kept import repository, whole_snapshot
from models.loading.weights import INDEX, WEIGHTS, refuse_other_formats, refuse_pickled
from models.translation import _

Progress = Callable[[float, str], None]
Check = Callable[[str, int], object]

# Whatever goes wrong on the way, in the HTTP library of whichever huggingface_hub is installed.
UNREACHABLE: tuple[type[Exception], ...] = (HfHubHTTPError.__bases__[0], OfflineModeIsEnabled, LocalEntryNotFoundError)
BUNDLED = "bundled"  # the revision of a model that came with the program
LOCAL = "local-"  # how the revision of a folder that is not ours begins
TOO_MANY, FAILING = 429, 500
"""HTTP: too many requests; from here on, faults of the server."""
TIMEOUT_SECONDS = 5.0  # seconds until the Hub counts as out of reach
ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/(?!datasets/|spaces/)"
    r"([\w.-]+(?:/(?!(?:tree|blob|resolve|raw|commits?|discussions)(?:/|$))[\w.-]+)?)"
)
READ = re.compile(r"[^/]+\.(json|model|txt|jinja|tiktoken)")  # configuration and tokenizer, never code


@dataclass(frozen=True, kw_only=True)
class Located:
    """A model's files on this machine; `revision` is the Hub's commit, or what `revision_of` makes of a folder."""

    name: str
    folder: Path
    revision: str


def locate(name: str, *, hosted: bool, progress: Progress, check: Check, weights: bool = True) -> Located:
    """The folder of a model, downloaded if need be. `hosted` offers the catalogue and nothing else.

    Before a download, `check` hears the model's name and its number of parameters, and may raise. Without `weights`
    only configuration and tokenizer are downloaded.
    """
    name = id_of(name.strip())
    if not name:
        raise UnknownModel(_("No model is named. Choose one from the list."))
    entry = find(name)
    if entry is not None and entry.folder is not None:
        return Located(name=entry.name, folder=entry.folder, revision=BUNDLED)
    if hosted and entry is None:
        choices = ", ".join(one.name for one in offered())
        raise UnknownModel(_("{name} is not offered here; choose from {choices}.", name=repr(name), choices=choices))
    folder = folder_called(name)
    if entry is None and _is_folder(folder):
        return Located(name=name, folder=folder, revision=revision_of(folder))
    if entry is None and _looks_like_path(name):
        raise UnknownModel(_("There is no folder {name} on this machine; check the path.", name=repr(name)))
    called = name if entry is None else entry.name
    return _from_hub(entry.source if entry else name, called, progress, check, weights=weights)


def id_of(name: str) -> str:
    """The Hub id in an address copied from a browser; any other name as it is."""
    found = ADDRESS.match(name)
    return found[1] if found else name


def folder_called(name: str) -> Path:
    """The path a person typed, with ~ for their home; a ~ that means nobody stands for itself."""
    try:
        return Path(name).expanduser()
    except RuntimeError:
        return Path(name)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name too long for any file
        return False


def revision_of(folder: Path) -> str:
    """A name that changes when a file of the model in `folder` does: who trains it again has another model."""
    found = folder.iterdir() if _is_folder(folder) else ()
    files = [file for file in found if WEIGHTS.fullmatch(file.name) or READ.fullmatch(file.name)]
    states = sorted((file.name, *_state(file)) for file in files)
    return f"{LOCAL}{blake2b(repr(states).encode(), digest_size=6).hexdigest()}"


def _state(file: Path) -> tuple[int, int]:
    """Size and time of a file; a link that leads nowhere has neither."""
    try:
        found = file.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


def _looks_like_path(name: str) -> bool:
    return name.startswith((".", "/", "~", "\\")) or name.count("/") > 1 or "\\" in name or ":" in name


def _from_hub(source: str, name: str, progress: Progress, check: Check, *, weights: bool) -> Located:
    try:
        info = HfApi().model_info(source, files_metadata=True, timeout=TIMEOUT_SECONDS)
        check(name, _parameters(info))
        folder = _download(source, name, info, progress, weights=weights)
    except GatedRepoError as error:
        raise GatedModel(
            _(
                "{name} is gated: accept its licence at {address}, then run `hf auth login` and try again.",
                name=name,
                address=f"{constants.ENDPOINT}/{source}",
            )
        ) from error
    except (RepositoryNotFoundError, HFValidationError) as error:
        raise _unknown(name) from error
    except UNREACHABLE as error:
        return _from_cache(source, name, error)
    except OSError as error:
        if error.errno is not None:  # the disk's fault, not the line's
            raise
        return _from_cache(source, name, error)
    return Located(name=name, folder=folder, revision=str(info.sha))


def _from_cache(source: str, name: str, reason: Exception) -> Located:
    """The newest revision an earlier download left whole, for when the Hub does not answer as it should."""
    found = whole_snapshot(source)
    if found is not None:
        return Located(name=name, folder=found, revision=found.name)
    status = getattr(getattr(reason, "response", None), "status_code", None)
    if status == TOO_MANY:
        sentence = _(
            "The Hugging Face Hub asks for a pause (too many downloads from this address); try {name} again in a few "
            "minutes, or log in with `hf auth login`.",
            name=name,
        )
        raise Offline(sentence) from reason
    if status is not None and status >= FAILING:
        sentence = _(
            "The Hugging Face Hub has a fault of its own at the moment ({status}); try {name} again in a few minutes.",
            status=str(status),
            name=name,
        )
        raise Offline(f"{sentence} {_works_offline()}") from reason
    begun = [*repository(source).glob("snapshots/*/config.json"), *repository(source).glob("blobs/*")]
    if begun:
        sentence = _(
            "The download of {name} broke off; try again: what has come already is kept.",
            name=name,
        )
        raise Offline(f"{sentence} {_works_offline()}") from reason
    sentence = _("{name} would have to be downloaded, and the Hugging Face Hub is out of reach.", name=name)
    meant = _did_you_mean(name) if find(name) is None else ""
    raise Offline(" ".join(filter(None, (sentence, meant, _works_offline())))) from reason


def _download(source: str, name: str, info: Any, progress: Progress, *, weights: bool) -> Path:
    sizes = {file.rfilename: int(file.size or 0) for file in info.siblings}
    files = _wanted(list(sizes), name) if weights else _words(list(sizes), name)
    total = sum(sizes[file] for file in files)
    free = shutil.disk_usage(_existing(Path(constants.HF_HUB_CACHE))).free
    fetch = partial(hf_hub_download, source, revision=info.sha, etag_timeout=TIMEOUT_SECONDS)
    missing = [file for file in files if not _cached(fetch, file)]
    needed = sum(sizes[file] for file in missing)
    if needed > free:
        sizes_known = {"needed": gigabytes(needed), "free": gigabytes(free)}
        raise TooLarge(
            _("{name} takes {needed} on the disk and {free} are free; make room first.", name=name, **sizes_known)
        )
    bar = _telling(partial(_tell, progress, name, total), total - needed)
    try:
        return Path(*{Path(fetch(file, tqdm_class=bar)).parent for file in files})
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise TooLarge(
                _("The disk became full while {name} was downloaded; make room and try again.", name=name)
            ) from error
        raise


def _parameters(info: Any) -> int:
    """The number of parameters as far as the Hub can tell, or else no fewer than its files could hold."""
    told = getattr(info.safetensors, "total", None)
    return int(told or sum(file.size or 0 for file in info.siblings if WEIGHTS.fullmatch(file.rfilename)) // 4)


def _wanted(names: list[str], name: str) -> list[str]:
    """config.json first, then tokenizer and weights: what is read, and nothing else of the repository."""
    words = _words(names, name)
    weights = [file for file in names if WEIGHTS.fullmatch(file)]
    if "model.safetensors" in weights:
        weights = ["model.safetensors"]
    if not weights:
        refuse_other_formats(names, name)
        refuse_pickled(names, name)
    return [*words, *([INDEX] if INDEX in names else []), *weights]


def _words(names: list[str], name: str) -> list[str]:
    """config.json first, then the tokenizer."""
    if "config.json" not in names:
        refuse_other_formats(names, name)
        raise CorruptModel(_("{name} is no model transformers can read: its repository has no config.json.", name=name))
    others = [file for file in names if READ.fullmatch(file) and file != "config.json"]
    return ["config.json", *(file for file in others if not file.endswith(".index.json"))]


def _cached(fetch: Callable[..., str], file: str) -> bool:
    try:
        fetch(file, local_files_only=True)
    except LocalEntryNotFoundError:
        return False
    return True


def _tell(progress: Progress, name: str, total: int, done: int) -> None:
    sentence = _("Downloading {name}: {done} of {total}", name=name, done=gigabytes(done), total=gigabytes(total))
    progress(min(done / max(total, 1), 1.0), sentence)


def _telling(tell: Callable[[int], None], done: int) -> type[tqdm]:
    """A progress bar that draws nothing and tells how many bytes have come."""

    class Bar(tqdm):  # type: ignore[misc]
        fetched = done

        def __init__(self, *arguments: Any, **options: Any) -> None:
            options.pop("name", None)
            super().__init__(*arguments, **(options | {"disable": True}))

        def update(self, count: int | None = 1) -> None:
            Bar.fetched += count or 0
            tell(Bar.fetched)

    return Bar


def _existing(folder: Path) -> Path:
    return next(parent for parent in (folder, *folder.parents) if parent.exists())


def _unknown(name: str) -> UnknownModel:
    advice = _did_you_mean(name) or _("Check the spelling, or choose from the list.")
    return UnknownModel(_("There is no model called {name}.", name=repr(name)) + " " + advice)


def _did_you_mean(name: str) -> str:
    """A question with the names of the catalogue that come close; "" if none does."""
    meant = similar(name)
    return _("Did you mean {names}?", names=_(" or ").join(meant)) if meant else ""


def _works_offline() -> str:
    present = [entry.name for entry in offered() if entry.bundled]
    if present:
        return _("{name} works without a network.", name=present[0])
    return _("A folder with a model works without a network.")
