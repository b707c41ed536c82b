"""Every tab, in light and dark, has nothing that axe objects to, and can be used from the keyboard alone."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage, open_tab, tab_titles
from tests.browser.walking import at_rest

TEXT = "The wolf knocked at the door. The wolf knocked at the"
SIZES = {"wide": (1440, 900), "large": (1280, 720), "phone": (390, 844)}
# What is written, drawn and unfolded in each tab, as a link says it.
STATES: dict[str, dict[str, Any]] = {
    "overview": {"overview_depth": 3},
    "tokens": {"tokens_board": True, "tokens_second": "byt5"},
    "attention": {"attention_score": "previous", "attention_order": "most", "attention_head_off": True},
    "attention / folds": {"attention_continuation_open": True, "attention_bertviz_open": True, "attention_drawn": True},
    "layers": {"lens": "tuned", "lens_words": ["king", "wolf"]},
    "embeddings": {"map_query": "king", "map_chosen": 1093, "map_group": {"where": "lasso", "rows": [787, 3823, 407]}},
    "embeddings / sum": {"embeddings_view": "map", "map_sum": True, "map_told": "sum"},
    "embeddings / arithmetic": {"embeddings_view": "arithmetic"},
    "embeddings / layers": {"embeddings_view": "layers"},
    "embeddings / positions": {"embeddings_view": "positions"},
    "embeddings / sentences": {"embeddings_view": "sentences"},
    "completion": {"top_k": 20, "next_word": "spaceship", "written_token": 1},
    "completion / two": {"completion_part": "two", "two_drawn": True},
    "completion / beams": {"completion_part": "beams", "beams_drawn": True, "beam_length": 5},
    "why": {"why_against": "window", "why_opened": "self:4"},
    "why / attribution": {"why_view": "attribution"},
    "why / neurons": {"why_view": "neurons", "why_search": "king"},
    "experiment": {"changes": [{"kind": "head", "layer": 5, "head": 0, "by": "zero"}], "experiment_view": "effect"},
    "experiment / sweep": {"changes": [], "experiment_view": "sweep", "sweep_estimate": True},
    "surprisal": {"token": {"stack": "source", "position": 3}},
    "prompting": {"prompt_task": "past"},
}
# Notes, drawers, tables and menus, all at once: a script's press closes none of the others.
UNFOLD = """() => {
    const tab = [...document.querySelectorAll('#tabs > .tabitem')].find((one) => one.getClientRects().length);
    for (const one of document.querySelectorAll('#tabs > .tabitem')) one.toggleAttribute('data-in-view', one === tab);
    for (const fold of tab.querySelectorAll('details')) fold.open = true;
    for (const head of tab.querySelectorAll('.drawer > button:not(.open)')) head.click();
}"""
FOLD = UNFOLD.replace("open = true", "open = false").replace(":not(.open)", ".open")
# The tab in view: what stands around it is the same for all, and is looked at with the keys and words.
TAB = "#tabs > .tabitem[data-in-view]"
FOCUSED = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const look = (node) => { const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, backgroundColor,
        textDecoration } = getComputedStyle(node);
        return [outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, backgroundColor, textDecoration]; };
    const chain = [one, one.parentElement, one.parentElement?.parentElement, one.nextElementSibling].filter(Boolean);
    const focused = chain.map(look);
    one.blur();
    const plain = chain.map(look);
    one.focus({ focusVisible: true, preventScroll: true });
    const name = `${one.tagName} ${one.className} ${one.getAttribute('aria-label') ?? one.textContent.slice(0, 30)}`;
    return { name, seen: JSON.stringify(focused) !== JSON.stringify(plain), shown: one.getClientRects().length > 0 };
}"""


# Bertviz's frame is closed to the page; and of what axe does not object to it need not tell the places.
OPTIONS: dict[str, Any] = {"iframes": False, "resultTypes": ["violations"]}


def violations(page: Page, *rules: str, within: str | None = None) -> list[str]:
    """What axe objects to, by every rule it has or by `rules` only, on the whole page or `within` a part of it."""
    options = {**OPTIONS, "runOnly": list(rules)} if rules else OPTIONS
    found = Axe().run(page, context=within, options=options).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


def contrasts_in_the_dark(page: Page) -> list[str]:
    """What axe objects to in dark: nothing but colours is different there."""
    page.get_by_role("button", name="Dark", exact=True).click()
    at_rest(page)
    found = violations(page, "color-contrast", "link-in-text-block", within=TAB)
    page.get_by_role("button", name="Dark", exact=True).click()
    return found


def in_state(page: Page, state: str) -> None:
    """Show a tab with everything in it written, drawn and unfolded."""
    page.evaluate("(patch) => explorer.set(patch)", STATES[state])
    page.locator(f"#tabs > .tab-wrapper [data-tab-id={state.split(' / ', maxsplit=1)[0]}]:visible").click()
    at_rest(page)
    if state == "completion":
        page.locator(".view-writing [data-do=write]").click()
        at_rest(page)
        page.locator(".stream-tokens .step").nth(1).click()
        page.locator(".stream-detail .chip:not([aria-current])").first.click()
        at_rest(page)
        page.locator(".stream-tokens .step").nth(1).click()
    page.evaluate(UNFOLD)
    at_rest(page)


@pytest.mark.timeout(900)  # it looks at every state of every tab
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_with_everything_opened_written_and_drawn(open_page: OpenPage, size: str) -> None:
    width, height = SIZES[size]
    query = {"text": TEXT, "large": int(size == "large"), "length": 6}
    page = open_page(query, width=width, height=height)
    found = {}
    for state in STATES:
        in_state(page, state)
        found[state] = violations(page, within=TAB)
        if size == "wide":
            found[f"{state} in the dark"] = contrasts_in_the_dark(page)
        page.evaluate(FOLD)
        page.evaluate("explorer.state.other && explorer.compare()")  # as two at once begins one
    page.evaluate("document.activeElement?.blur()")
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    found["keys and words"] = violations(page)
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    at_rest(page)
    found["presenting"] = violations(page)
    assert {state: faults for state, faults in found.items() if faults} == {}


def test_whatever_is_reached_by_tab_shows_that_it_is(open_page: OpenPage) -> None:
    page = open_page({"text": TEXT})
    unseen: dict[str, list[str]] = {}
    for title in tab_titles(page):
        open_tab(page, title)
        at_rest(page)
        page.get_by_role("tab", name=title, exact=True).focus()
        stops = 0
        for _ in range(60):
            page.keyboard.press("Tab")
            one = page.evaluate(FOCUSED)
            if one is None or not page.evaluate("Boolean(document.activeElement.closest('#tabs'))"):
                break
            stops += 1
            if not one["seen"] or not one["shown"]:
                unseen.setdefault(title, []).append(one["name"])
        assert stops > 2, title
    assert unseen == {}


def test_the_first_stop_leads_past_the_header(open_page: OpenPage) -> None:
    page = open_page()
    page.evaluate("document.activeElement?.blur()")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('a.skip') && document.activeElement.getClientRects().length")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.matches('#tabs [role=tab][aria-selected=true]')")
    assert page.evaluate("explorer.state.main !== null")  # the page was not loaded anew


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
