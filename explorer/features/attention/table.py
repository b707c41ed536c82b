"""The picture on screen as a table for other programs."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from typing_extensions import TypedDict

from explorer.calls import Context, call
from explorer.features.attention.labels import ignored, name_of, readings, unit_name, unit_of
from explorer.features.attention.requests import TableRequest, traced, window
from models.attention.pattern_spec import PatternSpec
from models.attention.picture import Axis, Picture, picture
from models.engine.trace import Trace
from models.text.tokens import Token
from models.translation import _


class TableAnswer(TypedDict):
    """The text of a file."""

    content: str


class Label(TypedDict):
    """The tokens a row or a column stands for: the first, the last, and what they spell."""

    first: int
    last: int
    text: str


Cell: TypeAlias = str | int
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@call
def table(context: Context, request: TableRequest) -> TableAnswer:
    """Give a picture as the text of a file."""
    trace, spec = traced(context, request)
    drawn = picture(trace, spec, window(request.rows), window(request.columns))
    return {"content": (as_csv if request.format == "csv" else as_json)(trace, spec, drawn)}


def as_json(trace: Trace, spec: PatternSpec, drawn: Picture) -> str:
    """One object: what is shown, rows and columns with their tokens, values with null where there is nothing."""
    values = [[_number(value) for value in row] for row in drawn.values]
    content = {
        **_about(trace, spec, drawn),
        "request": asdict(spec),
        "rows": _labels(drawn.rows, trace.queries(spec.kind)),
        "columns": _labels(drawn.columns, trace.keys(spec.kind)),
        "values": values,
    }
    return json.dumps(content, ensure_ascii=False, indent=None)


def as_csv(trace: Trace, spec: PatternSpec, drawn: Picture) -> str:
    """The table alone, a line per query, a column per key; what it shows is in the file's name, and in the JSON."""
    columns = _labels(drawn.columns, trace.keys(spec.kind))
    rows = _labels(drawn.rows, trace.queries(spec.kind))
    lines: list[Sequence[Cell]] = [
        ["query position", "query", *(f"{column['first']} {column['text']}" for column in columns)]
    ]
    for row, values in zip(rows, drawn.values, strict=True):
        weights = ("" if np.isnan(value) else str(value) for value in values)
        lines.append([row["first"], _no_formula(row["text"]), *weights])
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(lines)
    return written.getvalue()


def _no_formula(text: str) -> str:
    """A text that a spreadsheet shows and does not compute."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _about(trace: Trace, spec: PatternSpec, drawn: Picture) -> Mapping[str, str]:
    """What a reader of the file needs to know to make the same picture again."""
    return {
        "model": trace.model,
        "revision": trace.revision,
        "text": trace.text,
        "target": trace.target,
        "attention": spec.kind,
        "heads": name_of(spec),
        "reading": readings()[spec.reading],
        "unit": unit_name(unit_of(spec)),
        "left out": _left_out(spec),
        "units": _("words") if spec.by_words else _("tokens"),
        "cells": _("exact") if drawn.is_exact else _("largest of several neighbours"),
    }


def _left_out(spec: PatternSpec) -> str:
    left_out = ignored()[spec.left_out]
    if spec.left_out == "nothing" or spec.reading == "values":
        return left_out
    return _("{tokens}, rows divided by what remains", tokens=left_out)


def _labels(axis: Axis, tokens: Sequence[Token]) -> list[Label]:
    """The positions and the text of the tokens each row or column stands for."""
    edges = axis.groups[axis.edges]
    return [
        {"first": int(first), "last": int(last) - 1, "text": _spelled(tokens[first:last])}
        for first, last in pairwise(edges)
    ]


def _spelled(tokens: Sequence[Token]) -> str:
    """The text of a run of tokens; a character spelled by several tokens once."""
    shown = [
        tokens[0],
        *(token for before, token in pairwise(tokens) if token.group != before.group),
    ]
    return "".join(token.piece if token.special or not token.text else token.text for token in shown)


def _number(value: np.float32) -> float | None:
    """The shortest decimal that is this float32 and no other."""
    return None if np.isnan(value) else float(str(value))
