"""A link may ask for anything; only what the control itself could hold is taken."""

from typing import Any

import gradio as gr
import pytest
from gradio.components import Component

from explorer.link import LINK_CHARACTERS, restored

CONTROLS: dict[str, Component] = {
    "temperature": gr.Slider(0, 2, 1),
    "seed": gr.Number(0, minimum=0),
    "greedy": gr.Checkbox(),
    "show": gr.Dropdown([("attention weights", "weights"), ("rollout", "rollout")]),
    "heads": gr.Dropdown([("one", 1), ("two", 2)], multiselect=True),
    "free": gr.Dropdown(["a"], allow_custom_value=True),
    "kind": gr.Radio(["self", "cross"]),
    "marks": gr.CheckboxGroup(["x", "y"]),
    "word": gr.Textbox(),
}


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("temperature", "0.7", 0.7),
        ("temperature", "2", 2),
        ("temperature", "2.1", None),
        ("temperature", "-0.1", None),
        ("temperature", "nan", None),
        ("temperature", "inf", None),
        ("temperature", "<b>", None),
        ("seed", "12", 12),
        ("seed", "1e999", None),
        ("greedy", "true", True),
        ("greedy", "false", False),
        ("greedy", "1", None),
        ("show", "rollout", "rollout"),
        ("show", "attention weights", None),
        ("heads", "[1,2,3]", [1, 2]),
        ("heads", "1", None),
        ("heads", "[", None),
        ("free", "anything", "anything"),
        ("kind", "cross", "cross"),
        ("kind", "other", None),
        ("marks", '["y"]', ["y"]),
        ("word", "<script>", "<script>"),
        ("word", "x" * 9_000, "x" * LINK_CHARACTERS),
    ],
)
def test_a_value_is_taken_only_if_the_control_could_hold_it(key: str, text: str, value: Any) -> None:
    assert restored({key: text}, CONTROLS) == ({} if value is None else {key: value})


def test_unknown_names_are_ignored() -> None:
    assert restored({"nothing": "1", "__theme": "dark"}, CONTROLS) == {}
