"""The Overview: complete on the first screen, every part a way on, the next word drawn and taken back."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, settled

SIZES = {"laptop": (1440, 900, False), "projector": (1280, 720, True), "screen": (1920, 1080, False)}
MODELS = ("storybook", "storybook-llama", "storybook-bert", "storybook-t5")


def drawn(page: Page) -> None:
    """Wait until picture and shelf are those of the run."""
    page.wait_for_function(
        "(() => { const view = document.querySelector('[data-shelf]'); const run = String(explorer.state.main?.run);"
        " return view?.dataset.run === run && view?.dataset.shelf === run; })()"
    )
    settled(page)


def hit(page: Page, name: str) -> Any:
    return page.locator(f".ov-hits .hit[aria-label*='{name}']").first


def headline(page: Page) -> str:
    return str(page.locator(".headline:visible").inner_text())


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("size", SIZES)
def test_the_whole_picture_is_on_the_first_screen(open_page: OpenPage, model: str, size: str) -> None:
    width, height, large = SIZES[size]
    page = open_page({"model": model, **({"large": "1"} if large else {})}, width=width, height=height)
    if large:
        page.evaluate("document.documentElement.classList.add('large-type')")
    drawn(page)
    for part in (".ov-picture", ".ov-shelf", ".ov-controls"):
        box = page.locator(part).bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= height, (model, part, box)
        assert box["x"] + box["width"] <= width, (model, part, box)
    # Nothing that is drawn hangs out of the picture over the shelf.
    lowest = page.evaluate(
        "Math.max(...[...document.querySelectorAll('.ov-picture > g *')].map((node) => "
        "node.getBoundingClientRect().bottom))"
    )
    assert lowest <= page.locator(".ov-shelf").bounding_box()["y"] + 1  # type: ignore[index]
    assert "%" in headline(page)


def test_every_part_leads_on(open_page: OpenPage) -> None:
    page = open_page({"text": "The wolf knocked at the door. The wolf knocked at the"})
    drawn(page)
    assert headline(page) == "After “the” it expects “door”: 93.9 %. It leads from layer 3 on."
    hit(page, "“door”, token 6").click()
    page.wait_for_function("explorer.state.token?.position === 5")
    drawn(page)
    assert headline(page).startswith("After “door” it expects")
    hit(page, "“door”, token 6").click()
    page.wait_for_function("explorer.state.token === null")
    drawn(page)
    hit(page, "After layer 2 it would say").click()
    expect(page.get_by_role("tab", name="Layers", exact=True)).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="Overview", exact=True).click()
    expect(page.locator(".ov-picture .bars .layer")).to_have_text("After layer 2")
    page.evaluate("explorer.set({ overview_depth: -1 })")
    drawn(page)
    lane = hit(page, "Head 5·0")
    lane.hover()
    expect(page.locator(".ov-tip")).to_contain_text("without it: 88.8 %")
    lane.click()
    expect(page.get_by_role("tab", name="Attention", exact=True)).to_have_attribute("aria-selected", "true")
    assert page.evaluate("[explorer.state.layer, explorer.state.head]") == [5, 0]
    page.get_by_role("tab", name="Overview", exact=True).click()
    page.locator(".shelf-card", has_text="one back").click()
    assert page.evaluate("[explorer.state.layer, explorer.state.head]") == [4, 0]
    page.get_by_role("tab", name="Overview", exact=True).click()
    hit(page, "why this token?").click()
    expect(page.get_by_role("tab", name="Why", exact=True)).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="Overview", exact=True).click()
    hit(page, "open in Completion").first.click()
    expect(page.get_by_role("tab", name="Completion", exact=True)).to_have_attribute("aria-selected", "true")


def test_space_draws_the_next_word_and_it_can_be_taken_back(open_page: OpenPage) -> None:
    text = "The wolf knocked at the door. The wolf knocked at the"
    page = open_page({"text": text})
    drawn(page)
    page.evaluate("document.activeElement?.blur()")
    page.keyboard.press("Space")
    page.wait_for_function("explorer.state.main.text.endsWith('knocked at the door')")
    drawn(page)
    expect(page.locator(".ov-drawn")).to_have_text("Drawn with seed 0: “door” (93.9 %)")
    assert page.get_by_label("Text", exact=True).input_value() == f"{text} door"
    page.get_by_role("button", name="Take the last word back").click()
    page.wait_for_function("(text) => explorer.state.main.text === text", arg=text)
    expect(page.get_by_role("button", name="Take the last word back")).to_be_hidden()
    filled = open_page({"model": "storybook-bert", "text": '"Who is there?" [MASK] the old woman.'})
    drawn(filled)
    filled.get_by_role("button", name="Fill the gap").click()
    filled.wait_for_function("explorer.state.main.text === '\"Who is there?\" asked the old woman.'")


def test_keys_play_it_step_by_step_and_walk_through_its_parts(open_page: OpenPage) -> None:
    page = open_page({"text": "The wolf knocked at the door. The wolf knocked at the"})
    drawn(page)
    page.evaluate("document.activeElement?.blur()")
    whole = headline(page)
    page.keyboard.press("ArrowRight")
    assert headline(page) == "The text is cut into 12 tokens."
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    assert "head 5·0, which copies, looks at “door”" in headline(page)
    page.keyboard.press("ArrowLeft")
    assert headline(page).startswith("Layer 4:")
    page.keyboard.press("Escape")
    assert headline(page) == whole
    hit(page, "“the”, token 12").focus()
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.ariaLabel") == "“at”, token 11"
    page.keyboard.press("Enter")
    page.wait_for_function("explorer.state.token?.position === 10")
    drawn(page)
    assert page.evaluate("document.activeElement.ariaLabel") == "“at”, token 11"


def test_what_counts_is_drawn_onto_it_from_here_and_from_why(open_page: OpenPage) -> None:
    page = open_page({"text": "The wolf knocked at the door. The wolf knocked at the", "tab": "why"})
    page.get_by_role("button", name="Show on the Overview").click()
    page.locator(".ov-picture circle.first-leads").first.wait_for(state="attached")
    settled(page)
    assert headline(page) == "Feed-forward 5 adds +2.61 of the 12.6 for “door”. It first leads after layer 3."
    assert page.locator(".ov-picture .block-column .counted").count() == 6 * (4 + 1)
    toggle = page.get_by_role("button", name="Show what counts for “door”")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    assert "overview_counts=true" in page.url
    hit(page, "Head 5·0").hover()
    expect(page.locator(".ov-tip")).to_contain_text("adds +")
    page.evaluate("explorer.set({ why_token: 'window' })")
    page.get_by_role("button", name="Show what counts for “window”").wait_for()
    settled(page)
    assert headline(page).endswith("It leads at no depth.")
    hit(page, "Feed-forward part of layer 4: adds").click()
    expect(page.get_by_role("tab", name="Why", exact=True)).to_have_attribute("aria-selected", "true")
    assert page.evaluate("explorer.state.why_opened") == "feed_forward:4"
    page.get_by_role("tab", name="Overview", exact=True).click()
    page.get_by_role("button", name="Show what counts for “window”").click()
    page.wait_for_function("!document.querySelector('.ov-picture .counted')")
    assert "it expects" in headline(page)
