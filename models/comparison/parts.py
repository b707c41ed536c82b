"""The parts of two networks side by side: those that do the same at the same fraction of the way, block by block."""

from collections.abc import Sequence

from models.contributions.contribution import Contribution

PartPair = tuple[Contribution | None, Contribution | None]

FIRST = ("embedding", "position embedding")
INSIDE = ("attention", "cross-attention", "feed-forward", "block")


def part_pairs(one: Sequence[Contribution], other: Sequence[Contribution]) -> list[PartPair]:
    """Each part of either network once, in the order of its way, beside its counterpart in the other; None without one.

    Both are the whole parts of a logit (`by` "part"). Embeddings and the bias pair by name, the parts of a block by
    name with those of the block at the same fraction of the depth. Networks of one depth pair block by block; of two
    depths every block of the shallower has a counterpart, and those that the deeper has in between stand alone.
    """
    outer = [(name, None) for name in FIRST]
    blocks = [_named(name, pair) for pair in block_pairs(_depth(one), _depth(other)) for name in INSIDE]
    here, there = ({(part.name, part.layer): part for part in side} for side in (one, other))
    keys = [*((key, key) for key in outer), *blocks, (("bias", None), ("bias", None))]
    found = [(here.get(mine), there.get(theirs)) for mine, theirs in keys]
    return [pair for pair in found if pair != (None, None)]


def block_pairs(blocks: int, other_blocks: int) -> list[tuple[int | None, int | None]]:
    """Blocks of two networks by relative depth, the first beside the first and the last beside the last."""
    if blocks > other_blocks:
        return [(there, here) for here, there in block_pairs(other_blocks, blocks)]
    beside = {_relative(block, blocks, other_blocks): block for block in range(blocks)}
    return [(beside.get(block), block) for block in range(other_blocks)]


def _relative(block: int, blocks: int, other_blocks: int) -> int:
    """A network of one block stands beside the last block, the one before the logits."""
    return int(block / (blocks - 1) * (other_blocks - 1) + 0.5) if blocks > 1 else other_blocks - 1


def _depth(parts: Sequence[Contribution]) -> int:
    return 1 + max((part.layer for part in parts if part.layer is not None), default=-1)


Key = tuple[str, int | None]


def _named(name: str, pair: tuple[int | None, int | None]) -> tuple[Key, Key]:
    """What is looked up on both sides; a side without the block has no part of this name there."""
    here, there = (("", None) if layer is None else (name, layer) for layer in pair)
    return here, there
