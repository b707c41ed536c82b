"""Attention of two runs: one page opened once, and what a visitor does on it."""

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage

ONE, OTHER = "The old man shook his head and said", "The old woman shook her head"


def test_heads_are_compared_where_both_texts_have_the_tokens(open_page: OpenPage) -> None:
    page = open_page(tab="attention", text=ONE, layer=5, head=0, other_model="storybook", other_text=OTHER)
    view = page.locator("#tab-attention .view-compare")
    expect(view).to_have_attribute("data-heads", "5·0 5·0")
    expect(page.locator("#tab-attention .headline")).to_contain_text("looks most differently")
    expect(view.locator(".att-note")).to_contain_text("6 of A’s 8 rows and 6 of its 8 columns correspond")
    expect(view.locator("figure")).to_have_count(3)
    view.locator(".grid-cell[data-layer='3'][data-head='1']").click()
    expect(view).to_have_attribute("data-heads", "3·1 3·1")
    view.locator(".grid-cell[data-layer='3'][data-head='1']").press("ArrowRight")
    expect(view).to_have_attribute("data-heads", "3·2 3·2")
    view.locator(".att-stage").press("ArrowDown")
    expect(view.locator(".att-readout")).to_contain_text("“and” has no counterpart on side B.")
    assert page.evaluate("explorer.state.token.position") == 6
    page.locator(".compare-model").select_option("storybook-llama")
    page.locator(".compare-line [data-do=run]").click()
    expect(page.locator("#tab-attention .headline")).to_contain_text("behaves most like")
    expect(view.locator(".att-scatter circle.att-a")).to_have_count(24)
    view.locator(".att-choices [aria-label='of B']").select_option("2:1")
    expect(view).to_have_attribute("data-heads", "3·2 2·1")
    page.keyboard.press("Escape")
    page.get_by_text("Only A", exact=True).click()
    expect(page.locator(".view-heatmap").first).to_be_visible()
