"""The rules of the house that a machine can check."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ALLOWED_TOP_LEVEL = {
    ".ci", ".github", ".gitattributes", ".gitignore", ".python-version", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE",
    "README.md", "app.py", "explorer", "models", "packages.txt", "pyproject.toml", "requirements.txt", "tests",
    "uv.lock",
}  # fmt: skip
FORBIDDEN = {
    "models": {"gradio", "plotly", "explorer", "app"},
    "explorer": {"torch", "transformers", "app"},
}
SPACE_LIMIT_BYTES = 10_000_000


def tracked() -> list[Path]:
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / line for line in listing.splitlines() if (ROOT / line).is_file()]


def sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Give (line, top-level package) for every import of a file, wherever in it it stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name.split(".")[0]) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module.split(".")[0]


@pytest.mark.parametrize("folder", sorted(FORBIDDEN))
def test_imports_go_one_way(folder: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {package}"
        for path in sources(folder)
        for line, package in imported(path)
        if package in FORBIDDEN[folder]
    ]
    assert wrong == []


def test_the_app_only_starts_the_explorer() -> None:
    packages = {package for _, package in imported(ROOT / "app.py")}
    assert packages & {"models", "torch", "transformers", "plotly"} == set()
    assert "explorer" in packages


def test_annotations_stay_live_so_that_shapes_are_checked() -> None:
    stringified = [
        str(path.relative_to(ROOT))
        for folder in ("models", "explorer")
        for path in sources(folder)
        if "from __future__ import annotations" in path.read_text(encoding="utf-8")
    ]
    assert stringified == []


def test_the_top_level_stays_as_designed() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} - ALLOWED_TOP_LEVEL == set()


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for folder in ("models", "explorer")
        for path in sources(folder)
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_each_tab_is_declared_in_its_own_file_and_named_nowhere_else() -> None:
    for path in sources("explorer/tabs"):
        if path.name == "__init__.py":
            continue
        declared = re.findall(r"^TAB\b", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert len(declared) == 1, path.name


def test_no_file_is_too_large_for_a_space() -> None:
    assert [path.name for path in tracked() if path.stat().st_size > SPACE_LIMIT_BYTES] == []


def test_importing_models_does_not_import_the_page() -> None:
    code = "import sys, models.pool; print(sorted({'gradio', 'plotly', 'explorer'} & set(sys.modules)))"
    printed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"


def test_page_scripts_never_turn_text_into_markup() -> None:
    pattern = re.compile(r"\.(innerHTML|outerHTML)\s*\+?=|insertAdjacentHTML|document\.write|\beval\(|new Function\(")
    scripts = [path for path in (ROOT / "explorer").rglob("*") if path.suffix in {".js", ".html"}]
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in scripts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]
    assert scripts
    assert found == []
