"""requirements.txt for a Space, made from pyproject.toml: `uv run python -m explorer.requirements` writes it."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
HEADER = "# Made from pyproject.toml by `uv run python -m explorer.requirements`; do not edit."
# What a Space brings itself has a lower bound only, or the two would quarrel; this one is of no use anywhere else.
FOR_SPACES = ("spaces>=0.30",)


def requirements() -> str:
    """The text of requirements.txt."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return "\n".join([HEADER, *sorted([*project["dependencies"], *FOR_SPACES]), ""])


if __name__ == "__main__":
    (ROOT / "requirements.txt").write_text(requirements(), "utf-8")
