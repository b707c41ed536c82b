"""How the model at hand knows the order of its tokens: each scheme with a sentence and a figure."""

from explorer.embeddings.figures import MOST_CURVES, position_figure
from explorer.embeddings.payload import Answer, Payload
from models.pool import Pool
from models.positions import PositionScheme, position_schemes

SENTENCES = {
    "learned": "A learned table of {rows:,} rows, one per position, is added to the tokens' embeddings.",
    "sinusoidal": "A fixed table of {rows:,} rows of sines and cosines, one per position, is added to the embeddings.",
    "relative": "A learned table of {rows:,} rows, one per distance, takes part in every attention score.",
    "rotary": (
        "Rotary positions (RoPE) turn queries and keys by angles that grow with position, so that a score depends "
        "on the distance. Drawn: the factor on the score of a query and a key that point the same way."
    ),
    "alibi": "ALiBi takes a little off every score for each step of distance; every head has its own slope.",
    "bias": "A learned number is added to each score, by head and distance; beyond some distance it stays the same.",
}
LOOK_FOR = {
    "learned": "Look for a bright band along the diagonal: near positions have like vectors, if the model learned so.",
    "sinusoidal": "Look for stripes along the diagonal: the same distance gives the same cosine everywhere.",
    "relative": "Look for distances told apart sharply (dark beside bright) and those lumped together.",
    "rotary": "Look for the fall of the mean within a few tokens: that is how far “near” reaches.",
    "alibi": "Look for steep and flat heads: steep ones see only what is near.",
    "bias": "Look for heads that favour the token just before, and heads that do not care.",
}

WITHOUT = " Layers that turn nothing, and so know the order only from the others (counted from 0): {layers}."


def positions(pool: Pool, payload: Payload) -> Answer:
    """Every scheme found; none is possible, and then a sentence says so."""
    model = pool.model(payload["model"])
    schemes = [_told(scheme) for scheme in position_schemes(model)]
    none = f"{model.name} has no position table and no distance effect that this page knows how to read."
    return {"schemes": schemes, "none": None if schemes else none}


def _told(scheme: PositionScheme) -> Answer:
    rows = 0 if scheme.table is None else len(scheme.table)
    more = len(scheme.names) - MOST_CURVES
    without = WITHOUT.format(layers=", ".join(map(str, scheme.without))) if scheme.without else ""
    left_out = f" The first {MOST_CURVES} of {len(scheme.names)} are drawn." if more > 0 else ""
    return {
        "name": f"{scheme.kind}: {scheme.place}",
        "kind": scheme.kind,
        "sentence": f"{SENTENCES[scheme.kind].format(rows=rows)}{left_out}{without} {LOOK_FOR[scheme.kind]}",
        "figure": position_figure(scheme).to_json(),
    }
