"""Double precision on any device: some have none, and there the processor computes instead."""

from functools import cache

import torch
from torch import Tensor


def exact(tensor: Tensor) -> Tensor:
    """The tensor in double precision: where it is, or on the processor if its device has no such numbers."""
    return (tensor if _has_double(tensor.device.type) else tensor.cpu()).double()


@cache
def _has_double(kind: str) -> bool:
    """Apple's devices have no double precision: asked once of each kind."""
    try:
        torch.zeros((), dtype=torch.float64, device=kind)
    except (RuntimeError, TypeError):
        return False
    return True
