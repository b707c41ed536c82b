"""Modules as linear maps: those that are linear, and norms whose statistics are kept as they were at one vector.

A norm divides by a number that depends on its input. Kept at what it was in the run ("frozen"), the norm is linear, so
that what it makes of a sum is the sum of what it makes of the parts. Which kind a module is, its gain and its shift are
found by what it computes, not by its name: Gemma's gain of 1 + γ, norms with and without a mean need no table.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float64
from numpy import ndarray
from torch import Tensor, nn

Vector = Float64[ndarray, " width"]
Pull = Callable[[ndarray], ndarray]

TOLERANCE = 1e-3  # relative, of what a module computes in float32 against the linear map it is taken for
FAR = 1e3  # so large that a norm's ε is nothing beside it


@dataclass(frozen=True, eq=False, kw_only=True)
class Frozen:
    """A module at one vector: v ↦ M v + shift.

    `pull` gives Mᵀ u for a direction u of the output, so that u · M v = pull(u) · v. `scale` is the number a norm
    divides by, None where the module is linear by itself.
    """

    pull: Pull
    shift: Float64[ndarray, " out"]
    output: Float64[ndarray, " out"]
    scale: float | None = None


def frozen(module: nn.Module, at: Float64[ndarray, " width"]) -> Frozen | None:
    """The module as a linear map at this vector; None if it is neither linear nor a norm."""
    compute = _Exact(module)
    return _linear(compute, at) or _norm(compute, at)


class _Exact:
    """A module computed in float32, whatever precision it is kept in, on rows of float64."""

    def __init__(self, module: nn.Module) -> None:
        first = next(module.parameters(), None)
        self.device = torch.device("cpu") if first is None else first.device
        half = first is not None and first.dtype != torch.float32
        self.module = copy.deepcopy(module).float() if half else module

    def tensor(self, rows: ndarray) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(rows)).to(self.device, torch.float32)

    def __call__(self, rows: Float64[ndarray, "row width"]) -> Float64[ndarray, "row out"]:
        with torch.no_grad():
            output: Tensor = self.module(self.tensor(rows)[None])[0]
        return np.asarray(output.cpu().double().numpy())

    def pull(self, direction: ndarray, width: int) -> ndarray:
        """Mᵀ times the direction, by differentiating the map, which is linear: exact at any point."""
        with torch.enable_grad():
            rows = torch.zeros(1, 1, width, device=self.device, requires_grad=True)
            output = self.module(rows)[0, 0]
            product = output @ self.tensor(direction).to(output.device)
            (gradient,) = torch.autograd.grad(product, rows)
        return np.asarray(gradient[0, 0].cpu().double().numpy())


def _linear(compute: _Exact, at: Float64[ndarray, " width"]) -> Frozen | None:
    """M v + shift, if the module treats a sum as the sum of its parts."""
    other = np.random.default_rng(0).standard_normal(at.shape) * (np.linalg.norm(at) / len(at) ** 0.5 or 1.0)
    shift, here, there, both = compute(np.stack([np.zeros_like(at), at, other, at + other]))
    if not _close(both - shift, (here - shift) + (there - shift)):
        return None
    return Frozen(pull=lambda direction: compute.pull(direction, len(at)), shift=shift, output=here)


def _norm(compute: _Exact, at: Float64[ndarray, " width"]) -> Frozen | None:
    """γ ⊙ (v − mean v) / σ + β, or the same without the mean, with σ as it is at this vector."""
    level, uneven = np.ones_like(at), _without_mean(len(at))
    rows = np.stack([np.zeros_like(at), level, FAR * level, FAR * uneven, at])
    shift, near, ones, zero_mean, output = compute(rows)
    if shift.shape != at.shape:
        return None
    # Not by the far one: some devices take a mean from it with a rounding that is no longer small.
    centred = float(np.abs(near - shift).max()) < TOLERANCE * float(np.abs(zero_mean - shift).max())
    gain = (zero_mean - shift) * np.sqrt(np.mean(uneven**2)) / uneven if centred else ones - shift

    def centre(vector: ndarray) -> ndarray:
        return vector - vector.mean() if centred else vector

    unscaled, made = gain * centre(at), output - shift
    inverse = float(unscaled @ made / max(unscaled @ unscaled, 1e-30))
    if inverse <= 0 or not _close(unscaled * inverse, made):
        return None
    return Frozen(
        pull=lambda direction: centre(gain * direction) * inverse, shift=shift, output=output, scale=1 / inverse
    )


def _without_mean(width: int) -> Float64[ndarray, " width"]:
    """A vector without a zero whose mean is zero."""
    vector = np.resize(np.array([1.0, -1.0]), width)
    if width % 2:
        vector[-3:] = (1.0, 1.0, -2.0)
    return vector


def _close(one: ndarray, other: ndarray) -> bool:
    return bool(np.linalg.norm(one - other) <= TOLERANCE * max(float(np.linalg.norm(other)), 1e-12))
