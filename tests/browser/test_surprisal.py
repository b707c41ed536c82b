"""The Surprisal tab in a real browser: every token has its colour and its numbers, masked models can be stopped."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, run_text

pytestmark = pytest.mark.browser
HOSTILE = "<script>alert(1)</script> ${alert(2)} {{value}} שלום 👩‍👩‍👧"


def test_the_surprisal_of_a_text_is_shown_token_by_token(open_page: OpenPage) -> None:
    page = open_page({"tab": "surprisal"})
    expect(page.locator(".surprisal-line")).to_contain_text("bits per byte")
    page.locator(".top-list button").first.click()
    expect(page.locator(".surprisal-detail")).to_contain_text("Expected:")
    before = page.locator(".surprisal-line").text_content()
    run_text(page, "The cat sat on the mat and the cat sat on the mat.")
    page.wait_for_function(
        "(old) => !['', old].includes(document.querySelector('.surprisal-line').textContent)", arg=before
    )
    assert page.locator(".surprisal-text .step").count() == page.evaluate("explorer.state.main.tokens.length")


def test_the_chosen_token_and_the_measure_are_in_the_link(open_page: OpenPage) -> None:
    page = open_page({"tab": "surprisal", "surprisal_by": "rank", "token": "source:2", "text": "The wolf knocked"})
    expect(page.locator(".legend-low").locator("visible=true")).to_have_text("rank 1,000 or worse")
    expect(page.locator(".surprisal-text .step[aria-selected=true]")).to_have_attribute("data-position", "2")
    expect(page.locator(".surprisal-detail")).to_contain_text("Expected:")
    page.locator(".surprisal-text .step").nth(2).focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("location.search.includes('token=source%3A1')")


def test_the_first_token_has_no_score(open_page: OpenPage) -> None:
    page = open_page({"tab": "surprisal", "token": "source:0", "text": "The wolf knocked"})
    expect(page.locator(".surprisal-detail")).to_have_text("The has no score.")


def test_a_masked_model_computes_when_asked(open_page: OpenPage) -> None:
    page = open_page({"tab": "surprisal", "model": "storybook-bert", "text": "The cat sat on the mat."})
    expect(page.locator(".surprisal-note")).to_contain_text("hiding each token in turn")
    page.get_by_role("button", name="Compute pseudo-log-likelihood").click()
    expect(page.locator(".surprisal-line")).to_contain_text("Pseudo-perplexity")
    expect(page.get_by_role("button", name="Compute pseudo-log-likelihood")).to_be_hidden()


def test_hostile_text_stays_text(open_page: OpenPage) -> None:
    page = open_page({"tab": "surprisal", "text": HOSTILE})
    page.wait_for_selector(".top-list li")
    assert "script" in "".join(page.locator(".surprisal-text .step").all_text_contents())
