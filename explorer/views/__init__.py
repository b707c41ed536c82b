"""Reusable browser parts: each a skeleton, a script and a style sheet behind one Python factory."""

from explorer.views.rpc import rpc
from explorer.views.view import styles, view

__all__ = ["rpc", "styles", "view"]
