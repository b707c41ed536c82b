"""Every tab, in light and dark, has nothing that axe objects to, and can be used from the keyboard alone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage, open_tab, settled, tab_titles


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_on_any_tab(open_page: OpenPage, *, dark: bool) -> None:
    page = open_page({"text": "Once upon a time 😀", "token": "source:1"}, dark=dark)
    assert page.evaluate("document.body.classList.contains('dark')") is dark
    found = {}
    for title in tab_titles(page):
        open_tab(page, title)
        settled(page)
        found[title] = violations(page)
    assert {title: faults for title, faults in found.items() if faults} == {}


def test_axe_finds_nothing_in_large_type_on_a_phone(open_page: OpenPage) -> None:
    page = open_page(width=390)
    page.get_by_role("button", name="Large").click()
    settled(page)
    assert violations(page) == []


def test_axe_finds_nothing_beside_an_error(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_label("Text", exact=True).fill("")
    page.get_by_role("button", name="Run", exact=True).click()
    page.locator(".problem-line").wait_for()
    assert violations(page) == []


def test_tabs_are_changed_from_the_keyboard(open_page: OpenPage) -> None:
    page = open_page()
    titles = tab_titles(page)
    page.get_by_role("tab", name=titles[0], exact=True).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    second = page.get_by_role("tab", name=titles[1], exact=True)
    assert second.get_attribute("aria-selected") == "true"
