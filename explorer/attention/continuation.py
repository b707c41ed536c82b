"""Generated text to look at: the model writes on, then prompt and completion are read in one pass."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

from models.errors import InputError, ModelError
from models.pool import Pool
from models.sampling import Sampling


def continued(pool: Pool, subject: Mapping[str, Any] | None, count: int) -> Iterator[dict[str, Any]]:
    """Write `count` tokens, the likeliest each time; told while it happens, the whole text at the end.

    The last value holds `written`, the whole text of the box that was continued, and `from`, the character where the
    model's words begin. Closing the iterator stops the model before its next token.
    """
    try:
        if not subject:
            raise InputError("There is no text to continue yet: run one first.")
        yield from _written(pool, subject, count)
    except ModelError as error:
        yield {"sentence": str(error)}


def _written(pool: Pool, subject: Mapping[str, Any], count: int) -> Iterator[dict[str, Any]]:
    model = pool.model(subject["model"])
    box = "target" if model.kind == "encoder-decoder" else "text"
    before, completion = str(subject[box]), ""
    steps = model.complete(subject["text"], Sampling(greedy=True), max_new_tokens=count, target=subject["target"])
    with closing(steps):  # type: ignore[type-var]
        for number, step in enumerate(steps, start=1):
            completion = step.completion
            yield {"sentence": f"{number} of {count} tokens: {completion}"}
    if not completion:
        yield {"sentence": "The model ends the text here: it added nothing."}
        return
    yield {"sentence": f"Added: {completion}", "box": box, "written": before + completion, "from": len(before)}
