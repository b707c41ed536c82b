"""Attention of families outside the registry: the model hands its patterns out, and its values are seen in passing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from models.attention.captured import StoredPattern
from models.engine.capture import numpy_of
from models.errors import Unsupported
from models.translation import _

PRODUCTS = {torch.matmul, torch.bmm, Tensor.matmul, Tensor.bmm, Tensor.__matmul__}


@dataclass(frozen=True, eq=False)
class Product:
    """One matrix product of the run: what stood on the left, and the length of each row on the right."""

    left: Tensor
    norms: Tensor


@dataclass(eq=False)
class ValueWatch(TorchFunctionMode):
    """Notes every product that could be pattern times values; which one was is told later, by the pattern."""

    products: list[Product] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def __torch_function__(self, function: Any, _: Any, arguments: tuple = (), keywords: dict | None = None) -> Any:
        result = function(*arguments, **(keywords or {}))
        if function in PRODUCTS and len(arguments) == 2 and arguments[0].ndim >= 3:
            left, right = arguments
            self.products.append(Product(left, right.norm(dim=-1)))
        return result


@contextmanager
def watching() -> Iterator[ValueWatch]:
    """Watches the products of this thread until the block ends."""
    with ValueWatch() as watch:
        yield watch


def stored_pattern(weights: Tensor, watch: ValueWatch) -> StoredPattern:
    """The attention of one layer from its whole pattern (1, head, query, key), with its values' norms if seen."""
    if weights.ndim != 4:
        raise Unsupported(_("This model attends in blocks, which the explorer cannot read."))
    heads, queries, keys = weights.shape[1:]
    for product in watch.products:
        fits = product.left.shape[-2:] == (queries, keys) and product.left.numel() == weights.numel()
        if fits and torch.equal(product.left.reshape(weights.shape), weights):
            norms = product.norms.reshape(-1, keys).expand(heads, keys)
            return StoredPattern(weights=numpy_of(weights[0]), value_norms=numpy_of(norms))
    return StoredPattern(weights=numpy_of(weights[0]))
