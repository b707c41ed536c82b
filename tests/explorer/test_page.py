"""What the page is made of before any browser opens it."""

import gradio as gr
import pytest
from gradio.components import Component

from explorer import prompt
from explorer.engine import pool_for
from explorer.page import Page, Tab, build_page
from explorer.settings import Settings
from models import catalog


def built(settings: Settings, *tabs: Tab) -> gr.Blocks:
    return build_page(settings, pool_for(settings), tabs)


def with_control(key: str, component: Component) -> Tab:
    def build(page: Page) -> None:
        component.render()  # type: ignore[no-untyped-call]
        page.control(key, component)

    return Tab(title="One", question="Which?", order=1, build=build)


def picker(blocks: gr.Blocks) -> gr.Dropdown:
    (found,) = [block for block in blocks.blocks.values() if getattr(block, "elem_id", None) == "model"]
    assert isinstance(found, gr.Dropdown)
    return found


@pytest.mark.parametrize(("mode", "free"), [("local", True), ("hosted", False)])
def test_only_local_mode_takes_a_typed_model(mode: str, *, free: bool) -> None:
    blocks = built(Settings.model_validate({"mode": mode, "device": "cpu"}))
    assert picker(blocks).allow_custom_value is free
    assert picker(blocks).value == "storybook"


def test_a_link_to_a_model_hosted_mode_does_not_serve_opens_the_usual_one() -> None:
    query = {"model": "/etc", "text": "Hello"}
    assert prompt.asked_by(query, Settings(mode="hosted")) == ["storybook", "Hello", ""]
    assert prompt.asked_by(query, Settings(mode="local"))[0] == "/etc"
    assert prompt.asked_by({"model": "gpt2"}, Settings(mode="hosted"))[0] == "gpt2"


def test_a_link_without_a_text_opens_an_example_with_its_target() -> None:
    entry = catalog.find("storybook-t5")
    assert entry is not None
    _, text, target = prompt.asked_by({"model": "storybook-t5"}, Settings(mode="local"))
    assert (text, target) == (entry.examples[0], entry.targets[0])
    assert prompt.asked_by({"model": "storybook-t5", "text": "a"}, Settings(mode="local"))[1:] == ["a", ""]


def test_building_the_page_loads_no_model() -> None:
    settings = Settings(device="cpu")
    pool = pool_for(settings)
    build_page(settings, pool, ())
    assert pool.loaded == ()


def test_a_control_of_a_tab_reaches_the_store_with_its_first_value() -> None:
    assert '"warmth": 4' in str(built(Settings(device="cpu"), with_control("warmth", gr.Slider(0, 9, 4))).head)


def test_nothing_in_the_head_can_end_its_script_early() -> None:
    tab = with_control("word", gr.Textbox("</script><script>alert(1)</script>"))
    head = str(built(Settings(device="cpu"), tab).head)
    assert head.count("</script>") == head.count("<script>") == 1


def test_no_endpoint_shows_a_handler_of_the_page() -> None:
    blocks = built(Settings(device="cpu"))
    visible = {fn.api_name for fn in blocks.fns.values() if fn.api_visibility == "public" and fn.fn is not None}
    assert visible == {"models", "tokenize", "attention", "next_token", "complete", "neighbours", "project", "health"}
