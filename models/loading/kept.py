"""What the Hub's cache on this machine holds already; nothing here asks the Hub or needs the engine."""

import json
from pathlib import Path

from huggingface_hub import constants

from models.loading.weights import INDEX


def repository(source: str) -> Path:
    """Where the cache keeps what it has of a Hub id."""
    return Path(constants.HF_HUB_CACHE) / f"models--{source.replace('/', '--')}"


def whole_snapshot(source: str) -> Path | None:
    """The newest revision that an earlier download left whole, if any did."""
    configs = repository(source).glob("snapshots/*/config.json")
    newest = sorted(configs, key=lambda file: file.lstat().st_mtime, reverse=True)
    return next((file.parent for file in newest if is_whole(file.parent)), None)


def is_whole(folder: Path) -> bool:
    """True if a folder has all the weights of a model: a download that broke off leaves some."""
    if (folder / "model.safetensors").is_file():
        return True
    try:
        files = json.loads((folder / INDEX).read_text(encoding="utf-8"))["weight_map"].values()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
    return bool(files) and all((folder / str(file)).is_file() for file in files)
