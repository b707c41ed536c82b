"""Text that looks like markup, script or a template stays text, on every tab."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import HOSTILE_TOKENS, OpenPage, open_tab, run_text, settled, tab_titles

HOSTILE = {
    "markup": '<img src="x" onerror="window.pwned=1"> <script>window.pwned=1</script>',
    "end of script": "</script><script>window.pwned=1</script> </textarea></style> -->",
    "templates": "${window.pwned=1} {{value}} {{{this}}} `${pwned}` {% raw %} <%= 1 %> $& $1",
    "emoji": "👩‍👩‍👧‍👦 🏳️‍🌈 é ñ 你好 \u202eabc\u202c \u200b \ufeff",
    "right to left": "مرحبا بالعالم שלום עולם",
}
# Elements that only markup taken for markup could have brought in.
INTRUDERS = (
    "document.querySelectorAll('img[src=x], img[onerror], .tabs script, .view script, .view img[onerror]').length"
)


def untouched(page: Page) -> bool:
    return page.evaluate(f"window.pwned === undefined && {INTRUDERS} === 0") is True


def test_hostile_text_stays_text_on_every_tab(open_page: OpenPage) -> None:
    page = open_page({"text": "A dog"})
    for title in tab_titles(page):
        open_tab(page, title)
        settled(page)
    # Every view is there now; each hears of the hostile texts while it is shown.
    for name, text in HOSTILE.items():
        run_text(page, text)
        assert page.evaluate("explorer.state.main.text") == text
        for title in tab_titles(page):
            open_tab(page, title)
            settled(page)
            assert untouched(page), (name, title)


def test_single_tokens_that_are_markup_stay_text_on_every_tab(open_page: OpenPage, small_model: Path) -> None:
    page = open_page({"model": str(small_model), "text": "".join(HOSTILE_TOKENS)})
    assert page.evaluate("explorer.state.main.tokens.map((token) => token.text)") == list(HOSTILE_TOKENS)
    for title in tab_titles(page):
        open_tab(page, title)
        settled(page)
        assert untouched(page), title
    open_tab(page, "Tokens")
    shown = page.locator("[data-stack=source] .cell").all_text_contents()
    assert [text.replace("·", " ") for text in shown] == list(HOSTILE_TOKENS)
    page.locator("#tab-tokens .cell").first.click()
    page.locator("#tab-tokens").get_by_role("button", name="Table").click()
    page.locator(".table-scroll tbody tr").nth(4).wait_for()
    assert untouched(page)


@pytest.mark.parametrize("name", ["markup", "templates"])
def test_hostile_text_in_a_link_stays_text(open_page: OpenPage, name: str) -> None:
    page = open_page({"text": HOSTILE[name], "tab": HOSTILE[name], "layer": HOSTILE[name], "token": HOSTILE[name]})
    assert page.get_by_label("Text", exact=True).input_value() == HOSTILE[name]
    assert untouched(page)


def test_a_model_named_like_markup_is_refused_in_plain_words(open_page: OpenPage) -> None:
    page = open_page()
    picker = page.get_by_label("Model", exact=True)
    picker.fill(HOSTILE["markup"])
    picker.press("Enter")
    page.locator(".problem-line:not([hidden])").wait_for()
    assert "onerror" in page.locator(".problem-line").inner_text()
    assert untouched(page)


def test_the_strip_shows_markup_literally(open_page: OpenPage) -> None:
    page = open_page({"text": HOSTILE["markup"], "tab": "tokens"})
    settled(page)
    shown = "".join(page.locator("[data-stack=source] .cell").all_text_contents())
    assert shown.replace("·", " ") == HOSTILE["markup"]
