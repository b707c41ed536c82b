"""Devices and precision: choosing them, and checking that a model fits."""

from pathlib import Path
from typing import Any

import psutil
import torch

from models.errors import InputError, TooLarge
from models.loading import zerogpu
from models.translation import _, number

PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
HEADROOM = 1.15  # weights, and room to run a text through them
SEVERAL = "several"  # the weights are spread over all GPUs
PROCESSOR = "cpu"
BEST_FIRST = ("cuda", "mps", "xpu")  # PyTorch calls AMD's by CUDA's name


def choose_device(asked: str | None) -> str:
    """The device asked for; of "auto" or None the best there is: a GPU of CUDA or ROCm, Apple's, Intel's, or none.

    Any device PyTorch can use may be named. Raises InputError for one that is not there.
    """
    if asked in (None, "auto"):
        if zerogpu.available():
            return PROCESSOR  # GPUs are lent by the call
        return next((kind for kind in BEST_FIRST if count_of(kind)), PROCESSOR)
    kind, _colon, index = str(asked).partition(":")
    if not known(kind) or (index and not index.isdigit()):
        raise InputError(_("The device must be auto, cpu, cuda, cuda:1, mps or xpu, not {asked}.", asked=repr(asked)))
    if int(index or 0) >= count_of(kind):
        raise InputError(
            _("This machine has no device {asked}; leave the device out to take the best there is.", asked=repr(asked))
        )
    return str(asked)


def known(kind: str) -> bool:
    """True if PyTorch has heard of devices of this kind, whether or not there is one here."""
    try:
        return torch.device(kind).type in (PROCESSOR, *BEST_FIRST) or count_of(kind) > 0
    except RuntimeError:
        return False


def count_of(kind: str) -> int:
    """How many devices of a kind this machine has, by what PyTorch can use of it."""
    if kind == PROCESSOR:
        return 1
    try:
        module: Any = torch.get_device_module(kind)
        return int(module.device_count()) if module.is_available() else 0
    except (AttributeError, RuntimeError):  # a kind of device without a module of its own: "meta"
        return 0


def choose_precision(asked: str | None, device: str) -> torch.dtype:
    """The precision asked for; else bfloat16 on a GPU that computes in it, and float32 everywhere else."""
    if asked is not None and asked not in PRECISIONS:
        choices = ", ".join(PRECISIONS)
        raise InputError(_("The precision must be one of {choices}, not {asked}.", choices=choices, asked=repr(asked)))
    if asked is not None:
        return PRECISIONS[asked]
    if device.startswith("cuda"):  # older cards say they compute in bfloat16, and imitate it slowly
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16
    return torch.bfloat16 if device.startswith("xpu") and torch.xpu.is_bf16_supported() else torch.float32


def place(name: str, needed: int, device: str, *, fixed: bool) -> str:
    """The device for a model of `needed` bytes; TooLarge, with both numbers, if it fits nowhere.

    `fixed` says that a person asked for this very device; otherwise a model larger than one GPU is spread over all of
    its kind, and one larger than all of them runs on the processor.
    """
    wanted = int(needed * HEADROOM)
    free = free_bytes(device)
    if wanted <= free:
        return device
    if device != PROCESSOR and not fixed:
        kind = torch.device(device).type
        together = sum(free_bytes(f"{kind}:{index}") for index in range(count_of(kind)))
        if wanted <= together and count_of(kind) > 1:
            return SEVERAL
        if wanted <= free_bytes(PROCESSOR):
            return PROCESSOR
        free = max(together, free_bytes(PROCESSOR))
    raise TooLarge(
        _(
            "{name} needs {wanted} of memory and {free} are free here; choose a smaller model.",
            name=name,
            wanted=gigabytes(wanted),
            free=gigabytes(free),
        )
    )


def free_bytes(device: str) -> int:
    """The memory free for a model: of the GPU if it has its own, or of this machine or the container that bounds it."""
    told = None if device == PROCESSOR else getattr(torch.get_device_module(device), "mem_get_info", None)
    if told is not None:
        return int(told(torch.device(device))[0])
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
