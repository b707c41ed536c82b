"""What the page is made of before any browser opens it."""

import json
import re
from typing import Any

import gradio as gr
import pytest
from gradio.components import Component

from explorer.features import tabs
from explorer.launch import build
from explorer.pool_factory import pool_for
from explorer.settings import Settings
from explorer.shell.controls import of_choice, of_component
from explorer.shell.page import KINDS, Page, Tab, build_page
from tests.explorer.calls.test_endpoints import DOCUMENTED

SETTINGS = Settings(mode="local", device="cpu")


def with_control(key: str, component: Component) -> Tab:
    def build_tab(page: Page) -> None:
        component.render()  # type: ignore[no-untyped-call]
        page.control(key, component)

    return Tab(name="one", title="One", question="Which?", order=1, build=build_tab)


def head_with(*given: Tab) -> str:
    return build_page(SETTINGS, given)[1].head


def configuration(head: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="explorer-configuration">(.*?)</script>', head)
    assert found
    read: dict[str, Any] = json.loads(found[1])
    return read


def picker(blocks: gr.Blocks) -> gr.Dropdown:
    (found,) = [block for block in blocks.blocks.values() if getattr(block, "elem_id", None) == "model"]
    assert isinstance(found, gr.Dropdown)
    return found


@pytest.mark.parametrize(("mode", "free"), [("local", True), ("hosted", False)])
def test_only_local_mode_takes_a_typed_model(mode: str, *, free: bool) -> None:
    blocks, _ = build_page(Settings.model_validate({"mode": mode, "device": "cpu"}), ())
    assert picker(blocks).allow_custom_value is free
    assert picker(blocks).value == "storybook"


def test_building_the_page_loads_no_model() -> None:
    pool = pool_for(SETTINGS)
    build(SETTINGS, pool)
    assert pool.loaded == ()


def test_a_control_of_a_tab_reaches_the_scripts_with_its_rule() -> None:
    told = configuration(head_with(with_control("warmth", gr.Slider(0, 9, 4))))
    assert told["controls"]["warmth"] == {"kind": "number", "first": 4, "minimum": 0, "maximum": 9}


def test_a_control_and_its_values_are_called_the_same_in_files_and_on_the_page() -> None:
    told = configuration(head_with(with_control("order", gr.Radio([("Likeliest first", "p"), "id"], label="Order"))))
    assert told["names"] == {"order": {"label": "Order", "choices": {"p": "Likeliest first"}}}


def test_nothing_in_the_head_can_end_its_script_early() -> None:
    hostile = "</script><script>alert(1)</script>"
    head = head_with(with_control("word", gr.Textbox(hostile)))
    assert configuration(head)["controls"]["word"]["first"] == hostile
    assert "<script>alert" not in head


def test_no_endpoint_shows_a_handler_of_the_page() -> None:
    blocks = build(SETTINGS, pool_for(SETTINGS)).blocks
    visible = {fn.api_name for fn in blocks.fns.values() if fn.api_visibility == "public" and fn.fn is not None}
    assert visible == DOCUMENTED


def test_tabs_come_in_their_order_and_each_asks_a_question() -> None:
    found = tabs()
    assert [tab.order for tab in found] == sorted(tab.order for tab in found)
    assert len({tab.name for tab in found}) == len(found) >= 6
    assert all(tab.question.endswith("?") for tab in found)
    assert all(set(tab.kinds) <= set(KINDS) for tab in found)


@pytest.mark.parametrize("key", ["width", "layer", "text", "other_text", "two words", ""])
def test_a_control_needs_a_name_of_its_own(key: str) -> None:
    with gr.Blocks():
        page = Page(settings=SETTINGS)
        page.control("width", gr.Slider(0, 1))
        with pytest.raises(ValueError, match="a name of its own"):
            page.control(key, gr.Slider(0, 1))
        with pytest.raises(ValueError, match="a name of its own"):
            page.choice(key, "x")


@pytest.mark.parametrize(
    ("component", "rule"),
    [
        (gr.Slider(0, 2, 1), {"kind": "number", "first": 1, "minimum": 0, "maximum": 2}),
        (gr.Number(0, minimum=0), {"kind": "number", "first": 0, "minimum": 0, "maximum": None}),
        (gr.Checkbox(), {"kind": "flag", "first": False}),
        (gr.Dropdown([("A", "a")], value="a"), {"kind": "choice", "first": "a", "choices": ["a"], "free": False}),
        (gr.Radio(["x", "y"], value="x"), {"kind": "choice", "first": "x", "choices": ["x", "y"], "free": False}),
        (gr.Textbox(), {"kind": "text", "first": ""}),
    ],
)
def test_a_native_control_brings_its_rule(component: Component, rule: dict[str, Any]) -> None:
    assert of_component(component) == rule


def test_a_view_s_own_choice_is_ruled_by_its_first_value() -> None:
    assert of_choice("place", ["place", "most"]) == {"kind": "choice", "first": "place", "choices": ["place", "most"]}
    assert of_choice(first=False)["kind"] == "flag"
    assert of_choice(0.5) == {"kind": "number", "first": 0.5, "minimum": None, "maximum": None}
    assert (of_choice("")["kind"], of_choice([])["kind"], of_choice(None)["kind"]) == ("text", "json", "json")
