"""Two devices that are not the processor, for machines that have no other: what mixes devices fails on it as on a GPU.

They are a backend of PyTorch like any accelerator's (`device.cpp`): memory of their own kind, which Python cannot read,
and operations that refuse tensors of two devices. They are computed by the processor, so numbers are the processor's
and nothing is fast. A C++ compiler is needed once; the library is kept for the next time.

PyTorch counts its devices when it first computes a gradient: a process that is to know these must begin with them, and
the rest of the suite must not. `tests/test_pretended.py` starts one.
"""

import hashlib
import os
import shutil
import subprocess
import sysconfig
import tempfile
from functools import cache
from pathlib import Path
from types import ModuleType

import torch
from torch.utils.cpp_extension import include_paths

NAME = "pretended"
ALONE = "EXPLORER_PRETENDED"  # set in a process that is there for these devices
COUNT = 2
SOURCE = Path(__file__).with_name("device.cpp")
LIBRARIES = Path(torch.__file__).parent / "lib"


def compiler() -> str | None:
    """A C++ compiler of this machine; None where there is none."""
    return shutil.which("g++") or shutil.which("c++")


def alone() -> bool:
    """Whether this process is there for these devices."""
    return ALONE in os.environ


@cache
def register() -> str:
    """Make the device known to this process; its name. Asked again it does nothing.

    Raises RuntimeError without a compiler, CalledProcessError if it does not compile.
    """
    torch.ops.load_library(str(_library()))  # type: ignore[no-untyped-call]
    torch.utils.rename_privateuse1_backend(NAME)
    torch._register_device_module(NAME, _Module(NAME))
    torch.utils.generate_methods_for_privateuse1_backend()
    return NAME


class _Module(ModuleType):
    """What PyTorch and others ask `torch.<device>` about: devices that are always there."""

    @staticmethod
    def is_available() -> bool:
        return True

    @staticmethod
    def device_count() -> int:
        return COUNT

    @staticmethod
    def current_device() -> int:
        return 0

    @staticmethod
    def get_amp_supported_dtype() -> list[torch.dtype]:
        return [torch.bfloat16, torch.float16]

    @staticmethod
    def _is_in_bad_fork() -> bool:
        return False

    @staticmethod
    def manual_seed_all(_seed: int) -> None:
        pass


def _library() -> Path:
    """The compiled library, of this source, this PyTorch and this Python; compiled if it is not there."""
    made_of = SOURCE.read_bytes() + f"{torch.__version__} {sysconfig.get_platform()}".encode()
    library = Path(tempfile.gettempdir()) / f"pretended-{hashlib.sha256(made_of).hexdigest()[:16]}.so"
    if library.is_file():
        return library
    found = compiler()
    if found is None:
        raise RuntimeError("A C++ compiler is needed: apt-get install g++")
    with tempfile.TemporaryDirectory(dir=library.parent) as folder:
        made = Path(folder) / library.name
        places = [f"-I{path}" for path in include_paths()]
        command = [found, "-std=c++20", "-O1", "-fPIC", "-shared", *places, str(SOURCE), "-o", str(made)]
        subprocess.run([*command, f"-L{LIBRARIES}", "-ltorch_cpu", "-lc10"], check=True, capture_output=True)
        made.replace(library)  # whole or not at all, whoever else compiles now
    return library
