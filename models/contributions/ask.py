"""Contributions as they are asked for: of which token, over which other, how finely, or inside which part."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from models.contributions.contribution import By, Contribution, Contributions
from models.contributions.decomposition import Decomposition
from models.contributions.position import position_of
from models.engine.cache import derived
from models.engine.language_model import LanguageModel
from models.engine.points import KINDS, Kind
from models.engine.trace import Trace
from models.errors import InputError, Unsupported
from models.limits import MAX_CONTRIBUTIONS
from models.text.vocabulary import vocabulary
from models.translation import _

TOLERANCES = {"float32": 1e-3}
HALF_TOLERANCE = 0.1  # bfloat16 keeps 8 bits: the residual stream itself is rounded after every sum

PartName = Literal["self", "cross", "feed_forward"]


@dataclass(frozen=True, kw_only=True)
class Place:
    """What is opened: a whole block (`part` None), its attention, or its feed-forward part; or one `head` of it."""

    layer: int
    part: PartName | None = None
    head: int | None = None


def contributions(
    model: LanguageModel,
    trace: Trace,
    position: int = -1,
    token: str = "",
    against: str = "",
    by: str = "part",
    count: int = 50,
) -> Contributions:
    """What each part adds to the logit of `token` at `position`, the `count` largest; all sum to the logit.

    `position` −1 is the last one, and a masked model's first mask where there is one. `token` is a word or token of the
    vocabulary, or "#" and an id; empty is the likeliest one. With `against`, another
    token, it is the difference of their logits that is taken apart. `by` opens every attention into its "head"s, or
    these into "source" tokens, or every feed-forward part into its "neuron"s; what is not opened stays whole.

    Raises InputError for arguments out of range, Unsupported where a model's logits are no such sum.
    """
    if by not in get_args(By):
        raise InputError(
            _("by must be one of {choices}, not {given}.", choices=", ".join(get_args(By)), given=repr(by))
        )
    taken = decomposition(model, trace, position, token, against)
    opened = {"part": lambda: taken.parts, "head": lambda: _by_head(taken), "source": lambda: _by_source(taken)}
    found = opened.get(by, lambda: _by_neuron(taken))()
    return _told(taken, found, taken.readout.logit, count)


def inside(
    model: LanguageModel,
    trace: Trace,
    place: Place,
    position: int = -1,
    token: str = "",
    against: str = "",
    count: int = 50,
) -> Contributions:
    """The same for one part: what its heads, its source tokens or its neurons add to what it adds."""
    taken = decomposition(model, trace, position, token, against)
    if not 0 <= place.layer < len(taken.blocks):
        raise InputError(
            _("layer must be from {low} to {high}, not {value}.", low=0, high=len(taken.blocks) - 1, value=place.layer)
        )
    if place.part is None:
        found = taken.block(place.layer)
        return _told(taken, found, sum(one.value for one in found), count)
    if place.part == "feed_forward":
        return _told(taken, _neurons(taken, place.layer), taken.feed_forward(place.layer).value, count)
    if place.part not in taken.blocks[place.layer].attention:
        raise InputError(_("Block {layer} has no such attention.", layer=str(place.layer)))
    heads = taken.heads(place.layer, place.part)
    if place.head is None:
        return _told(taken, heads, taken.attention(place.layer, place.part).value, count)
    chosen = next((one for one in heads if one.head == place.head), None)
    if chosen is None:
        raise InputError(_("Block {layer} has no head {head}.", layer=str(place.layer), head=str(place.head)))
    values = taken.sources([(place.layer, place.part)])[place.layer, place.part][place.head]
    sources = _sources(chosen, place.part, values.tolist())
    return _told(taken, sources, chosen.value, count)


def source_totals(
    model: LanguageModel, trace: Trace, position: int = -1, token: str = "", against: str = ""
) -> dict[str, list[float]]:
    """What all heads together bring to the logit from each token they look at: by kind of attention, per position.

    "self" counts the tokens that the position's own stack has read, "cross" an encoder-decoder's source. It leaves out
    what the position already holds: its embedding and what feed-forward parts make of it.
    """
    taken = decomposition(model, trace, position, token, against)
    found = taken.sources(_attentions(taken))
    kinds = [kind for kind in KINDS if any(one == kind for _layer, one in found)]
    return {
        kind: np.sum([values.sum(axis=0) for (_layer, one), values in found.items() if one == kind], axis=0).tolist()
        for kind in kinds
    }


def decomposition(model: LanguageModel, trace: Trace, position: int, token: str, against: str) -> Decomposition:
    """The logit asked about, ready to be taken apart; kept with the trace."""
    position = position_of(trace, position)
    chosen = token_id(model, token) if token else int(np.argmax(trace.logits_at(position)))
    other = token_id(model, against) if against else None
    if chosen == other:
        raise InputError(_("Compare the token with another one: the difference to itself is nothing."))
    key = ("decomposition", position, chosen, other)
    return derived(trace, key, lambda: _checked(model, Decomposition(model, trace, position, chosen, other)))


def token_id(model: LanguageModel, typed: str) -> int:
    """The entry of the vocabulary that a person means, as `Vocabulary.entry` finds it."""
    return vocabulary(model).entry(typed)


def _checked(model: LanguageModel, taken: Decomposition) -> Decomposition:
    """Refuses a model whose parts turn out not to add up to its logit."""
    parts = [one.value for one in taken.parts]
    scale = max(abs(taken.readout.logit), *(abs(value) for value in parts), 1e-6)
    off = abs(taken.readout.logit - sum(parts))
    if not off <= TOLERANCES.get(model.precision, HALF_TOLERANCE) * scale:
        raise Unsupported(
            _("The parts of {model} do not add up to its logit here, so they are not shown.", model=model.name)
        )
    return taken


def _attentions(taken: Decomposition) -> list[tuple[int, Kind]]:
    return [
        (layer, kind)
        for layer, block in enumerate(taken.blocks)
        for kind in KINDS
        if block.additive and kind in block.attention and kind in block.projections
    ]


def _by_head(taken: Decomposition) -> list[Contribution]:
    heads = {place: taken.heads(*place) for place in _attentions(taken)}
    return _opened(taken, heads)


def _by_source(taken: Decomposition) -> list[Contribution]:
    found = taken.sources(_attentions(taken))
    opened = {}
    for (layer, kind), values in found.items():
        heads = taken.heads(layer, kind)
        sources = [
            one
            for head in heads
            for one in (_sources(head, kind, values[head.head].tolist()) if head.head is not None else [head])
        ]
        opened[layer, kind] = sources
    return _opened(taken, opened)


def _opened(taken: Decomposition, opened: dict[tuple[int, Kind], list[Contribution]]) -> list[Contribution]:
    """The first level with the opened attentions in the place of the whole ones."""
    names: dict[str, Kind] = {"attention": "self", "cross-attention": "cross"}
    found = []
    for part in taken.parts:
        inner = opened.get((part.layer, names[part.name])) if part.layer is not None and part.name in names else None
        found += [part] if inner is None else inner
    return found


def _by_neuron(taken: Decomposition) -> list[Contribution]:
    found = []
    for part in taken.parts:
        if part.name == "feed-forward" and part.layer is not None and taken.blocks[part.layer].neurons is not None:
            found += _neurons(taken, part.layer)
        else:
            found.append(part)
    return found


def _neurons(taken: Decomposition, layer: int) -> list[Contribution]:
    values, bias = taken.neurons(layer)
    found = [
        Contribution(name="neuron", layer=layer, neuron=neuron, value=value)
        for neuron, value in enumerate(values.tolist())
    ]
    return [*found, *([Contribution(name="feed-forward bias", layer=layer, value=bias)] if bias else [])]


def _sources(head: Contribution, kind: Kind, values: Sequence[float]) -> list[Contribution]:
    name = "cross-attention source" if kind == "cross" else "source"
    return [replace(head, name=name, position=position, value=value) for position, value in enumerate(values)]


def _told(taken: Decomposition, found: Iterable[Contribution], total: float, count: int) -> Contributions:
    """The `count` largest in their order, and the rest as one number."""
    if isinstance(count, bool) or not 1 <= count <= MAX_CONTRIBUTIONS:
        raise InputError(
            _("count must be from {low} to {high}, not {value}.", low=1, high=MAX_CONTRIBUTIONS, value=count)
        )
    every = list(found)
    order = np.argsort([-abs(one.value) for one in every], kind="stable")[:count]
    listed = sorted(order.tolist())
    rest = [one.value for place, one in enumerate(every) if place not in set(listed)]
    return Contributions(
        token=taken.token,
        against=taken.against,
        position=taken.position,
        logit=taken.readout.logit,
        total=total,
        parts=tuple(every[place] for place in listed),
        rest=float(sum(rest)),
        others=len(rest),
        frozen_norm=taken.readout.scale,
        soft_capped=taken.soft_capped,
    )
