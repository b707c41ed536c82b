"""Muon for the matrices inside the blocks, AdamW for the rest, both on float32 masters of the weights.

Muon is PyTorch's (2.9 or newer). What it lacks is here: query, key and value of a fused matrix as three matrices, and a
momentum that warms up.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

MUON_RATE, ADAM_RATE = 0.02, 3e-3
MUON_DECAY = 0.1
MOMENTUM, MOMENTUM_STEPS = 0.95, 150
"""Muon's momentum, and the steps over which it rises to this from 0.85."""


class Optimizer:
    """Steps a network in low precision through float32 masters, so that small updates are not rounded away."""

    def __init__(
        self, network: nn.Module, *, transposed: bool, fused_parts: int, scales: Mapping[str, float] | None = None
    ) -> None:
        """`transposed`: matrices lie (input, output), as in GPT-2; `fused_parts`: query, key, value in one matrix.

        `scales`: a factor on the rate of the parameters whose name ends so.
        """
        self.parameters = list(network.parameters())
        names = [name for name, _ in network.named_parameters()]
        self.masters = [parameter.detach().float().clone() for parameter in self.parameters]
        self._transposed, self._fused = transposed, fused_parts
        inner = _inner_matrices(network)
        self._inside = [index for index, parameter in enumerate(self.parameters) if id(parameter) in inner]
        self._outside = [index for index in range(len(self.parameters)) if index not in set(self._inside)]
        factors = [_factor(name, scales or {}) for name in names]
        parts = [(part, factors[index]) for index in self._inside for part in self._parts(self.masters[index])]
        self.muon_masters = [part for part, _ in parts]
        self.muon = torch.optim.Muon(_groups(parts), lr=MUON_RATE)
        for group in self.muon.param_groups:  # PyTorch multiplies the decay by the rate of the group
            group["weight_decay"] = MUON_DECAY / group["factor"]
        self._steps = 0
        outside = [(self.masters[index], factors[index]) for index in self._outside]
        self.adam = torch.optim.AdamW(_groups(outside), lr=ADAM_RATE, betas=(0.9, 0.95), weight_decay=0, fused=True)

    def step(self, rate: float, largest_norm: float = 1.0) -> float:
        """One update at `rate` (0 to 1, a share of the peak); gives the gradient's norm before clipping."""
        gradients = [_gradient(parameter) for parameter in self.parameters]
        norm = torch.linalg.vector_norm(torch.stack([gradient.norm() for gradient in gradients]))
        torch._foreach_mul_(gradients, (largest_norm / (norm + 1e-6)).clamp(max=1.0))
        self._step_muon(gradients, rate)
        for index in self._outside:
            self.masters[index].grad = gradients[index]
        for group in self.adam.param_groups:
            group["lr"] = ADAM_RATE * rate * group["factor"]
        self.adam.step()
        self._publish()
        return float(norm)

    def _step_muon(self, gradients: Sequence[Tensor], rate: float) -> None:
        self._steps += 1
        parts = [part for index in self._inside for part in self._parts(gradients[index])]
        for master, gradient in zip(self.muon_masters, parts, strict=True):
            master.grad = gradient
        for group in self.muon.param_groups:
            group["lr"] = MUON_RATE * rate * group["factor"]
            group["momentum"] = min(MOMENTUM, 0.85 + 0.1 * self._steps / MOMENTUM_STEPS)
        self.muon.step()  # type: ignore[no-untyped-call]

    def state_dict(self) -> dict[str, Any]:
        return {
            "masters": self.masters, "steps": self._steps,
            "muon": self.muon.state_dict(), "adam": self.adam.state_dict(),
        }  # fmt: skip

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        for master, saved in zip(self.masters, state["masters"], strict=True):
            master.copy_(saved)
        self._steps = state["steps"]
        self.muon.load_state_dict(state["muon"])
        self.adam.load_state_dict(state["adam"])
        self._publish()

    def _parts(self, matrix: Tensor) -> Iterator[Tensor]:
        """Views (output, input) of a matrix; the fused query, key, value matrix gives three."""
        upright = matrix.T if self._transposed else matrix
        if self._fused > 1 and upright.shape[0] == self._fused * upright.shape[1]:
            yield from upright.chunk(self._fused)
        else:
            yield upright

    @torch.no_grad()
    def _publish(self) -> None:
        for parameter, master in zip(self.parameters, self.masters, strict=True):
            parameter.copy_(master)
            parameter.grad = None


def _groups(parts: Sequence[tuple[Tensor, float]]) -> list[dict[str, Any]]:
    """Parameter groups, one for each factor on the rate."""
    factors = sorted({factor for _, factor in parts} or {1.0})
    return [{"params": [part for part, own in parts if own == factor], "factor": factor} for factor in factors]


def _factor(name: str, scales: Mapping[str, float]) -> float:
    return next((factor for ending, factor in scales.items() if name.endswith(ending)), 1.0)


def _gradient(parameter: nn.Parameter) -> Tensor:
    if parameter.grad is None:
        return torch.zeros(parameter.shape, dtype=torch.float32, device=parameter.device)
    return parameter.grad.float()


def _inner_matrices(network: nn.Module) -> set[int]:
    """Identities of the matrices Muon is for: two axes, and not an embedding, whose rows are independent."""
    embeddings = {
        id(parameter)
        for module in network.modules()
        if isinstance(module, nn.Embedding)
        for parameter in module.parameters()
    }
    return {id(parameter) for parameter in network.parameters() if parameter.ndim == 2} - embeddings
