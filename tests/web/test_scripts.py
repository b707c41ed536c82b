"""The unit tests of the scripts, run by node's own runner: one test here per file there."""

import subprocess
from pathlib import Path

import pytest

from tests.web import HERE, ROOT, program


@pytest.mark.parametrize("file", sorted(HERE.glob("*.test.js")), ids=lambda file: file.name.removesuffix(".test.js"))
def test_the_scripts_unit_tests_pass(file: Path) -> None:
    # The scripts are modules for the browser, which needs no package.json to know it.
    command = [program("node"), "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", "--test", str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
