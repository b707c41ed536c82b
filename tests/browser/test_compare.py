"""A second side in a real browser: begun with one press, changed in its line, kept by the link, turned round, ended."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, settled
from tests.browser.walking import copied_link

TEXT = "The wolf knocked at the door."
OFF = '[{"kind": "head", "layer": 4, "head": 0, "by": "zero"}]'


def sides(page: Page) -> list[Any]:
    settled(page)
    found: list[Any] = page.evaluate(
        """() => ["main", "other"].map((name) => {
            const run = explorer.state[name];
            return run && [run.model, run.text, run.changes.length];
        })"""
    )
    return found


def test_a_second_side_is_opened_changed_kept_turned_round_and_ended(open_page: OpenPage) -> None:
    page = open_page({"tab": "tokens", "text": TEXT})
    line = page.locator(".compare-line")
    expect(line).to_be_hidden()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(line).to_be_visible()
    assert sides(page) == [["storybook", TEXT, 0], ["storybook-llama", TEXT, 0]]

    # Two models on one text go on reading one text.
    page.locator("#text textarea").fill("The fox ran.")
    page.locator("#text textarea").press("Enter")
    page.wait_for_function("() => explorer.state.other.text === 'The fox ran.'")
    assert sides(page) == [["storybook", "The fox ran.", 0], ["storybook-llama", "The fox ran.", 0]]

    line.get_by_label("Model of side B", exact=True).select_option("storybook")
    line.get_by_label("Text of side B", exact=True).fill("The old fox ran.")
    line.get_by_label("Text of side B", exact=True).press("Enter")
    page.wait_for_function("() => explorer.state.other.text === 'The old fox ran.' && explorer.state.pair")
    assert sides(page)[1] == ["storybook", "The old fox ran.", 0]
    assert page.evaluate("() => explorer.state.pair.counterparts") == [0, 2, 3, 4]

    page.get_by_role("radio", name="Only A").click()
    guest = open_page(copied_link(page))
    assert sides(guest) == sides(page)
    assert guest.evaluate("() => explorer.state.compare_view") == "one"
    expect(guest.locator("body.is-comparing")).to_have_count(0)

    page.get_by_role("button", name="Swap").click()
    page.wait_for_function("() => explorer.state.other.text === 'The fox ran.'")
    assert sides(page) == [["storybook", "The old fox ran.", 0], ["storybook", "The fox ran.", 0]]
    page.get_by_role("button", name="End the comparison").click()
    expect(line).to_be_hidden()
    assert sides(page)[1] is None
    assert "other_" not in copied_link(page)


def test_a_changed_model_is_compared_with_itself_as_it_was_made(open_page: OpenPage) -> None:
    page = open_page({"tab": "tokens", "text": TEXT, "changes": OFF})
    page.keyboard.press("c")
    expect(page.locator(".compare-line")).to_be_visible()
    assert sides(page) == [["storybook", TEXT, 1], ["storybook", TEXT, 0]]
    page.get_by_label("Changes to the model of side B").select_option(label="changed as A")
    expect(page.locator(".compare-line")).to_be_visible()
    page.wait_for_function("() => explorer.state.other.changes.length === 1")
    guest = open_page(copied_link(page))
    assert sides(guest) == [["storybook", TEXT, 1], ["storybook", TEXT, 1]]
    # A side that is refused leaves the comparison as it was.
    page.get_by_label("Text of side B", exact=True).fill("")
    page.get_by_label("Text of side B", exact=True).press("Enter")
    expect(page.get_by_text("The text is empty")).to_be_visible()
    assert sides(page)[1] == ["storybook", TEXT, 1]
