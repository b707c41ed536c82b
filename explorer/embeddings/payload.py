"""Reads a script's object: every value is checked here, so that a wrong one becomes a sentence."""

import base64
import math
from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy import ndarray

from models.errors import InputError

Answer: TypeAlias = dict[str, Any]
Payload: TypeAlias = Mapping[str, Any]


def whole(payload: Payload, name: str, default: int, *, low: int = 0, high: int) -> int:
    """`payload[name]` as a whole number from `low` to `high`; a number box may send 3.0 for 3."""
    value = payload.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high or value != int(value):
        raise InputError(f"{name} must be a whole number from {low} to {high}.")
    return int(value)


def number(payload: Payload, name: str, default: float, *, low: float, high: float) -> float:
    """`payload[name]` as a number from `low` to `high`; a script writes 30 for 30.0."""
    value = payload.get(name, default)
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not math.isfinite(value)
        or not low <= value <= high
    ):
        raise InputError(f"{name} must be a number from {low} to {high}.")
    return float(value)


def choice(payload: Payload, name: str, choices: Collection[str]) -> str:
    """`payload[name]`, or the first choice when there is none."""
    value = payload.get(name, next(iter(choices)))
    if not isinstance(value, str) or value not in choices:
        raise InputError(f"{name} must be one of {', '.join(choices)}.")
    return value


def text(payload: Payload, name: str, longest: int = 1000) -> str:
    value = payload.get(name, "")
    if not isinstance(value, str) or len(value) > longest:
        raise InputError(f"{name} must be a text of at most {longest} characters.")
    return value


def numbers(payload: Payload, name: str, *, high: int, most: int) -> list[int]:
    """`payload[name]` as whole numbers from 0 to `high`."""
    values = payload.get(name, [])
    if not isinstance(values, list) or len(values) > most:
        raise InputError(f"{name} must be a list of at most {most} numbers.")
    return [whole({name: value}, name, 0, high=high) for value in values]


def packed(array: ndarray) -> str:
    """The bytes of an array, little-endian, in base64: what the page unpacks into a typed array."""
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")


def rounded(value: float | np.floating, digits: int = 4) -> float | None:
    """A number fit for JSON; what is no number becomes null, and is not shown."""
    return round(float(value), digits) if math.isfinite(value) else None
