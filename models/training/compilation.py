"""Fuses elementwise work with torch.compile where a C++ compiler is at hand, and leaves it alone elsewhere."""

import shutil
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

import torch
from torch import nn

P = ParamSpec("P")
R = TypeVar("R")

PIECES = frozenset(
    {
        "NewGELUActivation",
        "LlamaRMSNorm",
        "LlamaMLP",
        "EuroBertRMSNorm",
        "EuroBertMLP",
        "T5LayerNorm",
        "T5DenseGatedActDense",
    }
)
"""Modules that are elementwise work mostly. Compiling more than these was slower (README.md)."""

SHAPES = 32
"""Passages come in many lengths, and each is fused anew; PyTorch gives up after 8."""


@cache
def available() -> bool:
    """Whether torch.compile can work here: it needs a C++ compiler on the path."""
    return shutil.which("g++") is not None or shutil.which("clang++") is not None


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The same function, fused at its first call."""

    @cache
    def fused() -> Callable[P, R]:
        return torch.compile(function, dynamic=False) if available() else function

    @wraps(function)
    def call(*arguments: P.args, **settings: P.kwargs) -> R:
        return fused()(*arguments, **settings)

    return call


def compile_pieces(network: nn.Module) -> None:
    """Fuse the elementwise modules of a network in place; parameters and their names stay as they are."""
    if not available():
        return
    torch._dynamo.config.recompile_limit = SHAPES  # noqa: SLF001 -- the name PyTorch documents
    for module in network.modules():
        if type(module).__name__ in PIECES:
            settings: dict[str, Any] = {"dynamic": False}
            module.compile(**settings)
