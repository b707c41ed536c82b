"""Checks of the page's scripts: layout, lint, types and unit tests, all with the node that the environment brings."""

import os
import shutil
import sysconfig
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
EXPLORER = ROOT / "explorer"


def program(name: str) -> str:
    """Where this program lies: in the environment first, else on the path."""
    places = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])
    found = shutil.which(name, path=places)
    if not found:
        raise FileNotFoundError(f"{name} is missing: `uv sync` brings it.")
    return found


def checked(*endings: str) -> list[Path]:
    """The files of the page, and of its tests, with these endings."""
    files = [*EXPLORER.rglob("*"), *HERE.glob("*")]
    return sorted(path for path in files if path.suffix in endings)
