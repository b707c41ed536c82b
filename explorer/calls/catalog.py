"""All calls of the app: those of the page itself, and whatever a feature declares in its `calls` module."""

import importlib
import pkgutil
from functools import cache
from importlib.util import find_spec
from typing import Any

from explorer import features
from explorer.calls.declaration import Call
from explorer.shell import calls as of_shell


@cache
def all_calls() -> tuple[Call[Any, Any], ...]:
    """Every declared call, sorted by name; adding one is declaring it."""
    names = [f"{features.__name__}.{module.name}.calls" for module in pkgutil.iter_modules(features.__path__)]
    rooms = [of_shell, *(importlib.import_module(name) for name in names if find_spec(name))]
    found = {id(one): one for room in rooms for one in vars(room).values() if isinstance(one, Call)}
    return tuple(sorted(found.values(), key=lambda one: one.name))
