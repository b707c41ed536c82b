"""Patched runs, many at once: copies of one text, each with an activation of another run put into its place.

What lies before the first patched block is the same in every copy, so a batch starts at its own block: each block is
called with what it was given in one unpatched run of as many copies. That is used only where calling the blocks one
after the other gives that run's own numbers; else the whole network runs.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from threading import get_ident
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from models.engine.architecture import first_tensor
from models.engine.language_model import LanguageModel
from models.engine.points import Edit, Point, editing
from models.sweeps.pair import Side

PASS_TOKENS = 512  # tokens in one pass: more are no faster on a processor, and a pass cannot be stopped
TOLERANCE = 1e-5  # of the largest logit, by which a run block by block may differ


@dataclass(frozen=True, eq=False, kw_only=True)
class Patch:
    """What one copy gets: at `point`, in these positions (of one head), these values instead of its own."""

    point: Point
    positions: tuple[int, ...]
    values: Float[Tensor, "position size"]
    head: int | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class BlockCall:
    """What a block was called with in the unpatched run: `incoming` is the residual stream among it."""

    block: nn.Module
    arguments: tuple
    keywords: dict[str, Any]
    incoming: Tensor

    def __call__(self, residual: Tensor) -> Tensor:
        """The block's output for another residual stream."""
        arguments = tuple(residual if value is self.incoming else value for value in self.arguments)
        keywords = {name: residual if value is self.incoming else value for name, value in self.keywords.items()}
        outgoing = first_tensor((self.block(*arguments, **keywords),))
        if outgoing is None:
            raise TypeError("A block puts out a residual stream.")
        return outgoing


@dataclass(frozen=True, eq=False, kw_only=True)
class PatchedRuns:
    """Runs `copies` of one side's text at once."""

    model: LanguageModel
    side: Side
    copies: int

    def __call__(self, patches: Sequence[Patch]) -> Float[Tensor, "copy vocab"]:
        """The logits at the side's position, one row for each patch; at most `copies` of them."""
        blocks = self.blocks
        # The rows that are left over run unpatched, for what the blocks were given has a row for each.
        stacks = {patch.point.stack for patch in patches}
        with torch.no_grad(), self.model.lock, editing(edits_of(patches)):
            if blocks is None or stacks != {"decoder"}:
                found = self.whole()
            else:
                found = self._from_block(blocks, min(patch.point.layer for patch in patches))
        return found[: len(patches)]

    @cached_property
    def _inputs(self) -> dict[str, Tensor]:
        device = self.model.network.get_input_embeddings().weight.device
        trace = self.side.trace
        read = {"input_ids": trace.tokens, "decoder_input_ids": trace.target_tokens}
        return {
            name: torch.tensor([[token.id for token in tokens]] * self.copies, device=device)
            for name, tokens in read.items()
            if tokens
        }

    @cached_property
    def _settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = {"return_dict": True}
        if hasattr(self.model.network.config, "use_cache"):
            settings["use_cache"] = False
        return settings

    def whole(self) -> Float[Tensor, "copy vocab"]:
        network, unembedding = self.model.network, self.model.architecture.unembedding
        if unembedding is None or network.base_model is network or not self.model.architecture.blocks["decoder"]:
            return network(**self._settings, **self._inputs).logits[:, self.side.position]
        last: list[Tensor] = []

        def keep(value: Tensor) -> Tensor:
            last.append(value)
            return value

        end = Point(layer=self.model.architecture.depths["decoder"] - 2, part="output")
        with editing({end: keep}):
            network.base_model(**self._settings, **self._inputs)
        return self._unembedded(last[-1])

    def _unembedded(self, residual: Float[Tensor, "copy position width"]) -> Float[Tensor, "copy vocab"]:
        unembedding = self.model.architecture.unembedding
        if unembedding is None:
            raise TypeError("Only a network whose way to the logits is known runs block by block.")
        return unembedding(residual[:, self.side.position : self.side.position + 1])[:, 0]

    def _from_block(self, blocks: Sequence[BlockCall], first: int) -> Float[Tensor, "copy vocab"]:
        residual = blocks[first].incoming
        for block in blocks[first:]:
            residual = block(residual)
        return self._unembedded(residual)

    @cached_property
    def blocks(self) -> tuple[BlockCall, ...] | None:
        """The blocks with what they were given; None where a run block by block is not the network's own."""
        architecture = self.model.architecture
        blocks = architecture.blocks["decoder"]
        if architecture.unembedding is None or not blocks or len(set(blocks)) < len(blocks):
            return None
        with torch.no_grad(), self.model.lock:
            with _noting(blocks) as calls:
                whole = self.whole()
            if len(calls) != len(blocks):
                return None
            try:
                again = self._from_block(calls, 0)
            except (RuntimeError, TypeError, ValueError):
                return None
        near = (again - whole).abs().max() <= TOLERANCE * whole.abs().max()
        return tuple(calls) if bool(near) else None


def edits_of(patches: Sequence[Patch]) -> dict[Point, Edit]:
    """The patches of one batch as edits: row number i is patched by patch number i."""
    rows: dict[Point, list[tuple[int, Patch]]] = defaultdict(list)
    for row, patch in enumerate(patches):
        rows[patch.point].append((row, patch))
    return {point: _edit(found) for point, found in rows.items()}


def _edit(rows: Sequence[tuple[int, Patch]]) -> Callable[[Tensor], Tensor]:
    def put(value: Tensor) -> Tensor:
        changed = value.clone()
        for row, patch in rows:
            places = list(patch.positions)
            target = changed[row] if patch.head is None else changed[row, :, patch.head]
            target[places] = patch.values.to(device=value.device, dtype=value.dtype)
        return changed

    return put


@contextmanager
def _noting(blocks: Sequence[nn.Module]) -> Iterator[list[BlockCall]]:
    """Notes what this thread calls the blocks with, before any edit, until the end; the caller holds the lock."""
    calls: list[BlockCall] = []
    thread = get_ident()

    def note(block: nn.Module, arguments: tuple, keywords: dict[str, Any]) -> None:
        incoming = first_tensor((*arguments, *keywords.values()))
        if get_ident() == thread and incoming is not None:
            calls.append(BlockCall(block=block, arguments=arguments, keywords=keywords, incoming=incoming))

    handles = [block.register_forward_pre_hook(note, with_kwargs=True, prepend=True) for block in blocks]
    try:
        yield calls
    finally:
        for handle in handles:
            handle.remove()
