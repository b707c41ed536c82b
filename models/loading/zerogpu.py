"""A GPU borrowed for one run: on a ZeroGPU Space a function may have one, in a process forked for the occasion.

The models stay on the processor; only the run of a large one is sent off, and comes back as numpy arrays. Arguments and
results travel by pickle, so the fork finds the network by its key in the memory it inherits. For small models the wait
for a GPU is longer than the run, so they stay. Without the `spaces` package nothing here has any effect.
"""

import os
from collections.abc import Mapping
from typing import Any

import torch

from models.engine.architecture import Architecture
from models.engine.forward import ForwardRecord, Inputs, forward
from models.engine.points import current

try:
    import spaces
except ImportError:
    spaces = None

GPU_DEVICE = "cuda"
MIN_PARAMETERS = 200_000_000  # below, the wait for a GPU is longer than the run

# Models registered for ZeroGPU workers, by id; a fork keeps its copy.
registry: dict[int, tuple[Any, Architecture]] = {}


def available() -> bool:
    """True on a ZeroGPU Space, where GPUs are lent by the call."""
    return spaces is not None and bool(os.environ.get("SPACES_ZERO_GPU"))


def execute(network: Any, architecture: Architecture, inputs: Inputs) -> ForwardRecord:
    """One recorded run, on a borrowed GPU where there is one and the network is large enough for it.

    Edits of the run in progress are functions, which do not travel: such a run stays here.
    """
    if (
        current() is not None
        or not available()
        or sum(parameter.numel() for parameter in network.parameters()) < MIN_PARAMETERS
    ):
        return forward(network, architecture, inputs)
    registry[id(network)] = (network, architecture)
    try:
        return run_on_gpu(id(network), {name: tensor.tolist() for name, tensor in inputs.items()})
    except KeyError:  # a process forked before this network was loaded does not have it
        return forward(network, architecture, inputs)
    finally:
        registry.pop(id(network), None)


def _forward_on_gpu(key: int, inputs: Mapping[str, list[list[int]]]) -> ForwardRecord:
    network, architecture = registry[key]
    placed = {name: torch.tensor(ids, device=GPU_DEVICE) for name, ids in inputs.items()}
    return forward(network.to(GPU_DEVICE), architecture, placed)


run_on_gpu = _forward_on_gpu if spaces is None else spaces.GPU(_forward_on_gpu)
