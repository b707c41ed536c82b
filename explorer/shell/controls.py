"""Declared controls: everything that changes a picture has a name, a first value and a rule, and is kept in links.

A native control brings its own rule; a view's own choice (which heads, which order) declares one.
"""

from collections.abc import Sequence
from typing import Any, Literal, NotRequired

import gradio as gr
from gradio.components import Component
from typing_extensions import TypedDict


class Control(TypedDict):
    """What a link may set: `kind` says which values are believed, the rest narrows it; `of_run`: only for one run."""

    kind: Literal["number", "flag", "choice", "choices", "text", "json"]
    first: Any
    minimum: NotRequired[float | None]
    maximum: NotRequired[float | None]
    choices: NotRequired[list[str | int | float | bool]]
    free: NotRequired[bool]
    of_run: NotRequired[bool]


class Names(TypedDict):
    """What a native control and its values are called on the page."""

    label: str
    choices: NotRequired[dict[str, str]]


def names_of(component: Component) -> Names:
    """What stands beside a native control, and what its values are called where they have names of their own."""
    choices = getattr(component, "choices", None) or ()
    told = {str(value): name for name, value in choices if name != value}
    label = str(component.label or "")
    return Names(label=label, choices=told) if told else Names(label=label)


def of_component(component: Component) -> Control:
    """The rule a native control brings: a value that a person could not set with it is not believed from a link."""
    first = component.value
    if isinstance(component, gr.Slider | gr.Number):
        return Control(kind="number", first=first, minimum=component.minimum, maximum=component.maximum)
    if isinstance(component, gr.Checkbox):
        return Control(kind="flag", first=bool(first))
    several = isinstance(component, gr.CheckboxGroup) or (isinstance(component, gr.Dropdown) and component.multiselect)
    if isinstance(component, gr.CheckboxGroup | gr.Dropdown | gr.Radio):
        choices: list[Any] = [value for _, value in component.choices or ()]
        free = bool(getattr(component, "allow_custom_value", False))
        return Control(kind="choices" if several else "choice", first=first, choices=choices, free=free)
    if isinstance(component, gr.Textbox):
        return Control(kind="text", first=first or "")
    raise TypeError(f"A {type(component).__name__} cannot be kept in a link.")


def of_choice(first: Any, choices: Sequence[str] | None = None, *, of_run: bool = False) -> Control:
    """The rule for a view's own choice, read off its first value; `choices` lists what else it may be."""
    rule = _rule(first, choices)
    return {**rule, "of_run": True} if of_run else rule


def _rule(first: Any, choices: Sequence[str] | None) -> Control:
    if choices is not None:
        return Control(kind="choice", first=first, choices=list(choices))
    if isinstance(first, bool):
        return Control(kind="flag", first=first)
    if isinstance(first, int | float):
        return Control(kind="number", first=first, minimum=None, maximum=None)
    return Control(kind="text", first=first) if isinstance(first, str) else Control(kind="json", first=first)
