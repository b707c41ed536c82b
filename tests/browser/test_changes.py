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


def choose(page: Page, name: str) -> None:
    page.locator(".change-here").get_by_role("menuitem", name=name, exact=True).click()
    expect(page.locator(".change-here")).to_have_count(0)
    settled(page)


def test_changes_are_made_where_one_looks_by_hand_and_by_key(open_page: OpenPage) -> None:
    page = open_page({"tab": "overview", "text": TEXT, "layer": 5, "head": 0})
    page.locator(".hit[data-lane='self:5:0']").click(button="right")
    choose(page, "head 5·0 off")
    page.locator(".hit[data-key='forward 2']").focus()
    page.keyboard.press("Shift+F10")
    expect(page.get_by_role("menuitem", name="feed-forward of layer 2 off")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    settled(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".change-chip")).to_have_count(1)

    open_tab(page, "Attention")
    settled(page)
    expect(page.locator(".tile-number:visible").first).to_be_visible()
    page.locator(".heatmap-stage").first.focus()
    for key in ("ArrowDown", "ArrowDown", "ContextMenu"):
        page.keyboard.press(key)
    choose(page, "“wolf” (1) cannot look at “The” (0) in head 5·0")
    page.locator(".grid-cell").nth(5).click(button="right")
    choose(page, "head 1·1 × 2")

    open_tab(page, "Layers")
    cells = ".layers-cell[data-depth='3'][data-position='{}']"
    page.locator(cells.format(5)).drag_to(page.locator(cells.format(9)))
    settled(page)
    page.locator(cells.format(4)).click(button="right")
    page.locator(".change-here input").fill("The wolf knocked at the gate. The wolf knocked at the")
    page.locator(".change-here").get_by_role("button", name="Put it in").click()
    settled(page)

    open_tab(page, "Why")
    page.locator(".fall-row").nth(3).hover()
    page.get_by_role("button", name="Change feed-forward 0").click()
    choose(page, "feed-forward of layer 0 at its mean over this text")
    names = page.locator(".change-name").all_inner_texts()
    assert names[0] == "head 5·0 off"
    assert names[1:3] == ["“wolf” (1) cannot look at “The” (0) in head 5·0", "head 1·1 × 2"]
    assert names[3].startswith("residual at depth 3 at “knocked” (9) from position 5 of “The wolf")
    assert names[4].startswith("residual at depth 3 at “the” (4) from “The wolf")
    assert names[5] == "feed-forward of layer 0 at its mean over this text"


def test_a_finger_that_stays_opens_the_menu_and_chooses_nothing(open_page: OpenPage) -> None:
    page = open_page({"tab": "attention", "text": TEXT, "layer": 5, "head": 0})
    cell = page.locator(".grid-cell").nth(6)
    for name in ("pointerdown", "pointerup", "click"):
        cell.dispatch_event(name, {"pointerType": "touch", "clientX": 200, "clientY": 300, "bubbles": True})
        page.wait_for_timeout(700 if name == "pointerdown" else 0)
    expect(page.locator(".change-here .change-title")).to_have_text("Head 1·2")
    expect(page.locator(".grid-cell[aria-selected=true]")).to_have_attribute("data-layer", "5")
    page.keyboard.press("Escape")
    expect(page.locator(".change-here")).to_have_count(0)
