"""What runs on a device pretended in software runs in a process of its own, which knows that device from its start."""

import os
import subprocess
import sys

import pytest

from tests import pretended

WHAT = ("tests/models/devices", "tests/models/loading/test_zerogpu.py", "tests/explorer/test_device.py")
MINUTES = 10


@pytest.mark.skipif(pretended.compiler() is None, reason="needs a C++ compiler: apt-get install g++")
@pytest.mark.timeout(60 * MINUTES)
def test_the_pretended_device_computes_what_the_processor_computes() -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-m", "not gpu", *WHAT]
    environment = os.environ | {pretended.ALONE: "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5000:]
    assert " passed" in done.stdout
