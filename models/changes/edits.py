"""From changes to edits: what is done to which tensor of a run, and when."""

from collections.abc import Callable, Iterator, Sequence

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from models.changes import places
from models.changes.kinds import (
    AnyChange,
    Changes,
    EdgeChange,
    HeadChange,
    NeuronChange,
    PartChange,
    PatchChange,
    SteerChange,
)
from models.changes.sources import mean_of_references, mean_of_run, value_in_text
from models.changes.steering import direction
from models.engine.language_model import LanguageModel
from models.engine.points import Edit, Point, offset
from models.errors import InputError
from models.translation import _

Found = Iterator[tuple[Point, Edit]]


def edits_of(model: LanguageModel, changes: Changes, text: str, target: str = "") -> dict[Point, tuple[Edit, ...]]:
    """What these changes do to the tensors of a run about this text, by point, in their order.

    What a change takes from elsewhere (a mean, another text) is computed here, in the model as it is without them.
    Raises InputError for what the model or the text does not have, Unsupported for what cannot be reached.
    """
    found: dict[Point, tuple[Edit, ...]] = {}
    for change in changes:
        for point, edit in _edits(model, change, text, target):
            found[point] = (*found.get(point, ()), edit)
    return found


def _edits(model: LanguageModel, change: AnyChange, text: str, target: str) -> Found:
    match change:
        case HeadChange():
            return _head(model, change, text, target)
        case EdgeChange():
            return _edge(model, change, text, target)
        case PartChange():
            return _part(model, change, text, target)
        case NeuronChange():
            return _neuron(model, change)
        case PatchChange():
            return _patch(model, change, text, target)
        case SteerChange():
            return _steer(model, change)


def _head(model: LanguageModel, change: HeadChange, text: str, target: str) -> Found:
    point, _count = places.heads_point(model, change.attention, change.layer, change.head)
    head = change.head
    if change.by == "scale":
        yield point, _at((..., head, slice(None)), lambda old: old * change.value)
    elif change.by == "zero":
        yield point, _at((..., head, slice(None)), torch.zeros_like)
    else:
        mean = mean_of_run(model, point, text, target) if change.by == "mean" else mean_of_references(model, point)
        yield point, _at((..., head, slice(None)), _instead(mean[head]))


def _part(model: LanguageModel, change: PartChange, text: str, target: str) -> Found:
    point = places.part_point(model, change.attention, change.layer, change.part)
    mean = None if change.by == "zero" else mean_of_run(model, point, text, target)
    yield point, torch.zeros_like if mean is None else _instead(mean)


def _neuron(model: LanguageModel, change: NeuronChange) -> Found:
    point = places.neurons_point(model, change.attention, change.layer, change.neuron)
    changes: dict[str, Edit] = {
        "zero": torch.zeros_like,
        "scale": lambda old: old * change.value,
        "set": lambda old: torch.full_like(old, change.value),
    }
    yield point, _at((..., change.neuron), changes[change.by])


def _edge(model: LanguageModel, change: EdgeChange, text: str, target: str) -> Found:
    _check_edge(model, change, text, target)
    points = list(places.mask_points(model, change.attention, change.layer))
    for point in points:
        if change.head is not None:
            places.heads_point(model, change.attention, point.layer, change.head)
        yield point, _cut(change.query, change.key, change.head, moving=point.kind == "self")


def _patch(model: LanguageModel, change: PatchChange, text: str, target: str) -> Found:
    _check_patch(model, change, text, target)
    if change.of == "residual":
        point = places.depth_point(model, change.attention, change.depth or 0)
    elif change.of == "head":
        point, _count = places.heads_point(model, change.attention, change.layer or 0, change.head or 0)
    else:
        point = places.part_point(model, change.attention, change.layer or 0, change.of)
    value = value_in_text(model, point, change.text, change.target, change.source)
    rest: tuple = (slice(None),)
    if change.of == "head":
        value, rest = value[change.head], (change.head, slice(None))

    def put(old: Tensor) -> Tensor:
        row = change.position - offset()
        if not 0 <= row < old.shape[1]:  # a completion that reads on from its cache, or a shorter text
            return old
        return _at((slice(None), row, *rest), _instead(value))(old)

    yield point, put


def _steer(model: LanguageModel, change: SteerChange) -> Found:
    point = places.depth_point(model, change.attention, change.depth)
    toward = direction(model, change, point)

    def push(old: Tensor) -> Tensor:
        lengths = old.float().norm(dim=-1, keepdim=True)
        return (old.float() + change.strength * lengths * toward.to(old.device)).to(old.dtype)

    yield point, push


def _at(place: tuple, edit: Callable[[Tensor], Tensor]) -> Edit:
    """An edit of one part of a tensor; the rest, and the tensor it came from, stay."""

    def whole(old: Tensor) -> Tensor:
        new = old.clone()
        new[place] = edit(old[place])
        return new

    return whole


def _instead(value: Float[Tensor, "*shape"]) -> Edit:
    return lambda old: value.to(device=old.device, dtype=old.dtype).expand_as(old)


def _cut(query: int, key: int, head: int | None, *, moving: bool) -> Edit:
    """Takes one key from one query. Where keys are the text itself, a cache may have dropped the oldest of them."""

    def cut(allowed: Bool[Tensor, "batch head query key"]) -> Bool[Tensor, "batch head query key"]:
        queries, keys = allowed.shape[-2:]
        row = query - offset()
        column = key - (offset() + queries - keys if moving else 0)
        if not 0 <= row < queries or not 0 <= column < keys:
            return allowed
        after = allowed.clone()
        after[:, slice(None) if head is None else head, row, column] = False
        return after

    return cut


def _check_edge(model: LanguageModel, change: EdgeChange, text: str, target: str) -> None:
    both = model.kind == "encoder-decoder"
    stack = places.stack_of(model, change.attention)
    read = {"encoder": model.tokenize(text), "decoder": model.tokenize(target, target=True) if both else ()}
    own = read[stack] if both else read["encoder"]
    keys = read["encoder"] if change.attention == "cross" else own
    _check_position(change.query, own, _("query"))
    _check_position(change.key, keys, _("key"))
    causal = stack == "decoder" and model.kind != "encoder" and change.attention != "cross"
    if causal and change.key > change.query:
        raise InputError(
            _(
                "Position {query} never looks at position {key}, which comes after it: choose an earlier key.",
                query=str(change.query),
                key=str(change.key),
            )
        )


def _check_patch(model: LanguageModel, change: PatchChange, text: str, target: str) -> None:
    same = change.text == text and (model.kind != "encoder-decoder" or change.target == target)
    if same and change.source == change.position:
        raise InputError(
            _("Both texts are the same, so patching changes nothing: choose another text or another position.")
        )
    on_source = model.kind != "encoder-decoder" or places.stack_of(model, change.attention) == "encoder"
    own = model.tokenize(text) if on_source else model.tokenize(target, target=True)
    other = model.tokenize(change.text) if on_source else model.tokenize(change.target, target=True)
    _check_position(change.position, own, _("position"))
    _check_position(change.source, other, _("from_position"))


def _check_position(position: int, tokens: Sequence, name: str) -> None:
    if not tokens:
        raise InputError(_("The text is empty. Type at least one character."))
    if position >= len(tokens):
        raise InputError(
            _(
                "{name} {position} is outside its text: the text has {count} tokens, counted from 0. Remove the change "
                "or write a longer text.",
                name=name,
                position=str(position),
                count=len(tokens),
            )
        )
