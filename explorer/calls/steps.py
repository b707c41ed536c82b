"""Completions on their way to the page: each message carries only the steps that are new, one text or several."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from time import monotonic
from typing import Literal, NotRequired

from typing_extensions import TypedDict

from explorer.calls.answers import StepAnswer, step
from models.engine.language_model import LanguageModel
from models.generation.completion import Step, Waiting, follow
from models.generation.sampling import Sampling

News = Generator[Step | Waiting, None, None]


class StepsMessage(TypedDict):
    """Steps that are new since the last message.

    While `state` is waiting, `before` others are let in first; `finish_reason` says why the last step was the last:
    end, stop text, length or context.
    """

    state: Literal["waiting", "writing", "done"]
    before: int
    steps: list[StepAnswer]
    finish_reason: str


class ColumnHead(TypedDict):
    """What stands above one of several texts: `shown` is the part of its prompt to print, if any."""

    title: str
    shown: str


class ColumnMessage(TypedDict):
    """Either what stands above the columns, sent first, or new steps of the one that `column` counts from 0."""

    columns: NotRequired[list[ColumnHead]]
    column: NotRequired[int]
    steps: NotRequired[list[StepAnswer]]
    finish_reason: NotRequired[str]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One completion of several: `shown` is the part of the prompt to print above it."""

    title: str
    model: LanguageModel
    text: str
    sampling: Sampling
    max_new_tokens: int
    target: str = ""
    stop: str = ""
    shown: str = ""

    def follow(self, session_id: str) -> News:
        """The steps of this column as they come."""
        return follow(
            self.model, self.text, self.sampling, max_new_tokens=self.max_new_tokens, target=self.target,
            stop=self.stop, session_id=session_id,
        )  # fmt: skip


def written(model: LanguageModel, news: News, *, frame: float = 0.0) -> Iterator[StepsMessage]:
    """Each step once, and while it waits the place in the queue; closing this frees the place.

    Steps less than `frame` seconds after the last message are told with the next: no eye tells them apart, and a
    message costs server and browser more than a step of a small model.
    """
    new: list[StepAnswer] = []
    told = float("-inf")
    with closing(news):
        for item in news:
            if isinstance(item, Waiting):
                yield {"state": "waiting", "before": item.before, "steps": [], "finish_reason": ""}
                continue
            new.append(step(model, item))
            if item.finish_reason or monotonic() - told >= frame:
                state: Literal["writing", "done"] = "done" if item.finish_reason else "writing"
                yield {"state": state, "before": 0, "steps": new, "finish_reason": item.finish_reason}
                new, told = [], monotonic()


def side_by_side(columns: Sequence[Column], session_id: str) -> Iterator[ColumnMessage]:
    """All columns token by token in turn, so that they can be compared while they are written."""
    with ExitStack() as stack:
        running = {
            place: stack.enter_context(closing(written(column.model, column.follow(session_id))))  # type: ignore[type-var]
            for place, column in enumerate(columns)
        }
        yield {"columns": [{"title": column.title, "shown": column.shown} for column in columns]}
        while running:
            for place, messages in tuple(running.items()):
                message = next(messages, None)
                if message is None:
                    del running[place]
                elif message["steps"]:
                    yield {"column": place, "steps": message["steps"], "finish_reason": message["finish_reason"]}
