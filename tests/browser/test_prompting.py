"""The Prompting tab in a real browser: the table, three answers side by side, the link, a chat template."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser
HOSTILE = "<script>alert(1)</script> ${alert(2)} {{value}} שלום 👩‍👩‍👧"


def answer(page: Page) -> None:
    page.locator(".view-shots [data-do=write]").click()
    page.wait_for_function("document.querySelector('.view-shots').closest('[data-state]')?.dataset.state === 'done'")


def test_three_answers_stand_below_exactly_their_prompts(open_page: OpenPage) -> None:
    page = open_page({"tab": "prompting"})
    page.get_by_label("Input 1").fill("up")
    page.get_by_label("Output 1").fill("down")
    page.get_by_role("button", name="Remove row 3").click()
    answer(page)
    prompts = page.locator(".column-prompt").all_text_contents()
    assert prompts == [
        "Say the opposite.\n\nInput: long\nOutput:",
        "Say the opposite.\n\nInput: up\nOutput: down\n\nInput: long\nOutput:",
        "Say the opposite.\n\nInput: up\nOutput: down\n\nInput: hot\nOutput: cold\n\nInput: long\nOutput:",
    ]
    assert all(page.locator(".view-shots .side-column").nth(place).locator(".step").count() > 0 for place in range(3))


def test_the_link_holds_the_table_and_the_question(open_page: OpenPage) -> None:
    page = open_page({"tab": "prompting"})
    expect(page.get_by_label("Input 3")).to_be_visible()
    page.get_by_role("button", name="Add a row").click()
    page.get_by_label("Input 4").fill("left")
    page.get_by_label("Output 4").fill("right")
    page.get_by_label("Question").fill("top")
    page.wait_for_function("location.search.includes('question=top') && location.search.includes('left')")
    other = open_page(urlsplit(page.url).query)
    expect(other.get_by_label("Output 4")).to_have_value("right")
    expect(other.get_by_label("Question")).to_have_value("top")


def test_a_table_that_is_none_is_survived(open_page: OpenPage) -> None:
    page = open_page({"tab": "prompting", "prompt_examples": '[["a"], 3, {"b": "c"}]'})
    expect(page.locator(".examples tbody tr")).to_have_count(3)
    expect(page.get_by_label("Input 1")).to_have_value("a")
    page.locator(".view-shots [data-do=write]").click()
    expect(page.locator(".view-shots .view-status")).to_contain_text("Fill in at least one row")


def test_a_model_without_a_chat_template_says_so(open_page: OpenPage) -> None:
    page = open_page({"tab": "prompting"})
    page.get_by_text("Chat template: what an instruction model reads").click()
    page.get_by_role("button", name="Show the tokens").click()
    expect(page.locator(".view-chat_template .view-status")).to_contain_text("has no chat template")


def test_hostile_text_stays_text(open_page: OpenPage) -> None:
    page = open_page({"tab": "prompting"})
    page.get_by_label("Question").fill(HOSTILE)
    page.wait_for_function("explorer.state.question.includes('script')")
    answer(page)
    expect(page.locator(".column-prompt").last).to_contain_text("<script>alert(1)</script>")
