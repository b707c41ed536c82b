"""The picture on screen as a table for other programs, with what it shows written into the file."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import Any

import numpy as np

from explorer.attention.answers import Answer, trace_of, window
from explorer.attention.picture import Axis, Picture, picture
from explorer.attention.request import LEFT_OUT, READINGS, Request, request_of
from models.errors import InputError
from models.pool import Pool
from models.tokens import Token
from models.trace import Trace

FORMATS = ("csv", "json")


def table(pool: Pool, payload: Mapping[str, Any]) -> Answer:
    """The picture of a request as the text of a file, `format` "csv" or "json"."""
    if payload.get("format") not in FORMATS:
        raise InputError(f"'format' must be one of: {', '.join(FORMATS)}.")
    trace = trace_of(pool, payload)
    request = request_of(payload, trace)
    drawn = picture(trace, request, window(payload, "rows"), window(payload, "columns"))
    write = as_csv if payload["format"] == "csv" else as_json
    return {"content": write(trace, request, drawn)}


def as_json(trace: Trace, request: Request, drawn: Picture) -> str:
    """One object: what is shown, rows and columns with their tokens, values with null where there is nothing."""
    values = [[_number(value) for value in row] for row in drawn.values]
    content = {
        **_about(trace, request, drawn),
        "request": asdict(request),
        "rows": _labels(drawn.rows, trace.queries(request.kind)),
        "columns": _labels(drawn.columns, trace.keys(request.kind)),
        "values": values,
    }
    return json.dumps(content, ensure_ascii=False, indent=None)


def as_csv(trace: Trace, request: Request, drawn: Picture) -> str:
    """What is shown as lines of name and value, an empty line, then the table: a line per query, a column per key."""
    lines: list[Sequence[Any]] = list(_about(trace, request, drawn).items())
    columns = _labels(drawn.columns, trace.keys(request.kind))
    rows = _labels(drawn.rows, trace.queries(request.kind))
    lines += [[], ["query position", "query", *(f"{column['first']} {column['text']}" for column in columns)]]
    for row, values in zip(rows, drawn.values, strict=True):
        lines.append([row["first"], row["text"], *("" if np.isnan(value) else str(value) for value in values)])
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(lines)
    return written.getvalue()


def _about(trace: Trace, request: Request, drawn: Picture) -> dict[str, Any]:
    """What a reader of the file needs to know to make the same picture again."""
    return {
        "model": trace.model,
        "revision": trace.revision,
        "text": trace.text,
        "target": trace.target,
        "attention": request.kind,
        "heads": request.name,
        "reading": READINGS[request.reading],
        "unit": request.unit,
        "left out": LEFT_OUT[request.left_out] + _renormalised(request),
        "units": "words" if request.by_words else "tokens",
        "cells": "exact" if drawn.is_exact else "largest of several neighbours",
    }


def _renormalised(request: Request) -> str:
    changed = request.left_out != "nothing" and request.reading != "values"
    return ", rows divided by what remains" if changed else ""


def _labels(axis: Axis, tokens: Sequence[Token]) -> list[dict[str, Any]]:
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
