"""A reading of the text in plain values: each token's surprise, the totals, and what was expected instead."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from explorer.completion.odds import Answer, row
from models.errors import InputError, ModelError
from models.pool import Pool
from models.reading import Reading, read, read_masked
from models.sampling import Sampling, distribution

LISTED = 12
EXPECTED = 8


def readings(pool: Pool, asked: Mapping[str, Any]) -> Iterator[Answer]:
    """How far the work is, then the reading; a refusal is `{"error": sentence}`."""
    run = {"run": asked.get("run", 0)}
    try:
        model = pool.model(asked["model"])
        if model.kind != "encoder":
            yield run | reading_rows(read(pool.trace(asked["model"], asked["text"], asked["target"])))
            return
        for news in read_masked(model, asked["text"]):
            if isinstance(news, Reading):
                yield run | reading_rows(news)
            else:
                yield {**run, "state": "working", "done": news[0], "of": news[1]}
    except ModelError as error:
        yield {**run, "state": "failed", "error": str(error)}


def reading_rows(found: Reading) -> Answer:
    """The whole reading; surprise and entropy in bits."""
    return {
        "state": "done",
        "pseudo": found.pseudo,
        "positions": found.positions.tolist(),
        "surprise": np.round(found.surprise, 4).tolist(),
        "rank": found.rank.tolist(),
        "entropy": np.round(found.entropy, 3).tolist(),
        "bits": found.bits,
        "perplexity": found.perplexity,
        "bits_per_byte": found.bits_per_byte,
        "bytes": found.bytes,
        "top": found.most_surprising(LISTED),
    }


def expected_here(pool: Pool, asked: Mapping[str, Any]) -> Answer:
    """What a decoder would rather have read at `position`: the likeliest tokens there."""
    model, trace = pool.model(asked["model"]), pool.trace(asked["model"], asked["text"], asked["target"])
    position = asked.get("position")
    if not isinstance(position, int) or not 1 <= position < len(trace.target_tokens or trace.tokens):
        raise InputError("Choose a token after the first.")
    found = distribution(trace.logits_at(position - 1), Sampling())
    return {"position": position, "rows": [row(model, candidate) for candidate in found.top(EXPECTED)]}
