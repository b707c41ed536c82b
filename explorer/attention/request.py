"""What a view asks to see of a trace's attention, read from a script's object and checked against the trace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.errors import InputError
from models.tokens import Token
from models.trace import Trace

READINGS = {"weights": "attention weights", "values": "attention × value length", "rollout": "attention rollout"}
MEANINGS = {
    "values": "Weight × length of the value vector the key hands on, ‖v‖ before the output projection (after Kobayashi "
    "et al. 2020, “Attention is Not Only a Weight”): a large weight on a short vector moves little. It does not prove "
    "what the vector says, nor that later layers use it.",
    "rollout": "Layers multiplied, each half mean of its heads and half the residual path (Abnar & Zuidema 2020, "
    "“Quantifying Attention Flow in Transformers”). It does not prove where information went: values, output "
    "projections and feed-forward layers are left aside.",
}
COMBINATIONS = {"one": "this head", "mean": "mean of the chosen heads", "max": "largest of the chosen heads"}
LEFT_OUT = {"nothing": "nothing", "first": "the first token", "special": "special tokens"}
CHOSEN_LIMIT = 4096

Head = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Request:
    """One way to look at the attention of one text. Frozen and hashable, so that answers can be kept."""

    kind: str = "self"
    layer: int = 0
    head: int = 0
    reading: str = "weights"
    combination: str = "one"
    chosen: tuple[Head, ...] = ()
    left_out: str = "nothing"
    by_words: bool = False

    @property
    def heads(self) -> tuple[Head, ...]:
        """The (layer, head) pairs that take part."""
        return ((self.layer, self.head),) if self.combination == "one" else self.chosen

    @property
    def name(self) -> str:
        """Which heads, for titles and files."""
        if self.reading == "rollout":
            return f"layers 0 to {self.layer}"
        if self.combination == "one":
            return f"layer {self.layer}, head {self.head}"
        how = "mean" if self.combination == "mean" else "largest"
        listed = ", ".join(f"{layer}·{head}" for layer, head in self.chosen[:12])
        more = f" and {len(self.chosen) - 12} more" if len(self.chosen) > 12 else ""
        return f"{how} of {len(self.chosen)} heads (layer·head: {listed}{more})"

    @property
    def unit(self) -> str:
        return "weight × value length" if self.reading == "values" else "share"


def request_of(payload: Mapping[str, Any], trace: Trace) -> Request:
    """Read and check a request; what is missing takes its default, what is impossible is an `InputError`."""
    kind = payload.get("kind", trace.attention_kinds[0])
    if kind not in trace.attention_kinds:
        raise InputError(f"This model has no {kind!r} attention; choose one of: {', '.join(trace.attention_kinds)}.")
    layers, heads = trace.layers_of(kind), trace.heads_of(kind)
    request = Request(
        kind=kind,
        layer=_number(payload, "layer", layers),
        head=_number(payload, "head", heads),
        reading=_choice(payload, "reading", READINGS),
        combination=_choice(payload, "combination", COMBINATIONS),
        left_out=_choice(payload, "left_out", LEFT_OUT),
        chosen=_chosen(payload.get("chosen") or (), layers, heads),
        by_words=payload.get("by_words", False) is True,
    )
    if request.combination != "one" and request.reading != "rollout" and not request.chosen:
        raise InputError("No heads are chosen: choose some in the grid first.")
    return request


def whole_number(value: Any, name: str, limit: int) -> int:
    """`value` as a number from 0 to `limit` − 1."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < limit:
        raise InputError(f"'{name}' must be a whole number from 0 to {limit - 1}.")
    return value


def _number(payload: Mapping[str, Any], name: str, limit: int) -> int:
    return whole_number(payload.get(name, 0), name, limit)


def _choice(payload: Mapping[str, Any], name: str, choices: Mapping[str, str]) -> str:
    value = payload.get(name) or next(iter(choices))
    if not isinstance(value, str) or value not in choices:
        raise InputError(f"'{name}' must be one of: {', '.join(choices)}.")
    return value


def _chosen(pairs: Any, layers: int, heads: int) -> tuple[Head, ...]:
    if not isinstance(pairs, Sequence) or isinstance(pairs, str) or len(pairs) > CHOSEN_LIMIT:
        raise InputError(f"'chosen' must be a list of at most {CHOSEN_LIMIT} pairs [layer, head].")
    found = set()
    for pair in pairs:
        if not isinstance(pair, Sequence) or len(pair) != 2:
            raise InputError("'chosen' must hold pairs [layer, head].")
        found.add((whole_number(pair[0], "layer", layers), whole_number(pair[1], "head", heads)))
    return tuple(sorted(found))


def hidden_keys(request: Request, keys: Sequence[Token]) -> list[int]:
    """Positions of the keys the request leaves out."""
    if request.left_out == "first":
        return [0]
    if request.left_out == "special":
        return [position for position, token in enumerate(keys) if token.special]
    return []


def is_causal(trace: Trace, kind: str) -> bool:
    """Whether queries of this kind see no key after themselves."""
    return kind == "decoder" or (kind == "self" and trace.kind == "decoder")
