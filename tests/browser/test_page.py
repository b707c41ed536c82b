"""The page around the tabs: prompt, run, errors, links, visitors."""

import re
import shutil
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from explorer.shell import runs
from explorer.shell.assets import PLOTLY, PLOTLY_ADDRESS
from models.loading import loader
from tests.browser.conftest import OpenPage, kit, open_tab, run_text, wait_for_run


def summary(page: Page) -> str:
    return page.locator(".summary-line").text_content() or ""  # some of it shows while the line is open


def press_run(page: Page) -> None:
    page.get_by_role("button", name="Run", exact=True).click()


def write(page: Page, text: str) -> None:
    page.get_by_label("Text", exact=True).fill(text)


def run_of(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("explorer.state.main")
    return found


def test_the_page_opens_with_an_example_already_run(open_page: OpenPage) -> None:
    page = open_page()
    assert run_of(page)["model"] == "storybook"
    assert run_of(page)["text"] == page.get_by_label("Text", exact=True).input_value() != ""
    page.get_by_label("Text", exact=True).focus()  # opens the line, with all its facts
    parts = page.locator(".summary-line span").all_inner_texts()
    assert re.fullmatch(r"\d+ of \d+ tokens", parts[0])
    assert parts[2:4] == ["storybook", "decoder"]
    assert re.fullmatch(r"[\d.]+M parameters", parts[4])
    assert parts[5] == "cpu float32"


def test_an_empty_text_is_explained_and_the_next_run_works(open_page: OpenPage) -> None:
    page = open_page()
    before = run_of(page)
    write(page, "")
    press_run(page)
    expect(page.get_by_role("alert")).to_contain_text("Type at least one character")
    assert run_of(page) == before
    run_text(page, "A dog")
    assert run_of(page)["text"] == "A dog"
    expect(page.locator(".problem-line")).to_be_hidden()


def test_fifty_thousand_characters_are_refused_with_the_limit_named(open_page: OpenPage) -> None:
    page = open_page()
    before = run_of(page)
    write(page, "word " * 10_000)
    press_run(page)
    expect(page.get_by_role("alert")).to_contain_text("50,000 characters")
    expect(page.get_by_role("alert")).to_contain_text("limit is 20,000")
    assert run_of(page) == before
    assert len(page.get_by_label("Text", exact=True).input_value()) == 50_000


def test_half_a_character_is_named_with_its_place(open_page: OpenPage) -> None:
    page = open_page()
    page.evaluate("""() => {
        const box = document.querySelector('#text textarea');
        box.value = 'ab\\ud800cd';
        box.dispatchEvent(new Event('input', { bubbles: true }));
    }""")
    press_run(page)
    expect(page.get_by_role("alert")).to_contain_text("position 2")


def test_an_unknown_model_is_one_sentence_and_the_previous_one_stays(open_page: OpenPage) -> None:
    page = open_page()
    before = summary(page)
    picker = page.get_by_label("Model", exact=True)
    picker.fill("no-such-model-anywhere")
    picker.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("no-such-model-anywhere")
    assert "Traceback" not in page.content()
    assert summary(page) == before


def test_loading_shows_how_far_it_is_and_can_be_stopped(
    open_page: OpenPage, small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(small_model, tmp_path / "slow")
    go_on = threading.Event()
    load = loader.load

    def slow(name: str, *, progress: Any, **options: Any) -> Any:
        progress(0.25, "Reading a quarter of it…")
        assert go_on.wait(120)
        return load(name, progress=progress, **options)

    page = open_page()
    before = run_of(page)
    monkeypatch.setattr(loader, "load", slow)
    picker = page.get_by_label("Model", exact=True)
    picker.fill(str(folder))
    picker.press("Enter")
    expect(page.locator(".progress-doing")).to_have_text("Reading a quarter of it…")
    assert page.get_by_role("progressbar", name="Loading").get_attribute("value") == "0.25"
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Stopped")
    expect(page.locator(".progress-line")).to_be_hidden()
    assert run_of(page) == before
    go_on.set()
    press_run(page)
    wait_for_run(page, before["run"])
    assert run_of(page)["model"] == str(folder)


def test_control_enter_runs_from_the_text(open_page: OpenPage) -> None:
    page = open_page()
    before = run_of(page)["run"]
    write(page, "A cat")
    page.get_by_label("Text", exact=True).press("Control+Enter")
    wait_for_run(page, before)
    assert run_of(page)["text"] == "A cat"


def test_an_example_is_filled_in_and_run(open_page: OpenPage) -> None:
    page = open_page()
    before = run_of(page)["run"]
    page.get_by_label("Text", exact=True).click()
    example = page.locator(".examples-list .example").nth(1)
    text = example.inner_text()
    example.click()
    wait_for_run(page, before)
    assert run_of(page)["text"] == text == page.get_by_label("Text", exact=True).input_value()


def test_of_runs_asked_for_while_one_is_busy_the_last_one_stays(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page()
    go_on = threading.Event()
    facts_of = runs.facts_of

    def slow(*given: Any) -> Any:
        assert go_on.wait(120)
        return facts_of(*given)

    monkeypatch.setattr(runs, "facts_of", slow)
    for text in ("first", "second", "third and last"):
        write(page, text)
        press_run(page)
    go_on.set()
    page.wait_for_function("explorer.state.main.text === 'third and last'")
    expect(page.locator(".progress-line")).to_be_hidden()
    assert run_of(page)["text"] == "third and last"


def test_a_link_restores_what_was_seen(open_page: OpenPage) -> None:
    page = open_page()
    run_text(page, 'The fox & the "grapes" = sour #1 ü')
    page.evaluate("explorer.set({ layer: 2, head: 1, token: { stack: 'source', position: 3 } })")
    page.wait_for_function("location.search.includes('token=')")
    other = open_page(page.url.split("?", 1)[1])
    assert run_of(other)["text"] == 'The fox & the "grapes" = sour #1 ü'
    assert other.evaluate("[explorer.state.layer, explorer.state.head, explorer.state.token]") == [
        2, 1, {"stack": "source", "position": 3},
    ]  # fmt: skip


def test_a_link_beyond_the_model_is_brought_back_into_range(open_page: OpenPage) -> None:
    page = open_page(
        {"text": "A dog", "layer": 99, "head": 99, "token": "source:500", "kind": "cross", "tab": "nowhere"}
    )
    shape = run_of(page)
    state = page.evaluate("explorer.state")
    assert (state["layer"], state["head"]) == (shape["layers"] - 1, shape["heads"] - 1)
    assert state["token"] is None
    assert state["kind"] == "self"


def test_a_long_text_is_left_out_of_the_link_and_the_page_says_so(open_page: OpenPage, small_model: Path) -> None:
    page = open_page({"model": str(small_model)})
    run_text(page, "there " * 400)
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(".view-masthead .view-status")).to_contain_text("too long for a link")
    assert "text=" not in page.url


def test_copy_link_copies_the_address(open_page: OpenPage) -> None:
    page = open_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(".view-masthead .view-status")).to_have_text("Link copied.")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    assert "model=storybook" in page.url


def test_two_visitors_with_different_models_see_their_own(open_page: OpenPage, small_model: Path) -> None:
    first = open_page({"text": "A dog"})
    second = open_page({"text": "A dog", "model": str(small_model)})
    assert run_of(first)["model"] == "storybook"
    assert (run_of(second)["model"], run_of(second)["layers"]) == (str(small_model), 1)
    run_text(first, "A cat")
    run_text(second, "A cow")
    assert (run_of(first)["model"], run_of(first)["text"]) == ("storybook", "A cat")
    assert (run_of(second)["model"], run_of(second)["text"]) == (str(small_model), "A cow")
    assert summary(first) != summary(second)


def test_large_type_enlarges_and_is_remembered(open_page: OpenPage) -> None:
    page = open_page()
    size = "parseFloat(getComputedStyle(document.querySelector('.summary-line')).fontSize)"
    before = page.evaluate(size)
    page.get_by_role("button", name="Large").click()
    assert page.evaluate(size) > before * 1.2
    page.reload()
    wait_for_run(page)
    assert page.evaluate(size) > before * 1.2


def test_dark_is_a_button_and_is_remembered(open_page: OpenPage) -> None:
    page = open_page()
    page.goto(page.url.split("?", maxsplit=1)[0])
    wait_for_run(page)
    assert page.evaluate("document.body.classList.contains('dark')") is False
    page.get_by_role("button", name="Dark", exact=True).click()
    assert page.evaluate("document.body.classList.contains('dark')") is True
    page.reload()
    wait_for_run(page)
    assert page.evaluate("document.body.classList.contains('dark')") is True


@pytest.mark.parametrize("large", [False, True])
def test_nothing_needs_sideways_scrolling_on_a_phone(open_page: OpenPage, *, large: bool) -> None:
    page = open_page(width=390)
    if large:
        page.get_by_role("button", name="Large").click()
    for title in page.get_by_role("tab").all_inner_texts():
        if page.get_by_role("tab", name=title, exact=True).is_visible():
            open_tab(page, title)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, title


# ---- the kit --------------------------------------------------------------------------------------------------------


def test_a_hidden_view_is_told_once_when_it_is_shown(open_page: OpenPage) -> None:
    page = open_page()
    page.evaluate(
        """async (address) => {
        const { set, subscribe } = await import(address);
        window.told = [];
        window.box = Object.assign(document.createElement('div'), { textContent: 'box' });
        box.style.display = 'none';
        document.body.append(box);
        subscribe(box, (state, changed) => { told.push([state.layer, changed]); }, ['layer']);
        set({ layer: 1 });
        set({ layer: 2 });
    }""",
        kit(page, "web/store.js"),
    )
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("told") == []
    page.evaluate("box.style.display = 'block'")
    page.wait_for_function("told.length > 0")
    assert page.evaluate("told") == [[2, ["layer"]]]
    page.evaluate("box.remove(); explorer.set({ layer: 0 })")
    page.evaluate("new Promise((done) => setTimeout(done))")
    assert len(page.evaluate("told")) == 1


def test_of_many_questions_of_a_view_only_the_newest_is_answered(open_page: OpenPage) -> None:
    page = open_page()
    outcome = page.evaluate(
        """async (address) => {
        const { latest } = await import(address);
        const box = document.body.appendChild(document.createElement('div'));
        const sent = [];
        const real = window.fetch;
        window.fetch = async (url, options) => {
            // The page's own views may still be asking.
            if (String(url).endsWith('calls/tokenize')) sent.push(JSON.parse(options.body).text);
            return real(url, options);
        };
        const ask = latest(box);
        const answers = [];
        const asked = ['a', 'b b', 'c c c', 'd d d d'].map((text) => ask('tokenize', { model: 'storybook', text }));
        for (const one of asked) one.then((answer) => answers.push(answer.count));
        await asked.at(-1);
        window.fetch = real;
        await new Promise((done) => setTimeout(done, 50));
        return { sent, answers };
    }""",
        kit(page, "web/server.js"),
    )
    assert outcome == {"sent": ["a", "d d d d"], "answers": [4]}


def test_a_refused_question_is_shown_where_it_was_asked(open_page: OpenPage) -> None:
    page = open_page()
    shown = page.evaluate(
        """async (address) => {
        const { latest } = await import(address);
        const box = document.body.appendChild(document.createElement('div'));
        const ask = latest(box);
        await ask('tokenize', { model: '<b>No</b> such model', text: 'a' }).catch(() => {});
        const refused = box.textContent;
        await ask('tokenize', { model: 'storybook', text: 'a' });
        const answered = box.textContent;
        const real = window.fetch;
        window.fetch = async () => { throw new TypeError('no network'); };
        await ask('tokenize', { model: 'storybook', text: 'a' }).catch(() => {});
        window.fetch = real;
        return [refused, answered, box.textContent, box.querySelectorAll('b').length];
    }""",
        kit(page, "web/server.js"),
    )
    assert "<b>No</b> such model" in shown[0]
    assert shown[1:] == ["", "The server did not answer. Check that it still runs, then try again.", 0]


def test_another_run_stands_beside_the_first_and_is_in_the_link(open_page: OpenPage) -> None:
    page = open_page({"text": "The wolf ran"})
    page.evaluate("explorer.run('other', { model: 'storybook-llama', text: 'The fox ran' })")
    page.wait_for_function("explorer.state.other")
    assert run_of(page)["text"] == "The wolf ran"
    page.wait_for_function("location.search.includes('other_text')")
    guest = open_page(page.url.split("?", 1)[1])
    guest.wait_for_function("explorer.state.other")
    assert guest.evaluate("[explorer.state.main, explorer.state.other].map(({ model, text }) => [model, text])") == [
        ["storybook", "The wolf ran"],
        ["storybook-llama", "The fox ran"],
    ]


def test_any_part_of_the_page_may_run_a_text_and_the_prompt_shows_it(open_page: OpenPage) -> None:
    page = open_page()
    before = run_of(page)["run"]
    page.evaluate("explorer.run('main', { model: 'storybook-t5', text: 'The king', target: 'and the' })")
    wait_for_run(page, before)
    assert run_of(page)["target"] == "and the"
    expect(page.get_by_label("Text", exact=True)).to_have_value("The king")
    expect(page.get_by_label("Target text", exact=True)).to_have_value("and the")
    assert page.get_by_label("Model", exact=True).input_value().startswith("storybook-t5 ")


@pytest.mark.parametrize("fault", ["missing", "throws", "does not parse"])
def test_a_view_that_does_not_start_says_so_in_its_place(browser: Browser, app_url: str, fault: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    bodies = {"throws": "export function mount() { throw new Error('no'); }", "does not parse": "export function {"}

    def answer(route: Route) -> None:
        if fault == "missing":
            route.fulfill(status=404, body="")
        else:
            route.fulfill(status=200, body=bodies[fault], content_type="text/javascript")

    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.route("**/features/attention/head_grid.js", answer)
    page.goto(f"{app_url}?tab=attention")
    wait_for_run(page)
    expect(page.locator(".view-head_grid .view-status")).to_contain_text("did not start; load the page again")
    expect(page.locator(".heatmap-tiles [data-value]").first).to_be_visible()
    assert errors
    context.close()


def test_scripts_are_kept_by_browsers_and_small(open_page: OpenPage, app_url: str) -> None:
    page = open_page()
    document = httpx.get(app_url).text
    assert "function mount" not in document
    addresses = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    modules = [one for one in addresses if "/assets/" in one and one.endswith(".js") and "/web/" in one]
    assert modules
    assert all("immutable" in httpx.get(one).headers["cache-control"] for one in modules)


def test_plotly_is_kept_by_browsers_and_no_folder_of_this_machine_is_shown(app_url: str) -> None:
    page = httpx.get(app_url).text
    script = httpx.get(app_url + PLOTLY_ADDRESS)
    assert PLOTLY_ADDRESS in page
    assert "immutable" in script.headers["cache-control"]
    assert "Plotly" in script.text[:4000]
    assert str(PLOTLY.parents[2]) not in page
    assert "file=/" not in page


def test_a_hosted_page_serves_the_catalogue_and_nothing_of_the_machine(
    open_page: OpenPage, hosted_url: str, small_model: Path
) -> None:
    page = open_page({"model": str(small_model), "text": "The fox ran"}, at=hosted_url)
    assert "storybook" in summary(page)
    model = page.get_by_label("Model", exact=True)
    assert model.input_value().startswith("storybook ")
    model.fill(str(small_model))
    model.press("Enter")
    page.get_by_label("Text", exact=True).click()
    assert model.input_value().startswith("storybook ")
    run_text(page, "The wolf ran")
    assert "storybook" in summary(page)
    expect(page.get_by_text("or type a Hub id or a folder")).to_have_count(0)
