"""Adding a tab touches its own folder only: the whole tab of the README, put into a copy of the explorer and opened."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from explorer.requirements import ROOT
from tests.browser.conftest import OpenPage, open_tab

README = (ROOT / "README.md").read_text("utf-8")
FILES = {
    "tab.py": ("python", "TAB ="),
    "calls.py": ("python", "@call\ndef length"),
    "length.js": ("js", "export function mount"),
}


def block(language: str, mark: str) -> str:
    (found,) = [one for one in re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL) if mark in one]
    return str(found)


@pytest.fixture
def extended_url(tmp_path: Path) -> Iterator[str]:
    """The address of an app whose explorer has one folder more."""
    shutil.copytree(ROOT / "explorer", tmp_path / "explorer", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "models").symlink_to(ROOT / "models")
    folder = tmp_path / "explorer/features/length"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""Length: how long a text is."""\n')
    for name, (language, mark) in FILES.items():
        (folder / name).write_text(block(language, mark), "utf-8")
    shutil.copy(ROOT / "app.py", tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"GRADIO_SERVER_PORT": str(port), "PYTHONPATH": ""}
    command = [sys.executable, "app.py", "--mode", "local", "--device", "cpu"]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment)
    try:
        yield answering(f"http://127.0.0.1:{port}/", process)
    finally:
        process.terminate()
        process.wait(30)


def answering(url: str, process: subprocess.Popen[bytes]) -> str:
    for _ in range(240):
        assert process.poll() is None, "the app ended"
        try:
            httpx.get(url)
        except httpx.TransportError:
            time.sleep(0.5)
        else:
            return url
    raise AssertionError("the app does not answer")


def test_a_new_tab_is_one_new_folder(extended_url: str, open_page: OpenPage) -> None:
    page = open_page({"text": "Once upon a time"}, at=extended_url)
    open_tab(page, "Length")
    expect(page.locator(".length")).to_have_text("4 tokens")
