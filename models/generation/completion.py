"""Continuing a text: streamed, seeded, and in one batch with every other request to the same model."""

from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any

from models.generation.generation_request import GenerativeModel, prepare_request
from models.generation.sampling import Sampling
from models.generation.scheduler import scheduler_of
from models.generation.steps import Step, Waiting

__all__ = ["Step", "Waiting", "complete", "follow"]


def complete(model: GenerativeModel, text: str, sampling: Sampling, **options: Any) -> Iterator[Step]:
    """Continue `text` token by token; `prepare_request` documents the options, and what is refused.

    A bad request is refused at once, before the first step is asked for. Closing the iterator frees its place in the
    batch before the next token.
    """
    return _steps(follow(model, text, sampling, **options))


def follow(
    model: GenerativeModel, text: str, sampling: Sampling, **options: Any
) -> Generator[Step | Waiting, None, None]:
    """As `complete`, and the position in the queue while there is one."""
    return scheduler_of(model).follow(prepare_request(model, text, sampling, **options))


def _steps(events: Generator[Step | Waiting, None, None]) -> Iterator[Step]:
    with closing(events):
        yield from (event for event in events if isinstance(event, Step))
