"""A completion as it grows, in plain values: what the stream view draws, and the tree keeps."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

from explorer.completion.odds import row
from models.completion import Step, follow
from models.errors import InputError, ModelError
from models.language_model import LanguageModel
from models.pool import Pool
from models.sampling import Sampling

PAUSE = 0.05  # seconds between two messages to one browser: faster than reading, and thirty visitors fit
MOST_CHOSEN = 2_000
Answer = dict[str, Any]


def written(pool: Pool, asked: Mapping[str, Any], visitor: str = "") -> Iterator[Answer]:
    """The whole completion so far, again and again until it is finished; a refusal is `{"error": sentence}`.

    `asked`: model, text, target, sampling, length, stop, and `chosen`, the ids a branch begins with.
    """
    answer: Answer = {"run": asked.get("run", 0), "state": "writing", "before": 0, "steps": [], "finished": ""}
    try:
        model = pool.model(asked["model"])
        yield from _growing(model, asked, answer, visitor)
    except ModelError as error:
        yield {**answer, "state": "failed", "error": str(error)}


def _growing(model: LanguageModel, asked: Mapping[str, Any], answer: Answer, visitor: str) -> Iterator[Answer]:
    wishes = {
        "max_new_tokens": asked.get("length") or 40,
        "target": asked["target"],
        "stop": asked.get("stop") or "",
        "chosen": _chosen(asked.get("chosen") or (), model),
        "visitor": visitor,
    }
    steps: list[Answer] = []
    told = 0.0
    sampling = Sampling.of(asked.get("sampling") or {})
    with closing(follow(model, asked["text"], sampling, **wishes)) as news:
        for item in news:
            if isinstance(item, Step):
                steps.append(step_row(model, item))
                answer = {**answer, "state": "writing", "text": item.completion, "finished": item.finished, "before": 0}
            else:
                answer = {**answer, "state": "waiting", "before": item.before}
            if time.monotonic() - told >= PAUSE:
                told = time.monotonic()
                yield {**answer, "steps": list(steps)}
    yield {**answer, "steps": steps, "state": "done"}


def step_row(model: LanguageModel, step: Step) -> Answer:
    """One token with its odds and those of the tokens it was preferred to."""
    token = step.token
    return {
        "id": token.id,
        "text": token.piece if token.special else token.text,
        "special": token.special,
        "probability": step.probability,
        "final": step.final_probability,
        "rank": step.rank,
        "entropy": step.entropy,
        "final_entropy": step.final_entropy,
        "alternatives": [row(model, candidate) for candidate in step.alternatives],
    }


def _chosen(ids: Sequence[Any], model: LanguageModel) -> tuple[int, ...]:
    valid = len(ids) <= MOST_CHOSEN and all(type(number) is int and 0 <= number < model.vocab for number in ids)
    if not valid:
        raise InputError("This branch does not fit the model: write again from the start.")
    return tuple(ids)
