"""Muon for the matrices inside the blocks, AdamW for the rest, both on float32 masters of the weights."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

MUON_RATE, ADAM_RATE = 0.02, 3e-3
MUON_DECAY = 0.1
MOMENTUM = 0.95
NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)
"""Coefficients of the quintic whose iteration drives all singular values towards 1 (Keller Jordan 2024, Muon)."""


def orthogonal(matrices: Float[Tensor, "stack row column"], steps: int = 5) -> Float[Tensor, "stack row column"]:
    """The nearest matrices with (almost) equal singular values, by a Newton-Schulz iteration in bf16."""
    a, b, c = NEWTON_SCHULZ
    tall = matrices.shape[-2] > matrices.shape[-1]
    x = matrices.mT if tall else matrices
    x = (x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)).bfloat16()
    for _ in range(steps):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.mT if tall else x


class Muon:
    """Momentum, orthogonalised: every direction of a matrix learns at the same speed.

    Keller Jordan 2024, "Muon: an optimizer for hidden layers in neural networks". `masters` are float32 (row, column)
    with row the output side; matrices of one shape are orthogonalised together.
    """

    def __init__(self, masters: list[Tensor], scales: list[float]) -> None:
        """`scales`: how much slower than the others each matrix learns."""
        self.masters, self.scales = masters, scales
        self.momenta = [torch.zeros_like(master) for master in masters]
        self.steps = 0

    def step(self, gradients: list[Tensor], rate: float) -> None:
        self.steps += 1
        momentum = min(MOMENTUM, 0.85 + 0.1 * self.steps / 150)
        for memory, gradient in zip(self.momenta, gradients, strict=True):
            memory.lerp_(gradient, 1 - momentum)
        updates = [gradient.lerp(memory, momentum) for memory, gradient in zip(self.momenta, gradients, strict=True)]
        for indices in self._same_shape():
            stack = orthogonal(torch.stack([updates[index] for index in indices])).float()
            for index, update in zip(indices, stack, strict=True):
                scale = self.scales[index] * max(1.0, update.shape[0] / update.shape[1]) ** 0.5
                self.masters[index].mul_(1 - rate * MUON_DECAY).add_(update, alpha=-rate * scale)

    def _same_shape(self) -> Iterable[list[int]]:
        groups: dict[torch.Size, list[int]] = {}
        for index, master in enumerate(self.masters):
            groups.setdefault(master.shape, []).append(index)
        return groups.values()


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
        self.muon = Muon([part for part, _ in parts], [factor for _, factor in parts])
        self._speeds = sorted({factors[index] for index in self._outside})
        groups = [
            {"params": [self.masters[index] for index in self._outside if factors[index] == speed]}
            for speed in self._speeds
        ]
        self.adam = torch.optim.AdamW(groups, lr=ADAM_RATE, betas=(0.9, 0.95), weight_decay=0, fused=True)

    def step(self, rate: float, largest_norm: float = 1.0) -> float:
        """One update at `rate` (0 to 1, a share of the peak); gives the gradient's norm before clipping."""
        gradients = [_gradient(parameter) for parameter in self.parameters]
        norm = torch.linalg.vector_norm(torch.stack([gradient.norm() for gradient in gradients]))
        torch._foreach_mul_(gradients, (largest_norm / (norm + 1e-6)).clamp(max=1.0))
        self.muon.step([part for index in self._inside for part in self._parts(gradients[index])], MUON_RATE * rate)
        for index in self._outside:
            self.masters[index].grad = gradients[index]
        for group, speed in zip(self.adam.param_groups, self._speeds, strict=True):
            group["lr"] = ADAM_RATE * rate * speed
        self.adam.step()
        self._publish()
        return float(norm)

    def state_dict(self) -> dict[str, Any]:
        return {"masters": self.masters, "momenta": self.muon.momenta, "steps": self.muon.steps,
                "adam": self.adam.state_dict()}  # fmt: skip

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        for master, saved in zip(self.masters, state["masters"], strict=True):
            master.copy_(saved)
        for memory, saved in zip(self.muon.momenta, state["momenta"], strict=True):
            memory.copy_(saved)
        self.muon.steps = state["steps"]
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
