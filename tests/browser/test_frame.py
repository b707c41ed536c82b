"""The frame around the tabs: links, Back, keys, words, files and presenting."""

import shutil
import time
from pathlib import Path

from playwright.sync_api import Browser, Route, expect

from tests.browser.conftest import OpenPage, open_tab, run_text, settled, tab_titles, wait_for_run


def test_a_text_typed_and_not_run_is_run_before_its_link_is_copied(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_label("Text", exact=True).fill("A fox and a crow")
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(".view-masthead .view-status")).to_have_text("Link copied.")
    assert page.evaluate("explorer.state.main.text") == "A fox and a crow"
    assert "A+fox+and+a+crow" in page.url


def test_back_goes_to_the_tab_and_the_text_before(open_page: OpenPage) -> None:
    page = open_page()
    run_text(page, "The first text")
    page.wait_for_url("**text=The+first+text**")
    run_text(page, "The second text")
    page.wait_for_url("**text=The+second+text**")
    open_tab(page, "Attention")
    page.wait_for_url("**tab=attention**")
    page.go_back()
    expect(page.get_by_role("tab", name="Attention")).to_have_attribute("aria-selected", "false")
    page.wait_for_timeout(400)  # longer than the address waits before it follows the page
    page.go_back()
    page.wait_for_function("explorer.state.main.text === 'The first text'")
    assert page.get_by_label("Text", exact=True).input_value() == "The first text"


def test_keys_reach_every_tab_and_the_list_of_keys(open_page: OpenPage) -> None:
    page = open_page()
    for number, title in enumerate(tab_titles(page), 1):
        page.keyboard.press(str(number % 10))
        expect(page.get_by_role("tab", name=title, exact=True)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys and words")).to_contain_text("the same seed draws the same tokens")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_tab_of_one_screen_does_not_scroll_and_the_api_is_behind_the_question_mark(open_page: OpenPage) -> None:
    page = open_page()
    settled(page)
    assert page.evaluate("document.documentElement.scrollHeight") <= 900
    page.keyboard.press("?")
    expect(page.get_by_role("dialog").get_by_role("button", name="Use via API or MCP")).to_be_visible()


def test_pointing_at_a_word_of_the_field_says_what_it_means(open_page: OpenPage) -> None:
    page = open_page({"tab": "surprisal"})
    found = """() => [...(CSS.highlights.get('explorer-terms') ?? [])].find(
        (one) => one.toString() === 'bits' && one.startContainer.parentElement.closest('.headline'))"""
    page.wait_for_function(found)
    x, y = page.evaluate(f"""() => {{
        const {{ x, y, width, height }} = ({found})().getBoundingClientRect();
        return [x + width / 2, y + height / 2];
    }}""")
    page.mouse.move(x, y)
    expect(page.get_by_role("tooltip")).to_contain_text("A measure of surprise")


def test_a_long_text_is_saved_as_a_file_that_opens(open_page: OpenPage, small_model: Path, tmp_path: Path) -> None:
    page = open_page({"model": str(small_model), "text": "A dog"})
    text = "All work and no play makes a dull day. " * 60
    run_text(page, text)
    page.get_by_role("button", name="Copy link").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as a file instead").click()
    file = tmp_path / "view.json"
    saved.value.save_as(file)
    other = open_page()
    other.get_by_role("button", name="Keys and words").click()
    with other.expect_file_chooser() as chooser:
        other.get_by_role("button", name="Open a file").click()
    chooser.value.set_files(file)
    other.wait_for_function("(text) => explorer.state.main.text === text", arg=text)


def test_presenting_leaves_the_picture_alone(open_page: OpenPage) -> None:
    page = open_page({"tab": "attention", "present": "1"})
    expect(page.locator("#prompt")).to_be_hidden()
    expect(page.get_by_role("tablist").first).to_be_hidden()
    before = page.evaluate("explorer.state.head")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("explorer.state.head") == before + 1
    page.keyboard.press("Escape")
    expect(page.locator("#prompt")).to_be_visible()


def test_a_link_to_a_folder_waits_for_run(open_page: OpenPage, small_model: Path) -> None:
    copy = small_model.with_name("not-loaded-yet")
    shutil.copytree(small_model, copy)
    page = open_page({"model": str(copy), "text": "A dog"}, ready=False)
    expect(page.get_by_role("alert")).to_contain_text("press Run to load it")
    assert page.evaluate("explorer.state.main") is None
    assert page.get_by_label("Model", exact=True).input_value() == str(copy)
    page.get_by_role("button", name="Run", exact=True).click()
    wait_for_run(page)
    assert page.evaluate("[explorer.state.main.model, explorer.state.main.text]") == [str(copy), "A dog"]


def test_a_model_that_is_refused_leaves_the_picker_to_the_one_that_runs(open_page: OpenPage) -> None:
    page = open_page()
    shown = page.get_by_label("Model", exact=True).input_value()
    page.get_by_label("Text", exact=True).fill("Typed before")
    page.get_by_label("Model", exact=True).fill("no-such-model-anywhere")
    page.get_by_label("Model", exact=True).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("no-such-model-anywhere")
    expect(page.get_by_label("Model", exact=True)).to_have_value(shown)
    assert page.get_by_label("Text", exact=True).input_value() == "Typed before"


def test_a_link_goes_to_its_tab_however_late_gradio_builds_the_tabs(browser: Browser, app_url: str) -> None:
    late: list[str] = []

    def slow(route: Route) -> None:
        answer = route.fetch()
        if "tab-wrapper" in answer.text() and route.request.url.endswith(".js"):
            late.append(route.request.url)
            time.sleep(1.5)
        route.fulfill(response=answer)

    context = browser.new_context(reduced_motion="reduce")
    context.route("**/assets/Index-*.js", slow)
    page = context.new_page()
    page.goto(f"{app_url}?tab=completion&model=storybook-bert")
    wait_for_run(page)
    expect(page.get_by_role("tab", name="Completion", exact=True)).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tab", name="Prompting", exact=True)).to_be_hidden()
    assert late
    context.unroute_all()
    context.close()
