"""The README tells the truth: its examples run, its tables are complete, a Space can be made of it."""

import re
import subprocess
import sys
import tomllib

import pytest
from packaging.requirements import Requirement

from explorer.features import tabs
from explorer.requirements import ROOT, requirements
from explorer.settings import Settings
from tests.explorer.calls.test_endpoints import DOCUMENTED

README = (ROOT / "README.md").read_text("utf-8")
ADDRESS = "http://127.0.0.1:7860"


def section(title: str) -> str:
    found = re.search(rf"^##+ {re.escape(title)}\n(.*?)(?=^## |\Z)", README, flags=re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def blocks(title: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", section(title), flags=re.DOTALL)


def test_the_python_example_runs() -> None:
    (code,) = blocks("Use it from Python", "python")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "['Once', ' upon', ' a', ' time']" in done.stdout
    assert len(done.stdout.splitlines()) >= 1 + 4 + 20


def test_the_client_example_runs_and_asks_every_endpoint(app_url: str) -> None:
    (code,) = blocks("Use it from a program", "python")
    code = code.replace(ADDRESS, app_url.rstrip("/"))
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert set(re.findall(r'api_name="/(\w+)"', code)) == DOCUMENTED
    assert "'status': 'ok'" in done.stdout
    assert "Once upon a" in done.stdout.splitlines()[-1]


def test_the_curl_example_runs_and_asks_every_endpoint(app_url: str) -> None:
    (code,) = blocks("Use it from a program", "bash")
    code = "set -eu\n" + code.replace(ADDRESS, app_url.rstrip("/"))
    done = subprocess.run(["bash", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert set(re.findall(r"^ask (\w+)", code, flags=re.MULTILINE)) == DOCUMENTED
    assert done.stdout.count("event: complete") == len(DOCUMENTED)
    assert "event: error" not in done.stdout


def test_every_endpoint_stands_in_the_table() -> None:
    assert set(re.findall(r"^\| `/(\w+)` \|", section("Use it from a program"), flags=re.MULTILINE)) == DOCUMENTED


def test_every_setting_stands_in_the_table_and_no_other() -> None:
    rows = re.findall(r"^\| `(EXPLORER_\w+)` \| `(--[\w-]+)` \|", section("Settings"), flags=re.MULTILINE)
    wanted = [(f"EXPLORER_{name.upper()}", f"--{name.replace('_', '-')}") for name in Settings.model_fields]
    assert rows == wanted


@pytest.mark.parametrize("name", ["mode", "model", "characters", "queue", "workers"])
def test_defaults_in_the_table_are_the_real_ones(name: str) -> None:
    (default,) = re.findall(rf"^\| `EXPLORER_{name.upper()}` \| `--\w+` \| `(\w+)`", README, flags=re.MULTILINE)
    assert default == str(Settings.model_fields[name].get_default(call_default_factory=True))


def test_every_tab_stands_in_the_table() -> None:
    listed = re.findall(r"^\| ([\w ?]+) \| (.*\?) \|$", section("What it shows"), flags=re.MULTILINE)
    assert listed == [(tab.title, tab.question) for tab in tabs()]


def test_requirements_are_those_of_the_project() -> None:
    assert (ROOT / "requirements.txt").read_text("utf-8") == requirements()


def test_what_a_space_brings_itself_is_not_held_at_a_version() -> None:
    listed = [Requirement(line) for line in requirements().splitlines() if line and not line.startswith("#")]
    for name in ("gradio", "torch", "spaces"):
        (found,) = [one for one in listed if one.name == name]
        assert [bound.operator for bound in found.specifier] == [">="], name


def test_the_space_runs_the_gradio_that_is_locked() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))
    (locked,) = [package["version"] for package in lock["package"] if package["name"] == "gradio"]
    assert f"\nsdk_version: {locked}\n" in README.split("---")[1]
    assert "\nsdk: gradio\n" in README.split("---")[1]


def test_pictures_and_files_the_text_points_at_are_there() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).is_file(), target
