"""The tabs: every module in this folder that declares a `TAB` is one, shown in the order it asks for."""

import importlib
import pkgutil

from explorer.page import Page, Tab

__all__ = ["Page", "Tab", "tabs"]


def tabs() -> tuple[Tab, ...]:
    """Every tab of this folder, sorted by `order`; adding one is adding a file."""
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    found = [importlib.import_module(f"{__name__}.{name}").TAB for name in names]
    return tuple(sorted(found, key=lambda tab: (tab.order, tab.title)))
