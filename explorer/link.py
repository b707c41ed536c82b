"""The address bar: reads what a shared link asks for, and believes none of it before checking."""

import json
import math
from collections.abc import Mapping
from typing import Any

import gradio as gr
from gradio.components import Component

# Longer addresses are cut by browsers, mail programs and servers; such a text is left out, and the page says so.
LINK_CHARACTERS = 2_000
# What the page itself keeps in its store or in the address.
RESERVED = frozenset({"subject", "layer", "head", "kind", "token", "tab", "model", "text", "target"})


def restored(query: Mapping[str, str], controls: Mapping[str, Component]) -> dict[str, Any]:
    """The values of `controls` a link names; a value that a person could not have set with the control is dropped."""
    found = {key: _value(query[key], control) for key, control in controls.items() if key in query}
    return {key: value for key, value in found.items() if value is not None}


def _value(text: str, control: Component) -> Any:
    """Read `text` as a value of `control`, or give None."""
    if isinstance(control, gr.Slider | gr.Number):
        return _number(text, control)
    if isinstance(control, gr.Checkbox):
        return {"true": True, "false": False}.get(text)
    if isinstance(control, gr.CheckboxGroup) or (isinstance(control, gr.Dropdown) and control.multiselect):
        return _choices(text, control)
    if isinstance(control, gr.Dropdown | gr.Radio):
        return _choice(text, control)
    return text[:LINK_CHARACTERS] if isinstance(control, gr.Textbox) else None


def _number(text: str, control: gr.Slider | gr.Number) -> float | int | None:
    try:
        number = float(text)
    except ValueError:
        return None
    low = -math.inf if control.minimum is None else control.minimum
    high = math.inf if control.maximum is None else control.maximum
    if not (math.isfinite(number) and low <= number <= high):
        return None
    return int(number) if number.is_integer() else number


def _choice(text: str, control: gr.Dropdown | gr.Radio) -> Any:
    allowed = {str(value): value for _, value in control.choices}
    if getattr(control, "allow_custom_value", False):
        return allowed.get(text, text[:LINK_CHARACTERS])
    return allowed.get(text)


def _choices(text: str, control: gr.CheckboxGroup | gr.Dropdown) -> list[Any] | None:
    try:
        wanted = json.loads(text)
    except ValueError:
        return None
    if not isinstance(wanted, list):
        return None
    allowed = {str(value): value for _, value in control.choices}
    return [allowed[str(one)] for one in wanted if str(one) in allowed]
