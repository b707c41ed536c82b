"""How the model at hand knows the order of its tokens: each scheme with a sentence and a figure."""

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float32
from numpy import ndarray
from typing_extensions import TypedDict

from explorer.calls import Context, ModelRequest, call
from explorer.features.embeddings.figures import MAX_CURVES, FigureAnswer, plain, position_figure
from models.translation import _, _n, number
from models.vectors.positions import PositionScheme, position_schemes

SENTENCES: dict[str, Callable[[int], str]] = {
    "learned": lambda rows: _(
        "A learned table of {rows} rows, one per position, is added to the tokens' embeddings.", rows=rows
    ),
    "sinusoidal": lambda rows: _(
        "A fixed table of {rows} rows of sines and cosines, one per position, is added to the embeddings.", rows=rows
    ),
    "relative": lambda rows: _(
        "A learned table of {rows} rows, one per distance, takes part in every attention score.", rows=rows
    ),
    "rotary": lambda _rows: _(
        "Rotary positions (RoPE) rotate queries and keys by angles that grow with position, so that a score depends "
        "on the distance. Drawn: the factor on the score of a query and a key that point the same way."
    ),
    "alibi": lambda _rows: _(
        "ALiBi takes a little off every score for each step of distance; every head has its own slope."
    ),
    "bias": lambda _rows: _(
        "A learned number is added to each score, by head and distance; beyond some distance it stays the same."
    ),
}
LOOK_FOR: dict[str, Callable[[], str]] = {
    "learned": lambda: _(
        "Look for a band along the diagonal: if the model learned it, positions near each other have similar vectors."
    ),
    "sinusoidal": lambda: _("Look for stripes along the diagonal: the same distance gives the same cosine everywhere."),
    "relative": lambda: _("Look for distances told apart sharply (dark beside bright) and those lumped together."),
    "rotary": lambda: _("Look for the fall of the mean within a few tokens: that is how far “near” reaches."),
    "alibi": lambda: _("Look for steep and flat heads: steep ones see only what is near."),
    "bias": lambda: _("Look for heads that favour the token just before, and heads that do not care."),
}
TITLES: dict[str, Callable[[], str]] = {
    "learned": lambda: _("learned table"),
    "sinusoidal": lambda: _("sines and cosines"),
    "relative": lambda: _("learned table of distances"),
    "rotary": lambda: _("rotary"),
    "alibi": lambda: _("ALiBi"),
    "bias": lambda: _("learned bias"),
}


class PositionSchemeAnswer(TypedDict):
    """One scheme: `name` in links and `title` for readers, its kind, sentences about it, and its figure."""

    name: str
    title: str
    headline: str
    kind: str
    sentence: str
    figure: FigureAnswer


class PositionsAnswer(TypedDict):
    """Every scheme found; where there is none, `none` says so."""

    schemes: list[PositionSchemeAnswer]
    none: str | None


@call
def positions(context: Context, request: ModelRequest) -> PositionsAnswer:
    """How the model knows the order of its tokens."""
    model = context.model(request)
    found = position_schemes(model)
    schemes = [_told(scheme, title) for scheme, title in zip(found, titles(found), strict=True)]
    none = _("{model} has no position table and no distance effect that this page knows how to read.", model=model.name)
    return {"schemes": schemes, "none": None if schemes else none}


def titles(schemes: Sequence[PositionScheme]) -> list[str]:
    """What each scheme is called in a list: whose it is and its kind; those of one name are numbered."""
    names = [_title(scheme) for scheme in schemes]
    numbered = []
    for place, name in enumerate(names):
        again = names[:place].count(name)
        numbered.append(_("{name} ({number})", name=name, number=again + 1) if again else name)
    return numbered


def _title(scheme: PositionScheme) -> str:
    name = TITLES[scheme.kind]()
    stacks = {"encoder": _("encoder: {name}", name=name), "decoder": _("decoder: {name}", name=name)}
    return next((title for stack, title in stacks.items() if stack in scheme.place.split(".")), name)


def headline(scheme: PositionScheme) -> str:
    """One true sentence with a number about a scheme."""
    if scheme.table is not None:
        far = len(scheme.table) // 4
        values = {"near": number(cosine_at(scheme.table, 1), 2), "far": number(cosine_at(scheme.table, far), 2)}
        if scheme.kind == "relative":
            return _("Distances one apart have cosine {near} on average, {steps} apart {far}", steps=far, **values)
        return _("Positions side by side have cosine {near} on average, {steps} apart {far}", steps=far, **values)
    return _about_curves(scheme)


def cosine_at(table: Float32[ndarray, "row width"], steps: int) -> float:
    """The mean cosine of two rows so many steps apart; rows of zeros are left out."""
    lengths = np.linalg.norm(table, axis=1)
    units = table[lengths > 0] / lengths[lengths > 0, None]
    return float((units[steps:] * units[:-steps]).sum(1).mean()) if 0 < steps < len(units) else 1.0


def _about_curves(scheme: PositionScheme) -> str:
    if scheme.curves is None or scheme.distances is None:
        raise ValueError("A scheme without a table has curves.")
    if scheme.kind == "rotary":
        below = np.flatnonzero(scheme.curves[0] <= 0.5)
        if not len(below):
            return _("Rotation alone never halves a score within {most} tokens", most=int(scheme.distances[-1]))
        distance = int(scheme.distances[below[0]])
        return _n(
            "Rotation alone halves a score within {count} token",
            "Rotation alone halves a score within {count} tokens",
            distance,
        )
    if scheme.kind == "alibi":
        slopes = scheme.curves[:, 0] - scheme.curves[:, 1]
        steepest, flattest = (number(float(slope), 3) for slope in (slopes.max(), slopes.min()))
        return _("Each step away costs a score {steepest} in the steepest head, {flattest} in the flattest",
                 steepest=steepest, flattest=flattest)  # fmt: skip
    head, place = np.unravel_index(scheme.curves.argmax(), scheme.curves.shape)
    distance = int(scheme.distances[place])
    values = {"head": scheme.names[head], "most": number(float(scheme.curves.max()), 1), "distance": abs(distance)}
    if distance < 0:
        return _("Strongest pull: {head} adds {most} to a score, {distance} tokens ahead", **values)
    return _("Strongest pull: {head} adds {most} to a score, {distance} tokens back", **values)


def _told(scheme: PositionScheme, title: str) -> PositionSchemeAnswer:
    rows = 0 if scheme.table is None else len(scheme.table)
    told = [SENTENCES[scheme.kind](rows)]
    if len(scheme.names) > MAX_CURVES:
        told.append(_("The first {drawn} of {all} are drawn.", drawn=MAX_CURVES, all=len(scheme.names)))
    if scheme.without:
        layers = ", ".join(map(str, scheme.without))
        told.append(_("Layers without rotary embedding (NoPE), counted from 0: {layers}.", layers=layers))
    return {
        "name": f"{scheme.kind}: {scheme.place}",
        "title": title,
        "kind": scheme.kind,
        "headline": headline(scheme),
        "sentence": " ".join([*told, LOOK_FOR[scheme.kind]()]),
        "figure": plain(position_figure(scheme)),
    }
