"""Changes in a real browser: made where one looks, said over every tab, kept by the link, paused and taken back."""

import json
import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, open_tab, saved, settled, tab_titles
from tests.browser.walking import copied_link

TEXT = "The wolf knocked at the door. The wolf knocked at the"
SAID = "The model on this page is changed"


def headline(page: Page) -> str:
    settled(page)
    return page.locator(".headline").locator("visible=true").inner_text()


def expected_share(page: Page) -> str:
    """What the Overview says of its likeliest word."""
    open_tab(page, "Overview")
    return "".join(re.findall(r"[\d.]+ %", headline(page)))


def test_a_change_made_at_a_head_holds_in_every_tab_until_it_is_taken_back(open_page: OpenPage) -> None:
    page = open_page({"tab": "attention", "text": TEXT, "layer": 5, "head": 0})
    without = page.get_by_text("Switched off:").first.inner_text()
    promised = "".join(re.findall(r"[\d.]+ %", without))
    before = expected_share(page)
    open_tab(page, "Attention")
    page.locator(".change-menu summary:visible").first.click()
    page.locator(".change-choice:visible").first.click()
    banner = page.locator(".changes-banner")
    expect(banner).to_have_text(SAID)
    settled(page)
    assert promised in expected_share(page)
    for title in tab_titles(page):
        open_tab(page, title)
        assert headline(page), title
        expect(banner).to_be_visible()

    guest = open_page(copied_link(page))
    expect(guest.locator(".changes-banner")).to_have_text(SAID)
    assert promised in expected_share(guest)
    settings = json.loads(saved(guest, "json").read_text("utf-8"))["settings"]
    assert "head 5·0" in json.dumps(settings, ensure_ascii=False)

    page.get_by_role("button", name="Pause: head 5·0 off").click()
    expect(banner).to_have_text("The model is as it was made")
    assert expected_share(page) == before
    page.get_by_role("button", name="Make this change again: head 5·0 off").click()
    expect(banner).to_have_text(SAID)
    settled(page)
    page.get_by_role("button", name="Remove: head 5·0 off").click()
    expect(page.locator(".change-chip")).to_have_count(0)
    assert expected_share(page) == before
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".change-chip")).to_have_count(1)


def test_a_change_is_made_by_form_and_its_effect_is_shown(open_page: OpenPage) -> None:
    page = open_page({"tab": "experiment", "text": TEXT, "layer": 5, "head": 0})
    page.get_by_role("button", name="Make this change").click()
    expect(page.locator(".changes-banner")).to_have_text(SAID)
    settled(page)
    assert headline(page).startswith("With 1 change, door goes from 93.9 % to 88.8 %")
    first = page.locator(".effect-bars > li").first
    expect(first).to_contain_text("door")
    expect(first).to_contain_text("93.9 % → 88.8 %")


def test_a_link_with_a_change_that_cannot_be_made_says_so(open_page: OpenPage) -> None:
    changes = json.dumps([{"kind": "head", "layer": 99, "head": 0, "by": "zero"}])
    page = open_page({"text": TEXT, "changes": changes}, ready=False)
    expect(page.locator(".problem-line")).to_contain_text("layer")
