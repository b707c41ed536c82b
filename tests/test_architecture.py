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
    "README.md", "app.py", "explorer", "models", "packages.txt", "pyproject.toml", "requirements.txt", "SECURITY.md",
    "tests", "uv.lock",
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


FEATURES = sorted(path for path in (ROOT / "explorer/features").iterdir() if (path / "__init__.py").is_file())
NAMED_IMPORT = re.compile(r"""^(?:import|export)\s[^;"'()]*?from\s*["']([^"']+)["']""", re.MULTILINE)
# A room's scripts may import from these rooms: the kit stands alone, a feature knows the kit and itself.
SCRIPT_ROOMS = {"web": ("web",), "shell": ("web", "shell"), "features": ("web",)}


@pytest.mark.parametrize("folder", FEATURES, ids=lambda folder: str(folder.name))
def test_each_feature_is_one_folder_with_one_tab(folder: Path) -> None:
    declared = re.findall(r"^TAB\b", (folder / "tab.py").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert len(declared) == 1
    assert (ROOT / "tests/explorer/features" / folder.name).is_dir()


@pytest.mark.parametrize("folder", FEATURES, ids=lambda folder: str(folder.name))
def test_a_feature_imports_no_other_feature(folder: Path) -> None:
    own = f"explorer.features.{folder.name}"
    pattern = re.compile(r"^\s*(?:from|import) (explorer\.features\.[\w.]+)", re.MULTILINE)
    found = [
        f"{path.name} imports {module}"
        for path in sources(str(folder.relative_to(ROOT)))
        for module in pattern.findall(path.read_text("utf-8"))
        if module != own and not module.startswith(own + ".")
    ]
    assert found == []


def scripts() -> list[Path]:
    return sorted(path for room in SCRIPT_ROOMS for path in (ROOT / "explorer" / room).rglob("*.js"))


def imported_scripts(path: Path) -> list[Path]:
    named = NAMED_IMPORT.findall(re.sub(r"`[^`]*`", "``", path.read_text(encoding="utf-8")))
    assert all(name.startswith(".") for name in named), f"{path.name} imports what the page does not serve: {named}"
    return [(path.parent / name).resolve() for name in named]


def test_scripts_import_only_what_is_there_and_only_from_their_rooms() -> None:
    wrong = [
        f"{path.name} imports {other.name}"
        for path in scripts()
        for other in imported_scripts(path)
        if not other.is_file() or not any(other.is_relative_to(room) for room in rooms_for(path))
    ]
    assert len(scripts()) > 40
    assert wrong == []


def rooms_for(script: Path) -> list[Path]:
    """The folders a script may import from."""
    inside = script.relative_to(ROOT / "explorer").parts
    own = [ROOT / "explorer/features" / inside[1]] if inside[0] == "features" else []
    return [ROOT / "explorer" / room for room in SCRIPT_ROOMS[inside[0]]] + own


def test_no_script_relies_on_a_name_of_the_window() -> None:
    pattern = re.compile(r"(?:window|globalThis)\.(?:explorer|Plotly)\b|(?<![\w.])explorer\.\w")
    found = [path.name for path in scripts() if pattern.search(code_of(path))]
    assert found == []


def code_of(path: Path) -> str:
    """A script without its comments and texts."""
    text = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"`[^`]*`|\"[^\"\n]*\"|'[^'\n]*'", '""', text)


def test_results_are_kept_in_the_one_place_that_counts_them() -> None:
    found = [
        str(path.relative_to(ROOT))
        for folder in ("models", "explorer")
        for path in sources(folder)
        if "WeakKeyDictionary" in path.read_text(encoding="utf-8") and path.name != "cache.py"
    ]
    assert found == []


def test_the_house_on_one_screen_names_files_that_are_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:explorer|models|tests)/[\w./-]+)`", text)
    assert len(named) > 20
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_no_file_is_too_large_for_a_space() -> None:
    assert [path.name for path in tracked() if path.stat().st_size > SPACE_LIMIT_BYTES] == []


def test_importing_models_does_not_import_the_page() -> None:
    code = "import sys, models.engine.pool; print(sorted({'gradio', 'plotly', 'explorer'} & set(sys.modules)))"
    printed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"


ENGINE = {"torch", "transformers", "tokenizers", "sklearn", "umap", "openTSNE", "scipy"}


def test_the_page_stands_before_the_engine_is_imported() -> None:
    code = (
        "import sys; from explorer.launch import build; from explorer.pool_factory import pool_for; "
        "from explorer.settings import Settings; settings = Settings(mode='local'); "
        f"build(settings, pool_for(settings)); print(sorted({ENGINE} & set(sys.modules)))"
    )
    printed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]", "endpoints.py and tab.py import no engine; an endpoint does when it is called"


def test_no_feature_styles_what_another_names_alike() -> None:
    """All sheets are on one page: a class that two features style by itself looks as the later of them wants."""
    owners: dict[str, set[str]] = {}
    for sheet in (ROOT / "explorer" / "features").rglob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
        for selector in re.findall(r"([^{}]+)\{", text):
            for one in selector.split(","):
                if alone := re.match(r"(?:\.view )?\.([\w-]+)(?=$|[\[:])", one.strip()):
                    owners.setdefault(alone[1], set()).add(sheet.parent.name)
    assert owners
    assert {name: sorted(both) for name, both in owners.items() if len(both) > 1} == {}


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
