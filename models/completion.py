"""Continuing a text: streamed, seeded, and together with everybody else who continues one on the same model."""

from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any

from models.batching import crowd
from models.sampling import Sampling
from models.writing import Step, Waiting, Writer, request

__all__ = ["Step", "Waiting", "complete", "follow"]


def complete(model: Writer, text: str, sampling: Sampling, **wishes: Any) -> Iterator[Step]:
    """Continue `text` token by token; `writing.request` documents the wishes, and what is refused.

    A bad request is refused at once, before the first step is asked for. Closing the iterator frees the place before
    the next token.
    """
    return _steps(follow(model, text, sampling, **wishes))


def follow(model: Writer, text: str, sampling: Sampling, **wishes: Any) -> Generator[Step | Waiting, None, None]:
    """As `complete`, and the place in the queue while there is one."""
    return crowd(model).follow(request(model, text, sampling, **wishes))


def _steps(news: Generator[Step | Waiting, None, None]) -> Iterator[Step]:
    with closing(news):
        yield from (step for step in news if isinstance(step, Step))
