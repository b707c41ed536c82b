"""How pictures of attention are called, on the page and in files."""

from typing import TYPE_CHECKING, Literal

from models.translation import _, _n

if TYPE_CHECKING:
    import models.attention.pattern_spec

LISTED_HEADS = 12

Unit = Literal["share", "norm"]


def readings() -> dict[str, str]:
    """What a number can be."""
    return {
        "weights": _("attention weights"),
        "values": _("attention × value norm, α‖v‖"),
        "rollout": _("attention rollout"),
    }


def meanings() -> dict[str, str]:
    """What a reading other than the weights means, and what it does not prove."""
    return {
        "values": _(
            "Weight × norm of the value vector that the key hands on, ‖v‖ before the output projection (after "
            "Kobayashi et al. 2020, “Attention is Not Only a Weight”): a large weight on a short vector moves little. "
            "It does not prove what the vector says, nor that later layers use it."
        ),
        "rollout": _(
            "Layers multiplied, each half mean of its heads and half the residual path (Abnar & Zuidema 2020, "
            "“Quantifying Attention Flow in Transformers”). It does not prove where information went: values, output "
            "projections and feed-forward layers are left aside."
        ),
    }


def combinations() -> dict[str, str]:
    """Whose pattern it can be."""
    return {"one": _("this head"), "mean": _("mean of the chosen heads"), "max": _("largest of the chosen heads")}


def ignored() -> dict[str, str]:
    """Which keys can be left out."""
    return {"nothing": _("none"), "first": _("the first token"), "special": _("special tokens")}


def directions() -> dict[str, str]:
    """Which way one token's attention is read."""
    return {"from": _("what the chosen token looks at"), "to": _("what looks at the chosen token")}


def scales() -> dict[str, str]:
    """How colours grow with weights; with the square root, 5 % is seen beside 100 %."""
    return {"root": _("square root"), "linear": _("linear"), "log": _("logarithmic")}


def name_of(spec: "models.attention.pattern_spec.PatternSpec") -> str:
    """Which heads, for titles and files."""
    if spec.reading == "rollout":
        return _("layers 0 to {layer}", layer=str(spec.layer))
    if spec.combination == "one":
        return _("layer {layer}, head {head}", layer=str(spec.layer), head=str(spec.head))
    heads = ", ".join(f"{layer}·{head}" for layer, head in spec.chosen[:LISTED_HEADS])
    rest = len(spec.chosen) - LISTED_HEADS
    listed = _("{heads} and {rest} more", heads=heads, rest=rest) if rest > 0 else heads
    if spec.combination == "mean":
        return _n(
            "mean of {count} head (layer·head: {listed})",
            "mean of {count} heads (layer·head: {listed})",
            len(spec.chosen),
            listed=listed,
        )
    return _n(
        "largest of {count} head (layer·head: {listed})",
        "largest of {count} heads (layer·head: {listed})",
        len(spec.chosen),
        listed=listed,
    )


def unit_of(spec: "models.attention.pattern_spec.PatternSpec") -> Unit:
    """Whether numbers are shares of a row's attention, or norms of what is handed on."""
    return "norm" if spec.reading == "values" else "share"


def unit_name(unit: Unit) -> str:
    """A unit in words."""
    return _("share") if unit == "share" else _("weight × value norm")
