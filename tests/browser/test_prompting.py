"""The Prompting tab in a real browser: the table, three answers side by side, the link, a chat template."""

from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage

HOSTILE = "<script>alert(1)</script> ${alert(2)} {{value}} שלום 👩‍👩‍👧"


def answered(page: Page, after: int = 0) -> int:
    """Wait until all three answers are there for the nth time."""
    place = "document.querySelector('.view-prompting').closest('[data-answered]')?.dataset.answered ?? 0"
    page.wait_for_function(f"(after) => Number({place}) > after", arg=after)
    return int(page.evaluate(f"Number({place})"))


def ask(page: Page) -> None:
    """Ask, and wait for the answers."""
    before = answered(page)
    page.locator(".view-prompting [data-do=write]").click()
    answered(page, before)


def test_it_opens_with_a_task_the_model_can_do_and_says_how_often(open_page: OpenPage) -> None:
    page = open_page({"tab": "prompting"})
    answered(page)
    expect(page.locator(".shot-answer").last).to_have_text("fish")
    expect(page.locator(".headline").locator("visible=true")).to_contain_text("With 4 examples it answers “fish” (")
    expect(page.locator(".prompting-answers > .success")).to_contain_text(
        "Of 20 such questions storybook answers 20 right"
    )


def test_three_answers_stand_below_exactly_their_prompts(open_page: OpenPage) -> None:
    page = open_page({"tab": "prompting"})
    page.get_by_role("radio", name="Opposite").click()
    page.get_by_label("Instruction").fill("Say the opposite.")
    page.get_by_label("Example 1").fill("in")
    page.get_by_label("Answer 1").fill("out")
    page.get_by_role("button", name="Remove row 3").click()
    page.get_by_label("Question").fill("long")
    expect(page.get_by_role("radio", name="My own")).to_be_checked()
    ask(page)
    prompts = page.locator(".column-prompt").all_text_contents()
    assert prompts == [
        "Say the opposite.\n\nInput: long\nOutput:",
        "Say the opposite.\n\nInput: in\nOutput: out\n\nInput: long\nOutput:",
        "Say the opposite.\n\nInput: in\nOutput: out\n\nInput: hot\nOutput: cold\n\nInput: long\nOutput:",
    ]
    assert all(page.locator(".shot").nth(place).locator(".guess").count() > 0 for place in range(3))


def test_the_link_holds_the_table_and_the_question_and_they_are_asked_again(open_page: OpenPage) -> None:
    page = open_page({"tab": "prompting"})
    expect(page.get_by_label("Example 4")).to_be_visible()
    page.get_by_role("button", name="Add a row").click()
    page.get_by_label("Example 5").fill("Ruth")
    page.get_by_label("Answer 5").fill("salt")
    page.get_by_label("Question").fill("Nancy")
    page.wait_for_function("location.search.includes('question=Nancy') && location.search.includes('Ruth')")
    other = open_page(urlsplit(page.url).query)
    expect(other.get_by_label("Answer 5")).to_have_value("salt")
    expect(other.get_by_label("Question")).to_have_value("Nancy")
    answered(other)
    expect(other.locator(".column-prompt").last).to_have_text(
        "Dorothy cheese\nHarry fish\nNancy nuts\nWilliam meat\nRuth salt\nNancy"
    )


def test_a_table_that_is_none_is_survived(open_page: OpenPage) -> None:
    page = open_page({"tab": "prompting", "prompt_examples": '[["a"], 3, {"b": "c"}]'})
    expect(page.locator(".examples tbody tr")).to_have_count(3)
    expect(page.get_by_label("Example 1")).to_have_value("a")
    expect(page.locator(".view-prompting > .view-status")).to_contain_text("Fill in at least one row")


def test_a_model_without_a_chat_template_says_so(open_page: OpenPage) -> None:
    page = open_page({"tab": "prompting"})
    page.get_by_role("button", name="Chat").click()
    expect(page.get_by_label("Person")).to_have_value("Why is the sky blue?")
    page.get_by_role("button", name="Show the tokens").click()
    expect(page.locator(".view-chat_template .view-status")).to_contain_text("has no chat template")


def test_hostile_text_stays_text(open_page: OpenPage) -> None:
    page = open_page({"tab": "prompting"})
    page.get_by_label("Question").fill(HOSTILE)
    page.wait_for_function("explorer.state.question.includes('script')")
    ask(page)
    expect(page.locator(".column-prompt").last).to_contain_text("<script>alert(1)</script>")
