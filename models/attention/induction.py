"""Measures induction heads as they were found: on repeated random tokens, where only repetition can be followed."""

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from models.attention.head_scores import INDUCTION_REPEATS, INDUCTION_TOKENS, induction
from models.attention.patterns import by_layer
from models.engine.cache import derived
from models.engine.language_model import LanguageModel
from models.errors import Unsupported
from models.translation import _

SEED = 0
CANDIDATES = 400


def induction_scores(model: LanguageModel, kind: str) -> Float32[ndarray, "layer head"]:
    """The induction score of every head of one kind of attention; measured once per model."""
    if kind == "cross":
        raise Unsupported(_("Induction looks back in one text; cross attention looks from one text into another."))
    return derived(model, ("induction", kind), lambda: _measure(model, kind))


def _measure(model: LanguageModel, kind: str) -> Float32[ndarray, "layer head"]:
    text = repeated_text(model)
    trace = model.trace(text, target=text) if kind in ("encoder", "decoder", "cross") else model.trace(text)
    ids = np.array([token.id for token in trace.keys(kind)])
    positions = np.arange(len(ids))
    layers = range(trace.layers_of(kind))
    found = (induction(trace.attention(layer, kind=kind), positions, ids) for layer in layers)
    return by_layer(found, trace.heads_of(kind))


def repeated_text(model: LanguageModel) -> str:
    """Random words that are one token each, the same run of them several times over; the same for every call."""
    chosen = _single_token_words(model)[:INDUCTION_TOKENS]
    if len(chosen) < INDUCTION_TOKENS:
        raise Unsupported(
            _(
                "This model's vocabulary has too few whole words to measure induction ({count} found).",
                count=len(chosen),
            )
        )
    return " " + " ".join(chosen * INDUCTION_REPEATS)


def _single_token_words(model: LanguageModel) -> list[str]:
    """Words drawn at random from the vocabulary that stay one token when written after a space."""
    random = np.random.default_rng(SEED)
    drawn = [model.token_text(int(token_id)).strip() for token_id in random.permutation(model.vocab)[: 20 * CANDIDATES]]
    candidates = list(dict.fromkeys(word for word in drawn if word.isascii() and word.isalpha() and len(word) > 2))
    text = " " + " ".join(candidates[:CANDIDATES])
    spelled = [token.text.strip() for token in model.tokenize(text) if not token.special]
    return [word for word in dict.fromkeys(candidates[:CANDIDATES]) if word in set(spelled)]
