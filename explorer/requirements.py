"""requirements.txt for a Space, made from uv.lock: `uv run python -m explorer.requirements` writes it.

A Space installs what was tested: the versions of the lock.
"""

import tomllib
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
HEADER = "# Made from uv.lock by `uv run python -m explorer.requirements`; do not edit."
PYTHON = "3.11"  # of the Space, see README.md
# What a Space brings itself has a lower bound only, or the two would quarrel; `spaces` is of no use anywhere else.
BROUGHT = {"gradio", "torch"}
FOR_SPACES = ("spaces>=0.30",)


def requirements() -> str:
    """The text of requirements.txt: the project's own dependencies, each as it is locked."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    packages = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]
    locked = {package["name"]: package["version"] for package in packages if _is_for_the_space(package)}
    lines = [_line(Requirement(line), locked) for line in project["dependencies"]]
    return "\n".join([HEADER, *sorted([*lines, *FOR_SPACES]), ""])


def _is_for_the_space(package: dict[str, Any]) -> bool:
    """Whether the lock means this version for the Space's Python; most packages have one version for all."""
    markers = package.get("resolution-markers", [])
    space = {"python_version": PYTHON, "python_full_version": f"{PYTHON}.0", "sys_platform": "linux"}
    return not markers or any(Marker(marker).evaluate(space) for marker in markers)


def _line(asked: Requirement, locked: dict[str, str]) -> str:
    if asked.name in BROUGHT:
        return str(asked)
    extras = f"[{','.join(sorted(asked.extras))}]" if asked.extras else ""
    return f"{asked.name}{extras}=={locked[asked.name]}"


if __name__ == "__main__":
    (ROOT / "requirements.txt").write_text(requirements(), "utf-8")
