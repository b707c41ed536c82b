"""Rows of the table of what a visitor waits for, and how they are written."""

import datetime as dt
import os
from collections.abc import Sequence
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, kw_only=True)
class Row:
    """One promise: `what` is measured, the `goal` in words, the `figure` in words, and whether it is `met`."""

    what: str
    goal: str
    figure: str
    met: bool


def table(rows: Sequence[Row]) -> str:
    """The rows as Markdown, under the date and what machine it was."""
    cores, memory = os.cpu_count(), psutil.virtual_memory().total / 2**30
    load = os.getloadavg()[0]
    day = dt.datetime.now(dt.UTC).date()
    lines = [
        f"{day}, {cores} cores, {memory:.0f} GiB, no GPU, load {load:.1f} at the end.",
        "",
        "| what | goal | figure | |",
        "| --- | --- | --- | --- |",
        *(f"| {row.what} | {row.goal} | {row.figure} | {'met' if row.met else '**missed**'} |" for row in rows),
    ]
    return "\n".join(lines)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
