"""Arguments from outside: each is read as its annotation says, and what goes wrong is told in a sentence."""

import functools
import inspect
import math
from collections.abc import Callable, Iterator
from typing import Any, no_type_check

import gradio as gr

from models.errors import InputError, ModelError


# Gradio knows a stream by its being a generator function; a checker wrapped around it would hide that.
@no_type_check
def told(function: Callable[..., Any]) -> Callable[..., Any]:
    """Check arguments and turn a ModelError into the sentence that Gradio hands to the caller."""
    signature = inspect.signature(function)

    @functools.wraps(function)
    def answer(*given: Any, **named: Any) -> Any:
        try:
            return function(**_arguments(signature, given, named))
        except ModelError as error:
            raise gr.Error(str(error), print_exception=False) from error

    @functools.wraps(function)
    def stream(*given: Any, **named: Any) -> Iterator[Any]:
        try:
            yield from function(**_arguments(signature, given, named))
        except ModelError as error:
            raise gr.Error(str(error), print_exception=False) from error

    return stream if inspect.isgeneratorfunction(inspect.unwrap(function)) else answer


def _arguments(signature: inspect.Signature, given: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any]:
    bound = signature.bind(*given, **named).arguments
    return {name: _argument(signature.parameters[name], value) for name, value in bound.items()}


def _argument(parameter: inspect.Parameter, value: Any) -> Any:
    """Read one argument as its annotation says; null means the default."""
    name, wanted = parameter.name, parameter.annotation
    if value is None and parameter.default is not inspect.Parameter.empty:
        return parameter.default
    if wanted in {int, float}:
        return _number(name, value, whole=wanted is int)
    if not isinstance(value, wanted):
        raise InputError(f"{name} must be {'a text' if wanted is str else 'true or false'}.")
    return value


def _number(name: str, value: Any, *, whole: bool) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InputError(f"{name} must be a {'whole ' if whole else ''}number.")
    if whole and value != int(value):
        raise InputError(f"{name} must be a whole number, not {value}.")
    return int(value) if whole else float(value)


def within(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise InputError(f"{name} must be from {low} to {high:,}, not {value}.")
