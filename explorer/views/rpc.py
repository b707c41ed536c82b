"""The door between a view's script and Python: one dictionary in, one dictionary out, errors as sentences."""

import functools
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from models.errors import InputError, ModelError

Answer: TypeAlias = dict[str, Any]
SUBJECT_KEYS = ("model", "text", "target")


def rpc(function: Callable[[dict[str, Any]], Mapping[str, Any]]) -> Callable[[Any], Answer]:
    """Wrap a function of one dictionary so that a script may call it with anything.

    A `ModelError` becomes `{"error": sentence}`. `model`, `text` and `target` are strings or the call is refused;
    a value that is simply missing (`KeyError`) or of the wrong type or size (`TypeError`, `ValueError` raised while
    reading the payload) is a programming error and stays a traceback in the log.
    """

    @functools.wraps(function)
    def answer(payload: Any) -> Answer:
        try:
            return dict(function(_checked(payload)))
        except ModelError as error:
            return {"error": str(error)}

    return answer


def _checked(payload: Any) -> dict[str, Any]:
    if not isinstance(payload, dict):
        raise InputError("The request must be one object with named values.")
    for key in SUBJECT_KEYS:
        if not isinstance(payload.get(key, ""), str):
            raise InputError(f"'{key}' must be a text.")
    return payload
