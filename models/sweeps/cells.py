"""The cells of a sweep: rows of depths or layers, columns of positions or heads, and the patch that each stands for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from models.engine.language_model import LanguageModel
from models.engine.points import KINDS, Kind, Part, Point
from models.errors import InputError, Unsupported
from models.sweeps.names import Of
from models.sweeps.pair import Side
from models.text.tokens import Token
from models.text.word_alignment import aligned
from models.translation import _

PARTS: dict[str, Part] = {"attention": "attention", "feed_forward": "feed_forward", "head": "heads"}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: a position of the text that is patched, or a head.

    `stack` is "decoder" (whatever yields the logits) or "encoder", `kind` "cross" for an encoder-decoder's second
    attention. `positions` are those patched and `donors` where their activations come from, empty where the texts do
    not correspond. `head` is None for a position.
    """

    stack: str
    kind: Kind
    positions: tuple[int, ...]
    donors: tuple[int, ...]
    head: int | None = None

    @property
    def is_aligned(self) -> bool:
        """False where the other text has nothing to put here."""
        return bool(self.donors)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One patched run to make: where in the table it stands, and the point of the network that is patched."""

    row: int
    column: int
    point: Point


def columns_of(model: LanguageModel, of: str, patched: Side, donor: Side) -> tuple[Column, ...]:
    """The columns of a sweep; an encoder-decoder has those of its source first, then its target's."""
    if of not in get_args(Of):
        choices = ", ".join(get_args(Of))
        raise InputError(_("{name} must be one of {choices}, not {value}.", name="of", choices=choices, value=repr(of)))
    return tuple(
        column for stack, kind in _groups(model, of) for column in _columns(model, of, stack, kind, patched, donor)
    )


def cells_of(model: LanguageModel, of: str, columns: Sequence[Column]) -> list[Cell]:
    """Every cell that can be patched, in the order they run: by depth, so that a batch begins as late as it may."""
    points = model.points
    cells = [
        Cell(row=row, column=place, point=point)
        for place, column in enumerate(columns)
        for row, point in _points(model, of, column)
        if column.is_aligned and point in points and _has_head(model, column, row)
    ]
    if not any(column.is_aligned for column in columns):
        raise InputError(_("No word of the two texts stands for a word of the other; change only a word or two."))
    if not cells:
        raise Unsupported(
            _("{model} computes its blocks in a way that nothing of them can be patched here.", model=model.name)
        )
    return sorted(cells, key=lambda cell: (cell.point.stack == "decoder", cell.row))


def rows_of(model: LanguageModel, of: str) -> int:
    """How many rows: the depths of the deepest stack, embedding and last block's output among them, or its layers."""
    return max(model.architecture.depths.values()) - (0 if of == "residual" else 1)


def _groups(model: LanguageModel, of: str) -> Iterator[tuple[str, Kind]]:
    stacks = ("encoder", "decoder") if "encoder" in model.architecture.depths else ("decoder",)
    for stack in stacks:
        for kind in KINDS:
            if kind == "self" or (stack == "decoder" and len(stacks) == 2 and of in ("attention", "head")):
                yield stack, kind


def _columns(model: LanguageModel, of: str, stack: str, kind: Kind, patched: Side, donor: Side) -> Iterator[Column]:
    pairs = _aligned(patched, donor, stack)
    if of != "head":
        for position, other in enumerate(pairs):
            found = () if other is None else (other,)
            yield Column(stack=stack, kind=kind, positions=(position,), donors=found)
        return
    positions = tuple(position for position, other in enumerate(pairs) if other is not None)
    donors = tuple(other for other in pairs if other is not None)
    heads = max((parts.heads.get(kind, 0) for parts in model.architecture.parts.get(stack, ())), default=0)
    for head in range(heads):
        yield Column(stack=stack, kind=kind, positions=positions, donors=donors, head=head)


def _aligned(patched: Side, donor: Side, stack: str) -> tuple[int | None, ...]:
    (tokens, text), (others, other_text) = read_by(patched, stack), read_by(donor, stack)
    return aligned(tokens, text, others, other_text)


def read_by(side: Side, stack: str) -> tuple[Sequence[Token], str]:
    """The tokens a stack reads, and their text."""
    if stack == "decoder" and side.trace.target_tokens:
        return side.trace.target_tokens, side.trace.target
    return side.trace.tokens, side.trace.text


def _points(model: LanguageModel, of: str, column: Column) -> Iterator[tuple[int, Point]]:
    layers = model.architecture.depths[column.stack] - 1
    for layer in range(layers):
        part = PARTS.get(of, "input")
        yield layer, Point(stack=column.stack, layer=layer, part=part, kind=column.kind)
    if of == "residual":
        yield layers, Point(stack=column.stack, layer=layers - 1, part="output")


def _has_head(model: LanguageModel, column: Column, layer: int) -> bool:
    if column.head is None:
        return True
    return column.head < model.architecture.parts[column.stack][layer].heads.get(column.kind, 0)
