"""Pairs of texts worth a sweep, of each bundled model; found by measurement (`python -m models.sweeps.search`)."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("examples.json")


@dataclass(frozen=True, kw_only=True)
class Example:
    """A clean and a corrupted text, their likeliest answers, and the logit difference of these in either run."""

    text: str
    other: str
    target: str
    answer: str
    foil: str
    clean: float
    corrupted: float


@cache
def examples_of(model: str) -> tuple[Example, ...]:
    """The pairs of one model; of a model without any there are none."""
    return tuple(Example(**one) for one in json.loads(FILE.read_text("utf-8")).get(model, ()))
