"""All calls of the app: those of the page itself, and whatever a feature declares.

The page is up before the engine is: building it reads `shell/calls.py` and each feature's `endpoints.py`, which import
nothing of the engine until they are called. A feature's `calls.py` may import what it likes; it is read when its first
call comes, or behind the page as soon as that answers.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from explorer import features
from explorer.calls.declaration import Call
from explorer.shell import calls as of_shell


@cache
def page_calls() -> tuple[Call[Any, Any], ...]:
    """The calls of the page itself, which do not need the engine, or wait for it themselves."""
    return _declared_in(of_shell)


@cache
def feature_endpoints() -> tuple[Call[Any, Any], ...]:
    """What the features offer to programs."""
    return _declared_in(*_rooms("endpoints"))


@cache
def all_calls() -> tuple[Call[Any, Any], ...]:
    """Every declared call, sorted by name; adding one is declaring it. Imports the engine."""
    return _declared_in(of_shell, *_rooms("endpoints"), *_rooms("calls"))


def _rooms(module: str) -> Iterator[ModuleType]:
    names = [f"{features.__name__}.{room.name}.{module}" for room in pkgutil.iter_modules(features.__path__)]
    return (importlib.import_module(name) for name in names if find_spec(name))


def _declared_in(*rooms: ModuleType) -> tuple[Call[Any, Any], ...]:
    found = {id(one): one for room in rooms for one in vars(room).values() if isinstance(one, Call)}
    return tuple(sorted(found.values(), key=lambda one: one.name))
