"""Attention for training on a CPU: plain matrix products, with all elementwise work fused into two functions.

PyTorch's flash kernel for CPUs is slower than this, forwards and backwards; see README.md for the measurement.
"""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from transformers import AttentionInterface

from models.training.compilation import compiled

NAME = "storybook-training"
"""The name under which transformers finds this attention."""

Queries = Float[Tensor, "batch head query width"]
Keys = Float[Tensor, "batch head key width"]
FewKeys = Float[Tensor, "batch group key width"]
"""Keys or values of grouped-query attention: several heads share a group."""


@compiled
def _softmax(scores: Tensor, scale: float, bias: Tensor | None, causal: bool) -> Tensor:  # noqa: FBT001 -- as in autograd
    """The pattern: softmax(scores · scale + bias) over the keys a query may see."""
    wide = scores.float() * scale
    if bias is not None:
        wide = wide + bias.float()
    if causal:
        rows = torch.arange(scores.shape[-2], device=scores.device)[:, None]
        wide = torch.where(rows >= torch.arange(scores.shape[-1], device=scores.device), wide, -1e30)
    return torch.softmax(wide, dim=-1).to(scores.dtype)


@compiled
def _slope(pattern: Tensor, exchanged: Tensor) -> Tensor:
    """The gradient of softmax: pattern · (exchanged - their mean under the pattern)."""
    wide, gradient = pattern.float(), exchanged.float()
    return (wide * (gradient - (wide * gradient).sum(-1, keepdim=True))).to(pattern.dtype)


class Attention(torch.autograd.Function):
    """softmax(query · keyᵀ · scale + bias) · value (Vaswani et al. 2017); the pattern is kept for the way back."""

    @staticmethod
    def forward(
        ctx: Any,
        query: Queries,
        key: Keys,
        value: Keys,
        bias: Tensor | None,
        scale: float,
        causal: bool,  # noqa: FBT001 -- autograd passes by position
    ) -> Queries:
        pattern = _softmax(query @ key.mT, scale, bias, causal)
        ctx.save_for_backward(query, key, value, pattern)
        ctx.scale = scale
        return pattern @ value

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor | None, None, None]:
        query, key, value, pattern = ctx.saved_tensors
        (gradient,) = gradients
        slope = _slope(pattern, gradient @ value.mT)  # (batch, head, query, key)
        bias = slope.sum(0, keepdim=True) if ctx.needs_input_grad[3] else None
        return (slope @ key) * ctx.scale, (slope.mT @ query) * ctx.scale, pattern.mT @ gradient, bias, None, None


def _attention(
    module: torch.nn.Module,
    query: Queries,
    key: FewKeys,
    value: FewKeys,
    attention_mask: None,  # noqa: ARG001 -- part of the face transformers calls
    *,
    scaling: float,
    position_bias: Tensor | None = None,
    **_: Any,
) -> tuple[Float[Tensor, "batch query head width"], None]:
    """Full rows without padding: causal or not, and T5's bias, are all there is to know."""
    groups = query.shape[1] // key.shape[1]
    if groups > 1:
        key, value = key.repeat_interleave(groups, dim=1), value.repeat_interleave(groups, dim=1)
    causal = bool(getattr(module, "is_causal", False))
    return Attention.apply(query, key, value, position_bias, scaling, causal).transpose(1, 2), None


AttentionInterface.register(NAME, _attention)
