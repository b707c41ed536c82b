"""The kinds of change, as data: frozen, hashable, the same in Python, in JSON and in a link.

A list of changes belongs to one run. Changes of the same place apply in the order of the list. Layers, heads, neurons
and positions count from 0, depths from 0 (the embedding) to the number of blocks. `attention` names which part of an
encoder-decoder is meant: "encoder", "decoder" or "cross"; null is the decoder's own.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from models.errors import InputError
from models.translation import _

MOST_CHANGES = 64
MOST_TEXTS = 16
MOST_CHARACTERS = 4_000
MOST_STRENGTH = 100.0
MOST_VALUE = 1e6
LARGEST = 10_000_000  # of any index: larger numbers are no place in any model


def _plain_index(value: Any) -> Any:
    """JavaScript may write 3 as 3.0."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) <= LARGEST else value


Index = Annotated[int, Field(ge=0, le=LARGEST), BeforeValidator(_plain_index)]
Value = Annotated[float, Field(ge=-MOST_VALUE, le=MOST_VALUE)]
AttentionName = Literal["self", "encoder", "decoder", "cross"] | None
Word = Annotated[str, Field(max_length=MOST_CHARACTERS)]
Words = Word | Annotated[tuple[Word, ...], Field(min_length=1, max_length=MOST_TEXTS, strict=False)]


class _Change(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)

    attention: AttentionName = None


class HeadChange(_Change):
    """A head's output, before the output projection, at every position: zero, a mean, or scaled.

    "mean" is its mean over the positions of this run's text in the unchanged model, "reference" its mean over passages
    that come with the explorer, "scale" multiplies it by `value`. The bias of the output projection stays.
    """

    kind: Literal["head"]
    layer: Index
    head: Index
    by: Literal["zero", "mean", "reference", "scale"] = "zero"
    value: Value = 0.0


class EdgeChange(_Change):
    """A query may not look at a key: its score is −∞ before the softmax, so the other keys share its weight.

    In one head of one layer; `head` null is all heads, `layer` null all layers. Positions count from the beginning
    of the text and stay where they are while a completion grows (Geva et al. 2023, "attention knockout").
    """

    kind: Literal["edge"]
    layer: Index | None = None
    head: Index | None = None
    query: Index
    key: Index


class PartChange(_Change):
    """What attention or the feed-forward part of a block adds: nothing, or its mean over this run's text everywhere."""

    kind: Literal["part"]
    layer: Index
    part: Literal["attention", "feed_forward"]
    by: Literal["zero", "mean"] = "zero"


class NeuronChange(_Change):
    """One neuron's activation at every position: zero, multiplied by `value`, or set to it."""

    kind: Literal["neuron"]
    layer: Index
    neuron: Index
    by: Literal["zero", "scale", "set"] = "zero"
    value: Value = 0.0


class PatchChange(_Change):
    """What the unchanged model has at one place of another text, put in place of what it has here.

    `of` "residual" is the residual stream at `depth`; "attention" and "feed_forward" are what the part of block `layer`
    adds; "head" is the output of `head` in `layer`, before the output projection. `from_position` null is `position`.
    """

    kind: Literal["patch"]
    of: Literal["residual", "attention", "feed_forward", "head"] = "residual"
    depth: Index | None = None
    layer: Index | None = None
    head: Index | None = None
    position: Index
    text: Annotated[str, Field(min_length=1, max_length=100_000)]
    target: Annotated[str, Field(max_length=100_000)] = ""
    from_position: Index | None = None

    @model_validator(mode="after")
    def _has_its_place(self) -> "PatchChange":
        wanted = {"residual": ("depth",), "head": ("layer", "head")}.get(self.of, ("layer",))
        missing = next((name for name in wanted if getattr(self, name) is None), None)
        if missing is not None:
            raise ValueError(_("a patch of {of} needs {name}", of=self.of, name=missing))
        strange = next(
            (name for name in ("depth", "layer", "head") if name not in wanted and getattr(self, name) is not None),
            None,
        )
        if strange is not None:
            raise ValueError(_("a patch of {of} has no {name}", of=self.of, name=strange))
        return self

    @property
    def source(self) -> int:
        """The position in the other text."""
        return self.position if self.from_position is None else self.from_position


class SteerChange(_Change):
    """A direction added to the residual stream at one depth, at every position.

    Words give rows of the output embedding, the row of `toward` less that of `away`; lists of texts give the mean of
    the residual at that depth, at each text's last token, of the one list less the other (Rimsky et al. 2024). The
    direction has the length of the residual at each position, times `strength`; a negative one steers away.
    """

    kind: Literal["steer"]
    depth: Index
    toward: Words = ""
    away: Words = ""
    strength: Annotated[float, Field(ge=-MOST_STRENGTH, le=MOST_STRENGTH)] = 0.5

    @model_validator(mode="after")
    def _has_a_direction(self) -> "SteerChange":
        if isinstance(self.toward, str) != isinstance(self.away, str) and self.toward and self.away:
            raise ValueError(_("toward and away must both be words, or both be lists of texts"))
        if not self.toward and not self.away:
            raise ValueError(_("steering needs a word or a list of texts to go toward or away from"))
        return self


Change: TypeAlias = Annotated[
    HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange, Field(discriminator="kind")
]
"""One change, told by its `kind`."""
AnyChange: TypeAlias = HeadChange | EdgeChange | PartChange | NeuronChange | PatchChange | SteerChange
Changes: TypeAlias = tuple[AnyChange, ...]

_adapter: TypeAdapter[AnyChange] = TypeAdapter(Change)


def changes_of(given: Iterable[Any]) -> Changes:
    """Changes from objects or from plain dictionaries; raises InputError with the sentence to show."""
    return tuple(_change(one, number) for number, one in enumerate(_few(given)))


def without_positions(changes: Sequence[AnyChange]) -> Changes:
    """The changes that hold at every position, and so for any text; the others name a place of one text."""
    return tuple(one for one in changes if not isinstance(one, EdgeChange | PatchChange))


def plain(changes: Sequence[AnyChange]) -> list[dict[str, Any]]:
    """The changes as plain dictionaries, in their order, without what is at its default."""
    return [one.model_dump(mode="json", exclude_defaults=True) for one in changes]


def canonical(changes: Sequence[AnyChange]) -> str:
    """The changes as JSON: the same text for all lists that are the same."""
    return json.dumps(plain(changes), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _few(given: Iterable[Any]) -> list[Any]:
    if isinstance(given, str | bytes | dict) or not isinstance(given, Iterable):
        raise InputError(_("Changes are a list of objects, each with a kind."))
    found = list(given)
    if len(found) > MOST_CHANGES:
        raise InputError(_("A run may have {most} changes at most.", most=MOST_CHANGES))
    return found


def _change(given: Any, number: int) -> AnyChange:
    if isinstance(given, _Change):
        return given  # type: ignore[return-value]
    try:
        return _adapter.validate_python(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, ("changes", number, *first["loc"])))
        raise InputError(_("{name} is not right: {message}.", name=place, message=first["msg"])) from None
