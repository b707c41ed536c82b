"""The page around the tabs: prompt, run, errors, links, visitors."""

import re
import shutil
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from explorer import engine
from explorer import page as explorer_page
from explorer.views.plotly_script import ADDRESS, FILE
from tests.browser.conftest import OpenPage, open_tab, run_text, wait_for_run

pytestmark = pytest.mark.browser


def summary(page: Page) -> str:
    return page.locator(".summary-line").inner_text()


def press_run(page: Page) -> None:
    page.get_by_role("button", name="Run", exact=True).click()


def write(page: Page, text: str) -> None:
    page.get_by_label("Text", exact=True).fill(text)


def subject(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("explorer.state.subject")
    return found


def test_the_page_opens_with_an_example_already_run(open_page: OpenPage) -> None:
    page = open_page()
    assert subject(page)["model"] == "storybook"
    assert subject(page)["text"] == page.get_by_label("Text", exact=True).input_value() != ""
    parts = page.locator(".summary-line span").all_inner_texts()
    assert re.fullmatch(r"\d+ of \d+ tokens", parts[0])
    assert parts[1:3] == ["storybook", "decoder"]
    assert re.fullmatch(r"[\d.]+M parameters", parts[4])
    assert parts[5] == "cpu float32"


def test_an_empty_text_is_explained_and_the_next_run_works(open_page: OpenPage) -> None:
    page = open_page()
    before = subject(page)
    write(page, "")
    press_run(page)
    expect(page.get_by_role("alert")).to_contain_text("Type at least one character")
    assert subject(page) == before
    run_text(page, "A dog")
    assert subject(page)["text"] == "A dog"
    expect(page.locator(".problem-line")).to_be_hidden()


def test_fifty_thousand_characters_are_refused_with_the_limit_named(open_page: OpenPage) -> None:
    page = open_page()
    before = subject(page)
    write(page, "word " * 10_000)
    press_run(page)
    expect(page.get_by_role("alert")).to_contain_text("50,000 characters")
    expect(page.get_by_role("alert")).to_contain_text("limit is 20,000")
    assert subject(page) == before
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
    load = engine.load  # type: ignore[attr-defined]

    def slow(name: str, *, progress: Any, **options: Any) -> Any:
        progress(0.25, "Reading a quarter of it…")
        assert go_on.wait(120)
        return load(name, progress=progress, **options)

    page = open_page()
    before = subject(page)
    monkeypatch.setattr(engine, "load", slow)
    picker = page.get_by_label("Model", exact=True)
    picker.fill(str(folder))
    picker.press("Enter")
    expect(page.locator(".progress-doing")).to_have_text("Reading a quarter of it…")
    assert page.get_by_role("progressbar", name="Loading").get_attribute("value") == "0.25"
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Stopped")
    expect(page.locator(".progress-line")).to_be_hidden()
    assert subject(page) == before
    go_on.set()
    press_run(page)
    wait_for_run(page, before["run"])
    assert subject(page)["model"] == str(folder)


def test_control_enter_runs_from_the_text(open_page: OpenPage) -> None:
    page = open_page()
    before = subject(page)["run"]
    write(page, "A cat")
    page.get_by_label("Text", exact=True).press("Control+Enter")
    wait_for_run(page, before)
    assert subject(page)["text"] == "A cat"


def test_an_example_is_filled_in_and_run(open_page: OpenPage) -> None:
    page = open_page()
    before = subject(page)["run"]
    example = page.locator(".examples-list .example").nth(1)
    text = example.inner_text()
    example.click()
    wait_for_run(page, before)
    assert subject(page)["text"] == text == page.get_by_label("Text", exact=True).input_value()


def test_of_runs_asked_for_while_one_is_busy_the_last_one_stays(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page()
    go_on = threading.Event()
    look = explorer_page._looked_at

    def slow(*given: Any) -> Any:
        assert go_on.wait(120)
        return look(*given)

    monkeypatch.setattr(explorer_page, "_looked_at", slow)
    for text in ("first", "second", "third and last"):
        write(page, text)
        press_run(page)
    go_on.set()
    page.wait_for_function("explorer.state.subject.text === 'third and last'")
    expect(page.locator(".progress-line")).to_be_hidden()
    assert subject(page)["text"] == "third and last"


def test_a_link_restores_what_was_seen(open_page: OpenPage) -> None:
    page = open_page()
    run_text(page, 'The fox & the "grapes" = sour #1 ü')
    page.evaluate("explorer.set({ layer: 2, head: 1, token: { stack: 'source', position: 3 } })")
    page.wait_for_function("location.search.includes('token=')")
    other = open_page(page.url.split("?", 1)[1])
    assert subject(other)["text"] == 'The fox & the "grapes" = sour #1 ü'
    assert other.evaluate("[explorer.state.layer, explorer.state.head, explorer.state.token]") == [
        2, 1, {"stack": "source", "position": 3},
    ]  # fmt: skip


def test_a_link_beyond_the_model_is_brought_back_into_range(open_page: OpenPage) -> None:
    page = open_page(
        {"text": "A dog", "layer": 99, "head": 99, "token": "source:500", "kind": "cross", "tab": "nowhere"}
    )
    shape = subject(page)
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
    assert subject(first)["model"] == "storybook"
    assert (subject(second)["model"], subject(second)["layers"]) == (str(small_model), 1)
    run_text(first, "A cat")
    run_text(second, "A cow")
    assert (subject(first)["model"], subject(first)["text"]) == ("storybook", "A cat")
    assert (subject(second)["model"], subject(second)["text"]) == (str(small_model), "A cow")
    assert summary(first) != summary(second)


def test_large_type_enlarges_and_is_remembered(open_page: OpenPage) -> None:
    page = open_page()
    size = "parseFloat(getComputedStyle(document.querySelector('.summary-line')).fontSize)"
    before = page.evaluate(size)
    page.get_by_role("button", name="Large type").click()
    assert page.evaluate(size) > before * 1.2
    page.reload()
    wait_for_run(page)
    assert page.evaluate(size) > before * 1.2


def test_dark_is_a_button_and_is_remembered(open_page: OpenPage) -> None:
    page = open_page()
    page.goto(page.url.split("?", maxsplit=1)[0])
    wait_for_run(page)
    assert page.evaluate("explorer.dark()") is False
    page.get_by_role("button", name="Dark", exact=True).click()
    assert page.evaluate("explorer.dark()") is True
    page.reload()
    wait_for_run(page)
    assert page.evaluate("explorer.dark()") is True


@pytest.mark.parametrize("large", [False, True])
def test_nothing_needs_sideways_scrolling_on_a_phone(open_page: OpenPage, *, large: bool) -> None:
    page = open_page(width=390)
    if large:
        page.get_by_role("button", name="Large type").click()
    for title in page.get_by_role("tab").all_inner_texts():
        if page.get_by_role("tab", name=title, exact=True).is_visible():
            open_tab(page, title)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, title


# ---- the store ------------------------------------------------------------------------------------------------------


def test_a_hidden_view_is_told_once_when_it_is_shown(open_page: OpenPage) -> None:
    page = open_page()
    page.evaluate("""() => {
        window.told = [];
        window.box = Object.assign(document.createElement('div'), { textContent: 'box' });
        box.style.display = 'none';
        document.body.append(box);
        explorer.subscribe(box, (state, changed) => told.push([state.layer, changed]), ['layer']);
        explorer.set({ layer: 1 });
        explorer.set({ layer: 2 });
    }""")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("told") == []
    page.evaluate("box.style.display = 'block'")
    page.wait_for_function("told.length > 0")
    assert page.evaluate("told") == [[2, ["layer"]]]
    page.evaluate("box.remove(); explorer.set({ layer: 0 })")
    page.evaluate("new Promise((done) => setTimeout(done))")
    assert len(page.evaluate("told")) == 1


def test_of_many_requests_only_the_newest_waits_for_its_turn(open_page: OpenPage) -> None:
    page = open_page()
    outcome = page.evaluate("""async () => {
        const sent = [];
        const slow = (payload) => {
            sent.push(payload);
            return new Promise((done) => setTimeout(() => done({ payload }), 30));
        };
        const results = await Promise.allSettled([1, 2, 3, 4].map((number) => explorer.call(slow, number)));
        const name = (one) => one.value?.payload ?? (one.reason === explorer.stale ? 'stale' : 'other');
        return { sent, results: results.map(name) };
    }""")
    assert outcome == {"sent": [1, 4], "results": [1, "stale", "stale", 4]}


def test_a_failed_request_is_shown_where_it_was_asked(open_page: OpenPage) -> None:
    page = open_page()
    shown = page.evaluate("""async () => {
        const box = document.createElement('div');
        document.body.append(box);
        const server = { refuse: async () => ({ error: '<b>No</b> such head.' }), vanish: async () => undefined };
        explorer.adopt(box, server);
        const read = async (fn) => { await explorer.call(fn, {}).catch(() => {}); return box.textContent; };
        return [await read(server.refuse), await read(server.vanish), box.querySelectorAll('b').length];
    }""")
    assert shown == [
        "<b>No</b> such head.",
        "The server did not answer. Check that it still runs, then try again.",
        0,
    ]


def test_plotly_is_kept_by_browsers_and_no_folder_of_this_machine_is_shown(app_url: str) -> None:
    page = httpx.get(app_url).text
    script = httpx.get(app_url + ADDRESS)
    assert ADDRESS in page
    assert "immutable" in script.headers["cache-control"]
    assert "Plotly" in script.text[:4000]
    assert str(FILE.parents[2]) not in page
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
