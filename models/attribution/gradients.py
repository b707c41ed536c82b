"""Attribution by gradients: gradient × input, and integrated gradients.

Gradients are taken with respect to the token embeddings alone; the weights never hold any.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Float32
from numpy import ndarray
from torch import Tensor

from models.attribution.output import Output, chunks
from models.engine.exact import exact


@dataclass(frozen=True, eq=False, kw_only=True)
class Integrated:
    """The values of integrated gradients, and the output at the baseline, which they should reach from the output."""

    values: Float32[ndarray, " token"]
    baseline_output: float


def gradient_input(output: Output) -> Float32[ndarray, " token"]:
    """∂F/∂e · e of each token embedding e (Shrikumar et al. 2016): exact only where F is linear; may be negative."""
    output.check()
    point = output.embeddings
    return _numpy((_gradient(output, point[None])[0] * point).sum(-1))


def integrated_gradients(output: Output, baseline: str = "mean", steps: int = 50) -> Iterator[int | Integrated]:
    """(e − e') · ∫₀¹ ∂F/∂e at e' + α(e − e') dα (Sundararajan et al. 2017): steps done so far, then the values.

    The integral is taken with `steps` points of Gauss–Legendre quadrature. The values add up to F(e) − F(e'), up to
    the error of the quadrature: "completeness". `baseline` e' as `Output.baseline`.
    """
    output.check()
    start = output.baseline(baseline)
    way = output.embeddings - start
    total = exact(torch.zeros_like(way))
    places, weights = _quadrature(steps, way.device)
    for part in chunks(steps, output.together):
        yield part.start
        path = start + places[part, None, None] * way
        total += exact((weights[part, None, None] * _gradient(output, path)).sum(0))
    with torch.no_grad():
        baseline_output = float(output(start[None])[0])
    yield Integrated(values=_numpy((total * exact(way)).sum(-1)), baseline_output=baseline_output)


def _quadrature(steps: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Points and weights of the Gauss–Legendre rule on [0, 1]."""
    places, weights = np.polynomial.legendre.leggauss(steps)
    kept: dict[str, Any] = {"dtype": torch.float32, "device": device}
    return torch.tensor((places + 1) / 2, **kept), torch.tensor(weights / 2, **kept)


def _gradient(output: Output, embeddings: Float[Tensor, "copy token width"]) -> Float[Tensor, "copy token width"]:
    with torch.enable_grad():
        leaf = embeddings.detach().requires_grad_()
        (gradient,) = torch.autograd.grad(output(leaf).sum(), leaf)
    return gradient.detach()


def _numpy(values: Tensor) -> Float32[ndarray, " token"]:
    array = values.detach().to(device="cpu", dtype=torch.float32).numpy()
    array.flags.writeable = False
    return array
