"""Devices and precision: choosing them, and checking that a model fits."""

from pathlib import Path

import psutil
import torch

from models.errors import InputError, TooLarge
from models.loading import zerogpu
from models.translation import _, number

PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
HEADROOM = 1.15  # weights, and room to run a text through them
SEVERAL = "several"  # the weights are spread over all GPUs


def choose_device(asked: str | None) -> str:
    """The device asked for, or the best there is: a GPU, else Apple's, else the processor."""
    if asked is None:
        if zerogpu.available():
            return "cpu"  # GPUs are lent by the call
        if torch.cuda.is_available():
            return "cuda"
        return "mps" if torch.backends.mps.is_available() else "cpu"
    kind, _colon, index = asked.partition(":")
    present = {"cpu": 1, "cuda": torch.cuda.device_count(), "mps": int(torch.backends.mps.is_available())}
    if kind not in present or (index and not index.isdigit()):
        raise InputError(_("The device must be cpu, cuda, cuda:1 or mps, not {asked}.", asked=repr(asked)))
    if int(index or 0) >= present[kind]:
        raise InputError(
            _("This machine has no device {asked}; leave the device out to take the best there is.", asked=repr(asked))
        )
    return asked


def choose_precision(asked: str | None, device: str) -> torch.dtype:
    """The precision asked for; else bfloat16 on a GPU that computes in it, and float32 everywhere else."""
    if asked is not None and asked not in PRECISIONS:
        choices = ", ".join(PRECISIONS)
        raise InputError(_("The precision must be one of {choices}, not {asked}.", choices=choices, asked=repr(asked)))
    if asked is not None:
        return PRECISIONS[asked]
    if device.startswith("cuda"):
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    return torch.float32


def place(name: str, needed: int, device: str, *, fixed: bool) -> str:
    """The device for a model of `needed` bytes; TooLarge, with both numbers, if it fits nowhere.

    `fixed` says that a person asked for this very device; otherwise a model larger than one GPU is spread over all.
    """
    wanted = int(needed * HEADROOM)
    free = free_bytes(device)
    if wanted <= free:
        return device
    if device.startswith("cuda") and not fixed:
        together = sum(torch.cuda.mem_get_info(index)[0] for index in range(torch.cuda.device_count()))
        if wanted <= together:
            return SEVERAL
        free = together
    raise TooLarge(
        _(
            "{name} needs {wanted} of memory and {free} are free here; choose a smaller model.",
            name=name,
            wanted=gigabytes(wanted),
            free=gigabytes(free),
        )
    )


def free_bytes(device: str) -> int:
    """The memory free for a model: of the GPU, or of this machine, or of the container that bounds it."""
    if device.startswith("cuda"):
        return int(torch.cuda.mem_get_info(torch.device(device))[0])
    return min(int(psutil.virtual_memory().available), container_bytes())


def gigabytes(count: int) -> str:
    """Bytes as people say them: "1.2 GB"."""
    if count >= 1e8:
        return _("{count} GB", count=number(count / 1e9, 1))
    return _("{count} MB", count=number(count / 1e6, 1))


def container_bytes(room: Path = Path("/sys/fs/cgroup")) -> int:
    """The bytes a container may still take (cgroup version 2); beyond any machine where nothing bounds it."""
    try:
        limit = (room / "memory.max").read_text().strip()
        used = int((room / "memory.current").read_text())
        counted = dict(line.split() for line in (room / "memory.stat").read_text().splitlines())
    except (OSError, ValueError):
        return 2**62
    reclaimable = int(counted.get("inactive_file", 0)) + int(counted.get("active_file", 0))  # cached files give way
    return 2**62 if limit == "max" else int(limit) - used + reclaimable
