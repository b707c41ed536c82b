"""Named points inside a network, and the edits and readings of the run in progress.

`editing` and `reading` set a context variable; the hooks in every model look there (see `hooks`). They may be nested.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Literal

from torch import Tensor
from transformers import Cache

Part = Literal["input", "mask", "values", "heads", "attention", "neurons", "feed_forward", "output"]
Kind = Literal["self", "cross"]
KINDS: tuple[Kind, ...] = ("self", "cross")
Edit = Callable[[Tensor], Tensor]


@dataclass(frozen=True, kw_only=True)
class Point:
    """One tensor of one block. `stack` is "decoder" (whatever yields the logits) or "encoder", `layer` counts from 0.

    `part`, and what an edit of it gets and gives back:
    "input", "output": the residual stream before and after the block, (batch, position, width)
    "heads": each head's output, the input of the attention's output projection, (batch, position, head, size)
    "attention", "feed_forward": the output of the part, before the block's multiplier if it has one, as "input"
    "values": what each key hands on to each query head, (batch, key, head, size)
    "neurons": each neuron's activation, the input of the feed-forward part's last linear map, (batch, position, neuron)
    "mask": True where a query may attend to a key, (batch, head, query, key), the last query at the last key

    `kind` is "cross" for the second attention of an encoder-decoder's decoder, else "self".
    """

    stack: str = "decoder"
    layer: int
    part: Part
    kind: Kind = "self"


@dataclass(eq=False)
class Intervention:
    """The edits of one run by point, in the order they apply, and the points it reads, after all edits.

    While the network runs, `stack`, `layer`, `attended`, `shape` and `offset` follow where it is: the block that runs,
    how many times it has attended, the batch and positions it works on, and the position of the first of them. `turns`
    are the changed models whose changes are among the edits (see `models.changes.turn`).
    """

    edits: Mapping[Point, tuple[Edit, ...]] = field(default_factory=dict)
    readings: tuple[tuple[frozenset[Point], dict[Point, Tensor]], ...] = ()
    stack: str = "decoder"
    layer: int = 0
    attended: int = 0
    shape: tuple[int, ...] = ()
    offset: int = 0
    entered: dict[str, int] = field(default_factory=dict)
    turns: frozenset[Any] = frozenset()

    @property
    def points(self) -> set[Point]:
        """All points that this run touches."""
        return {*self.edits, *(point for points, _ in self.readings for point in points)}

    def enter(self, stack: str, layers: tuple[int, ...], incoming: Tensor, cache: Cache | None) -> None:
        """A block starts; one that runs several times (ALBERT shares its weights) is told apart by counting."""
        count = self.entered.get(stack, 0)
        self.entered[stack] = count + 1
        self.stack, self.layer, self.attended = stack, layers[count % len(layers)], 0
        self.shape = tuple(incoming.shape[:2])
        self.offset = 0 if cache is None else int(cache.get_seq_length(self.layer))

    def touches(self, point: Point) -> bool:
        """True if an edit or a reading of this run is about this point."""
        return point in self.edits or any(point in points for points, _ in self.readings)

    def apply(self, point: Point, value: Tensor) -> Tensor:
        """The value after this run's edits, noted for whoever reads it."""
        for edit in self.edits.get(point, ()):
            value = edit(value)
        for points, values in self.readings:
            if point in points:
                values[point] = value.detach().clone()
        return value


_current: ContextVar[Intervention | None] = ContextVar("intervention", default=None)
_suspended: ContextVar[bool] = ContextVar("changes suspended", default=False)


def current() -> Intervention | None:
    """The intervention of the run this thread is in; None for an ordinary run."""
    return _current.get()


def offset() -> int:
    """The position of the first row an edit is now given: above 0 where a completion reads on from its cache."""
    intervention = current()
    return 0 if intervention is None else intervention.offset


def suspended() -> bool:
    """True while what is computed must not depend on the changes of the model it is asked of."""
    return _suspended.get()


@contextmanager
def suspending(*, changes: bool) -> Iterator[None]:
    """Whether changed models run as they are without their changes until the end."""
    token = _suspended.set(changes)
    try:
        yield
    finally:
        _suspended.reset(token)


@contextmanager
def resuming(intervention: Intervention | None) -> Iterator[None]:
    """Runs what follows under this intervention, or under none, whatever the caller is in."""
    token = _current.set(intervention)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def editing(edits: Mapping[Point, Edit]) -> Iterator[None]:
    """Applies these edits, after those already in force, to every network that runs in this thread until the end."""
    outer = current() or Intervention()
    together = dict(outer.edits) | {point: (*outer.edits.get(point, ()), edit) for point, edit in edits.items()}
    with resuming(Intervention(together, outer.readings, turns=outer.turns)):
        yield


@contextmanager
def reading(points: Iterable[Point]) -> Iterator[dict[Point, Tensor]]:
    """Reads these points of every run in this thread until the end; the last run's values stay."""
    outer, values = current() or Intervention(), dict[Point, Tensor]()
    with resuming(Intervention(outer.edits, (*outer.readings, (frozenset(points), values)), turns=outer.turns)):
        yield values
