"""Completions side by side: two settings or two models on one text, or one question with more and more examples."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Any

from explorer.completion.odds import Answer
from explorer.completion.stream import step_row
from models.completion import Step, follow
from models.errors import InputError, ModelError
from models.language_model import LanguageModel
from models.pool import Pool
from models.sampling import Sampling


@dataclass(frozen=True, kw_only=True)
class Column:
    """One completion of several: `shown` is the part of the prompt to print above it."""

    title: str
    model: LanguageModel
    text: str
    sampling: Sampling
    length: int
    target: str = ""
    stop: str = ""
    shown: str = ""


def together(columns: Sequence[Column], run: Any, visitor: str = "") -> Iterator[Answer]:
    """All columns as they grow, token by token in turn, so that they are compared while they are written."""
    rows: list[list[Answer]] = [[] for _ in columns]
    finished = [""] * len(columns)
    with ExitStack() as stack:
        news = [
            stack.enter_context(
                closing(
                    follow(
                        column.model,
                        column.text,
                        column.sampling,
                        max_new_tokens=column.length,
                        target=column.target,
                        stop=column.stop,
                        visitor=visitor,
                    )
                )
            )
            for column in columns
        ]
        running = set(range(len(columns)))
        while running:
            for place in sorted(running):
                item = next(news[place], None)
                if item is None:
                    running.discard(place)
                elif isinstance(item, Step):
                    rows[place].append(step_row(columns[place].model, item))
                    finished[place] = item.finished
            yield {"run": run, "state": "writing" if running else "done", "columns": _plain(columns, rows, finished)}


def compared(pool: Pool, asked: Mapping[str, Any], visitor: str = "") -> Iterator[Answer]:
    """The text of the page continued twice: `first` and `second` are the settings, `model` of the second may differ."""
    run = asked.get("run", 0)
    try:
        first = pool.model(asked["model"])
        other = pool.model(asked["other"]) if asked.get("other") else first
        same = {"text": asked["text"], "target": asked["target"], "length": int(asked["length"]), "stop": asked["stop"]}
        settings = [Sampling.of(asked["first"]), Sampling.of(asked["second"])]
        columns = [
            Column(title=f"{model.name}: {_named(sampling)}", model=model, sampling=sampling, **same)
            for model, sampling in zip((first, other), settings, strict=True)
        ]
        yield from together(columns, run, visitor)
    except ModelError as error:
        yield {"run": run, "state": "failed", "error": str(error)}


SHOTS = ("Zero-shot: no example", "One-shot: the first example", "Few-shot: all examples")


def prompted(pool: Pool, asked: Mapping[str, Any], visitor: str = "") -> Iterator[Answer]:
    """One question behind no, one and all `examples` (pairs of input and output)."""
    run = asked.get("run", 0)
    try:
        model, question = pool.model(asked["model"]), str(asked["question"]).strip()
        examples = [(left, right) for left, right in asked["examples"] if left and right]
        if not question:
            raise InputError("Type a question for the model first.")
        if not examples:
            raise InputError("Fill in at least one row of the table: an input and its output.")
        sampling = Sampling.of(asked.get("sampling") or {})
        columns = [
            _shot(
                model,
                title,
                prompt_of(asked["instruction"], examples[:count], question),
                sampling,
                int(asked["length"]),
            )
            for title, count in zip(SHOTS, (0, 1, len(examples)), strict=True)
        ]
        yield from together(columns, run, visitor)
    except ModelError as error:
        yield {"run": run, "state": "failed", "error": str(error)}


def prompt_of(instruction: str, examples: Sequence[tuple[str, str]], question: str) -> str:
    """The exact text the model is given."""
    shots = [f"Input: {left}\nOutput: {right}" for left, right in examples]
    return "\n\n".join(part for part in [instruction.strip(), *shots, f"Input: {question}\nOutput:"] if part)


def _shot(model: LanguageModel, title: str, prompt: str, sampling: Sampling, length: int) -> Column:
    stop = "" if model.kind == "encoder-decoder" else "\n\n"  # where the next example would begin
    return Column(title=title, model=model, text=prompt, sampling=sampling, length=length, shown=prompt, stop=stop)


def _plain(columns: Sequence[Column], rows: Sequence[Sequence[Answer]], finished: Sequence[str]) -> list[Answer]:
    return [
        {"title": column.title, "shown": column.shown, "steps": list(steps), "finished": ended}
        for column, steps, ended in zip(columns, rows, finished, strict=True)
    ]


def _named(sampling: Sampling) -> str:
    if sampling.is_greedy:
        return "greedy"
    parts = [f"temperature {sampling.temperature:g}"]
    parts += [f"top-k {sampling.top_k}"] if sampling.top_k else []
    parts += [f"top-p {sampling.top_p:g}"] if sampling.top_p < 1 else []
    parts += [f"min-p {sampling.min_p:g}"] if sampling.min_p else []
    parts += [f"repetition penalty {sampling.repetition_penalty:g}"] if sampling.repetition_penalty != 1 else []
    return ", ".join([*parts, f"seed {sampling.seed}"])
