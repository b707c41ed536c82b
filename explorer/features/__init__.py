"""The tabs: every folder here whose `tab` declares a `TAB` is one, shown in the order it asks for."""

import importlib
import pkgutil
from importlib.util import find_spec

from explorer.shell.page import Page, Tab

__all__ = ["Page", "Tab", "tabs"]


def tabs() -> tuple[Tab, ...]:
    """Every tab of this folder, sorted by `order`; adding one is adding a folder."""
    names = [f"{__name__}.{module.name}.tab" for module in pkgutil.iter_modules(__path__)]
    found = [importlib.import_module(name).TAB for name in names if find_spec(name)]
    return tuple(sorted(found, key=lambda tab: (tab.order, tab.title)))
