"""Edits of masks in families outside the registry: their scores are met on the way into the softmax.

Such a family computes its attention itself, so nobody is handed a mask. What it does all the same is to put the scores
of every head through a softmax, or to call PyTorch's fused attention; a run whose mask is edited is watched there.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import update_wrapper
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from models.attention.captured import LayerAttention
from models.engine.architecture import Architecture
from models.engine.capture import check_rows, edited_mask
from models.engine.eager import named_arguments
from models.engine.points import Edit, Intervention, Kind, Point, current

SOFTMAX = {nn.functional.softmax, torch.softmax, Tensor.softmax}
FUSED_FUNCTION = nn.functional.scaled_dot_product_attention
MASKED = -5e3
"""Families write between −1e4 and the smallest number there is where a query may not look; no score is so low."""
QUERY, KEY = 3, 1  # the connection that is cut to see whether it can be


class ScoreEdits(TorchFunctionMode):
    """While it is on, the attention of the block that runs keeps to this run's edits of its mask."""

    def __init__(self, intervention: Intervention, heads: Mapping[str, int]) -> None:
        super().__init__()
        self.intervention, self.heads = intervention, heads

    def __torch_function__(self, function: Any, _: Any, arguments: tuple = (), keywords: dict | None = None) -> Any:
        keywords = keywords or {}
        if function in SOFTMAX and arguments:
            arguments = (self._scores(arguments, keywords), *arguments[1:])
        elif function is FUSED_FUNCTION:
            return function(**self._fused(named_arguments(arguments, keywords)))
        return function(*arguments, **keywords)

    def _scores(self, arguments: tuple, keywords: dict) -> Tensor:
        """The scores with −∞ where a connection is cut; anything else that goes through a softmax stays."""
        scores: Tensor = arguments[0]
        kind: Kind = "cross" if self.intervention.attended else "self"
        shape = self._by_head(scores, self.heads.get(kind, 0))
        if shape is None or (
            keywords.get("dim", arguments[1] if len(arguments) > 1 else None) not in (-1, scores.ndim - 1)
        ):
            return scores
        self.intervention.attended += 1
        point = Point(stack=self.intervention.stack, layer=self.intervention.layer, part="mask", kind=kind)
        if not self.intervention.touches(point):
            return scores
        before: Bool[Tensor, "batch head query key"] = scores.reshape(shape) > MASKED
        after = self.intervention.apply(point, before)
        if after is before:
            return scores
        check_rows(before, after)
        return scores.masked_fill((before & ~after).reshape(scores.shape), float("-inf"))

    def _by_head(self, scores: Tensor, heads: int) -> tuple[int, int, int, int] | None:
        """(batch, head, query, key) of a tensor of scores; None of what is none, as a router's over its experts."""
        batch, queries = self.intervention.shape
        if scores.ndim == 4 and scores.shape[:3] == (batch, heads, queries):
            return batch, heads, queries, scores.shape[-1]
        if scores.ndim == 3 and heads > 1 and scores.shape[:2] == (batch * heads, queries):
            return batch, heads, queries, scores.shape[-1]
        return None

    def _fused(self, given: dict[str, Any]) -> dict[str, Any]:
        """What the fused kernel is called with, its mask edited."""
        mask, causal = given.get("attn_mask"), bool(given.get("is_causal", False))
        after = edited_mask(self.intervention, None, given["query"], given["key"], mask, {"is_causal": causal})
        return given if after is mask else given | {"attn_mask": after, "is_causal": False}


class Watched:
    """The forward function of a block whose scores are watched while its mask is edited, and only then."""

    def __init__(self, plain: Callable[..., Any], heads: Mapping[str, int]) -> None:
        self.plain, self.heads = plain, heads
        update_wrapper(self, plain)

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        intervention = current()
        if intervention is None or not any(point.part == "mask" for point in intervention.points):
            return self.plain(*arguments, **keywords)
        with ScoreEdits(intervention, self.heads):
            return self.plain(*arguments, **keywords)


def watch_scores(architecture: Architecture) -> None:
    """Lets every block keep to the edits of its mask; in a run without any nothing changes."""
    block: Any
    for stack, blocks in architecture.blocks.items():
        for block, parts in dict(zip(blocks, architecture.parts[stack], strict=True)).items():
            block.forward = Watched(block.forward, parts.heads)


def unwatch_scores(architecture: Architecture) -> None:
    """Takes back what `watch_scores` did."""
    block: Any
    for block in {block for blocks in architecture.blocks.values() for block in blocks}:
        block.forward = block.forward.plain


def are_watched(architecture: Architecture) -> bool:
    """True if every block keeps to the edits of its mask."""
    blocks = [block for blocks in architecture.blocks.values() for block in blocks]
    return bool(blocks) and all(isinstance(block.forward, Watched) for block in blocks)


def cuts(architecture: Architecture) -> dict[Point, Edit]:
    """One connection cut in every head of every block: what `are_cut` looks for."""

    def cut(allowed: Bool[Tensor, "batch head query key"]) -> Bool[Tensor, "batch head query key"]:
        after = allowed.clone()
        after[..., QUERY, KEY] = False
        return after

    return {point: cut for point in architecture.points if point.part == "mask"}


def are_cut(
    before: Mapping[str, Sequence[LayerAttention]], after: Mapping[str, Sequence[LayerAttention]], tolerance: float
) -> bool:
    """True if every pattern of the second run lacks that connection, and what else its query saw shares the weight.

    Later layers read what earlier ones changed; so only those that read the same in both runs, the first of the stack
    that reads the text, are compared weight by weight, the others by their sums.
    """
    if before.keys() != after.keys():
        return False
    everything = slice(None)
    for kind in before:
        pairs = zip(before[kind], after[kind], strict=True)
        for layer, (one, other) in enumerate(pairs):
            old, new = one.pattern(everything, everything), other.pattern(everything, everything)
            if not old.shape[0]:
                continue
            sums = np.abs(new.sum(axis=-1) - old.sum(axis=-1)).max()
            if np.abs(new[:, QUERY, KEY]).max() > 0 or sums > tolerance:
                return False
            if layer == 0 and kind != "cross" and not _renormalised(old, new, tolerance):
                return False
    return True


def _renormalised(old: np.ndarray, new: np.ndarray, tolerance: float) -> bool:
    wanted = old.copy()
    wanted[:, QUERY, KEY] = 0
    wanted[:, QUERY] *= old[:, QUERY].sum(axis=-1, keepdims=True) / wanted[:, QUERY].sum(axis=-1, keepdims=True)
    return bool(np.abs(new - wanted).max() <= tolerance)
