"""A GPU borrowed for one run: on a ZeroGPU Space a function may have one, in a process forked for the occasion.

The models stay on the processor; only the run of a large one is sent off, and comes back as numpy arrays. Arguments and
results travel by pickle, so the fork finds the network by its key in the memory it inherits. For small models the wait
for a GPU is longer than the run, so they stay. Without the `spaces` package nothing here has any effect.
"""

import os
from collections.abc import Mapping
from typing import Any

import torch

from models.anatomy import Anatomy
from models.run import Inputs, Noted, run

try:
    import spaces
except ImportError:
    spaces = None

BORROWED = "cuda"
WORTHWHILE = 200_000_000  # parameters from which the trip pays

lent: dict[int, tuple[Any, Anatomy]] = {}  # networks on a trip; a fork keeps its copy for later trips


def available() -> bool:
    """Whether this is a place that lends GPUs by the call."""
    return spaces is not None and bool(os.environ.get("SPACES_ZERO_GPU"))


def execute(network: Any, anatomy: Anatomy, inputs: Inputs) -> Noted:
    """One noted run, on a borrowed GPU where there is one and the network is large enough for it."""
    if not available() or sum(parameter.numel() for parameter in network.parameters()) < WORTHWHILE:
        return run(network, anatomy, inputs)
    lent[id(network)] = (network, anatomy)
    try:
        return borrow(id(network), {name: tensor.tolist() for name, tensor in inputs.items()})
    except KeyError:  # a process forked before this network was loaded does not have it
        return run(network, anatomy, inputs)
    finally:
        lent.pop(id(network), None)


def _on_borrowed(key: int, inputs: Mapping[str, list[list[int]]]) -> Noted:
    network, anatomy = lent[key]
    placed = {name: torch.tensor(numbers, device=BORROWED) for name, numbers in inputs.items()}
    return run(network.to(BORROWED), anatomy, placed)


borrow = _on_borrowed if spaces is None else spaces.GPU(_on_borrowed)
