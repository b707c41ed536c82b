"""Attention of families outside the registry, seen in passing.

Most compute it eagerly: the model hands its patterns out, and which product used each tells its values and its block.
A family whose own default is PyTorch's fused attention is watched there instead, for eager is then not its default.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from models.attention.captured import LayerAttention, NoAttention, StoredPattern
from models.engine.capture import Recorder, current_recorder, numpy_of
from models.errors import Unsupported
from models.translation import _

PRODUCTS = {torch.matmul, torch.bmm, Tensor.matmul, Tensor.bmm, Tensor.__matmul__}
FUSED = "sdpa"
"""transformers' name for attention by `scaled_dot_product_attention`."""


@dataclass(frozen=True, eq=False)
class Product:
    """One matrix product of the run: what stood on the left, the length of each row on the right, and the block."""

    left: Tensor
    norms: Tensor
    layer: int


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
            recorder = current_recorder()
            self.products.append(Product(left, right.norm(dim=-1), recorder.layer if recorder else -1))
        return result


class FusedWatch(TorchFunctionMode):
    """Tells the recorder of every fused attention: queries, keys, values and mask as the kernel gets them."""

    def __torch_function__(self, function: Any, _: Any, arguments: tuple = (), keywords: dict | None = None) -> Any:
        result = function(*arguments, **(keywords or {}))
        recorder = current_recorder()
        if function is nn.functional.scaled_dot_product_attention and recorder is not None:
            given = named_arguments(arguments, keywords or {})
            note_fused(recorder, given)
        return result


def note_fused(recorder: Recorder, given: dict[str, Any]) -> None:
    """Records one call of the fused kernel by the names of its arguments."""
    rest = {"scaling": given.get("scale"), "is_causal": bool(given.get("is_causal", False))}
    recorder.note(None, given["query"], given["key"], given["value"], given.get("attn_mask"), rest)


def named_arguments(arguments: tuple, keywords: dict[str, Any]) -> dict[str, Any]:
    """The arguments of the fused kernel by their names."""
    names = ("query", "key", "value", "attn_mask", "dropout_p", "is_causal")
    return dict(zip(names, arguments, strict=False)) | keywords


@contextmanager
def watching() -> Iterator[ValueWatch]:
    """Watches the products of this thread until the block ends."""
    with ValueWatch() as watch:
        yield watch


def stored_patterns(weights: tuple[Tensor | None, ...], watch: ValueWatch, blocks: int) -> tuple[LayerAttention, ...]:
    """The attention of each block of a stack, from the patterns the network handed out, one per block that attends."""
    found = [(position, one) for position, one in enumerate(weights) if one is not None]
    if not found:
        return ()
    read = [(position, *stored_pattern(one, watch)) for position, one in found]
    if len(weights) == blocks:
        by_block = {position: pattern for position, _, pattern in read}
    else:
        by_block = {layer: pattern for _, layer, pattern in read}
        if len(by_block) < len(read) or not by_block.keys() <= set(range(blocks)):
            raise Unsupported(_("Which blocks of this model attend cannot be told."))
    nothing = NoAttention(queries=read[0][2].shape[1], keys=read[0][2].shape[2])
    return tuple(by_block.get(layer, nothing) for layer in range(blocks))


def stored_pattern(weights: Tensor, watch: ValueWatch) -> tuple[int, StoredPattern]:
    """One whole pattern (1, head, query, key), with its values' norms if seen, and its block; -1 where unknown."""
    if weights.ndim != 4:
        raise Unsupported(_("This model attends in blocks, which the explorer cannot read."))
    heads, queries, keys = weights.shape[1:]
    for product in watch.products:
        fits = product.left.shape[-2:] == (queries, keys) and product.left.numel() == weights.numel()
        if fits and torch.equal(product.left.to(weights.device).reshape(weights.shape), weights):
            norms = product.norms.reshape(-1, keys).expand(heads, keys)
            return product.layer, StoredPattern(weights=numpy_of(weights[0]), value_norms=numpy_of(norms))
    return -1, StoredPattern(weights=numpy_of(weights[0]))
