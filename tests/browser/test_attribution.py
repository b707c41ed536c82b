"""The Attribution and Neurons parts of the Why tab: every method side by side, and one neuron in full."""

import csv
from typing import Any

from playwright.sync_api import Page

from tests.browser.conftest import OpenPage, saved, settled

TEXT = "The wolf knocked at the door. The wolf knocked at the"
METHODS = 7


def attributed(open_page: OpenPage, **asked: Any) -> Page:
    page = open_page({"tab": "why", "why_view": "attribution", "model": "storybook", "text": TEXT, **asked})
    page.locator(".deletion-plot").wait_for()
    settled(page)
    return page


def test_every_method_is_shown_with_its_checks_and_a_link_keeps_the_choice(open_page: OpenPage) -> None:
    page = attributed(open_page)
    cells = page.locator(".attr-cell")
    assert cells.count() == METHODS * 12
    assert "integrated gradients" in page.locator(".headline:visible").inner_text()
    assert "completeness error" in page.locator(".attribution-sums").inner_text()
    assert page.locator(".attribution-agreement li").count() == METHODS - 1
    cells.first.focus()
    page.keyboard.press("ArrowDown")
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert page.locator(".view-attribution .why-detail").inner_text() == focused
    page.keyboard.press("Enter")
    page.wait_for_function("explorer.state.why_method !== 'integrated_gradients'")
    method = page.evaluate("explorer.state.why_method")
    page.wait_for_function("(method) => location.search.includes(`why_method=${method}`)", arg=method)
    with saved(page, "csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    assert len(rows) == 12
    assert {"integrated_gradients", "leave_one_out_removed", "rollout"} <= set(rows[0])


def test_a_long_text_scrolls_under_the_names_of_the_methods_to_the_token_asked_about(open_page: OpenPage) -> None:
    page = open_page({"tab": "why", "why_view": "attribution", "text": f"{TEXT} door. {TEXT} door. {TEXT}"}, width=1100)
    page.locator(".attributed.is-tall .attr-token[data-here]").wait_for()
    page.locator(".attr-method").nth(1).wait_for()
    seen = page.evaluate("""() => {
        const [box, here, name] = [".attributed", ".attr-token[data-here]", ".attr-method"]
            .map((one) => document.querySelector(one).getBoundingClientRect());
        return here.bottom <= box.bottom && name.top >= box.top - 1 && name.bottom < here.top
            && document.querySelector(".attributed").scrollTop > 0;
    }""")
    assert seen


def test_a_neuron_is_found_by_its_word_and_opened(open_page: OpenPage) -> None:
    page = open_page({"tab": "why", "why_view": "neurons", "model": "storybook", "text": TEXT})
    page.locator(".neuron-card .neuron-lists").wait_for()
    assert page.locator(".neuron-cell").count() >= 6 * 3
    page.get_by_label("Which neurons write").fill("king")
    page.keyboard.press("Enter")
    first = page.locator(".neurons-found .chip").first
    first.click()
    place = first.get_attribute("data-neuron")
    page.wait_for_function("(place) => explorer.state.why_neuron === place", arg=place)
    assert place is not None
    title = page.locator(".neuron-title")
    page.wait_for_function(
        "(name) => document.querySelector('.neuron-title').textContent.includes(name)", arg=place.replace(".", "·")
    )
    assert title.is_visible()
    page.locator(".neuron-passages > p:not(.note)").first.wait_for()
    assert f"why_neuron={place}" in page.url
    assert "why_search=king" in page.url
