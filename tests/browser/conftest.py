"""A real server on the bundled model, and a Chromium that tolerates no script error and no request off the machine."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Error, Page, Request, expect
from transformers import AutoTokenizer, GPT2Config, GPT2LMHeadModel, T5Config, T5ForConditionalGeneration

import models
from tests.browser.visitors import Visitor, Visitors
from tests.conftest import CHROMIUM

STORYBOOK = Path(models.__file__).parent / "bundled" / "storybook"
OpenPage = Callable[..., Page]
HOSTILE_TOKENS = (
    '<img src="x" onerror="window.pwned=1">',
    "<script>window.pwned=1</script>",
    "</script>",
    "${window.pwned=1}",
    "{{value}}",
)
TIMEOUT_MS = 60_000  # the machine that runs this may be very busy
expect.set_options(timeout=TIMEOUT_MS)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Whatever stands in this folder opens the page in Chromium."""
    item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with another model than storybook: one layer, random weights, tokens that are hostile."""
    folder = tmp_path_factory.mktemp("models") / "small"
    tokenizer = AutoTokenizer.from_pretrained(STORYBOOK)
    tokenizer.add_tokens(list(HOSTILE_TOKENS))
    size = GPT2Config(vocab_size=len(tokenizer), n_positions=4096, n_embd=16, n_layer=1, n_head=2)
    GPT2LMHeadModel(size).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def deep_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model of 32 layers, narrow and with random weights: more than a picture has rows for."""
    folder = tmp_path_factory.mktemp("models") / "deep"
    tokenizer = AutoTokenizer.from_pretrained(STORYBOOK)
    size = GPT2Config(vocab_size=len(tokenizer), n_positions=256, n_embd=16, n_layer=32, n_head=2)
    GPT2LMHeadModel(size).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def small_translator(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an encoder-decoder: one layer on each side, random weights, storybook's tokenizer."""
    folder = tmp_path_factory.mktemp("models") / "translator"
    tokenizer = AutoTokenizer.from_pretrained(STORYBOOK)
    size = T5Config(
        vocab_size=len(tokenizer), d_model=16, d_kv=8, d_ff=32, num_layers=1, num_heads=2,
        pad_token_id=0, eos_token_id=tokenizer.eos_token_id,
    )  # fmt: skip
    size.decoder_start_token_id = 0
    T5ForConditionalGeneration(size).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def visitors(browser: Browser) -> Iterator[Visitors]:
    """The browser contexts that all tests share, one after the other."""
    visitors = Visitors(browser)
    yield visitors
    visitors.close()


@pytest.fixture
def open_page(app_url: str, visitors: Visitors) -> Iterator[OpenPage]:
    """Open the app as a new visitor: `open_page(query, width=, dark=, ready=, at=)`, `query` a text or a dictionary.

    Waits until the first run is on the page, unless `ready=False`. When the test ends, fails on any script error, any
    dialog and any request that left this machine.
    """
    came: list[Visitor] = []
    watched: list[Watch] = []

    def open_page(
        query: str | dict[str, Any] = "",
        *,
        width: int = 1440,
        height: int = 900,
        dark: bool = False,
        ready: bool = True,
        at: str = app_url,
    ) -> Page:
        visitor = visitors.come(at)
        came.append(visitor)
        page = visitor.page
        page.set_viewport_size({"width": width, "height": height})
        page.set_default_timeout(TIMEOUT_MS)
        watched.append(Watch(page, at))
        asked = urlencode(query) if isinstance(query, dict) else query.lstrip("?")
        page.goto(f"{at}?__theme={'dark' if dark else 'light'}&{asked}")
        if ready:
            press_run_if_asked(page)
            wait_for_run(page)
        return page

    yield open_page
    for visitor in came:
        visitors.leave(visitor)
    for watch in watched:
        watch.end()
    assert [fault for watch in watched for fault in watch.faults] == []


def press_run_if_asked(page: Page) -> None:
    """Press Run where a link names a model that is not loaded yet: it waits for a person."""
    page.wait_for_function("window.explorer?.ready() && (explorer.state.main || explorer.state.progress?.sentence)")
    if page.evaluate("!explorer.state.main && explorer.state.progress.sentence.includes('press Run')"):
        page.get_by_role("button", name="Run", exact=True).click()


def wait_for_run(page: Page, after: int = 0) -> int:
    """Wait until a run later than `after` is on the page and everything on it listens; gives the run's number."""
    page.wait_for_function("(after) => (window.explorer?.state.main?.run ?? 0) > after && explorer.ready()", arg=after)
    return int(page.evaluate("explorer.state.main.run"))


def run_text(page: Page, text: str) -> int:
    """Type a text, press Run, and wait for the answer."""
    before = int(page.evaluate("explorer.state.main?.run ?? 0"))
    page.get_by_label("Text", exact=True).fill(text)
    page.get_by_role("button", name="Run", exact=True).click()
    return wait_for_run(page, before)


def kit(page: Page, name: str) -> str:
    """The address of a module of the page, to be imported in a script."""
    configuration = json.loads(page.locator("#explorer-configuration").text_content() or "")
    return str(urljoin(page.url, f"{configuration['assets']}{name}"))


def open_tab(page: Page, title: str) -> None:
    """Go to a tab by its title."""
    page.get_by_role("tab", name=title, exact=True).click()


def tab_titles(page: Page) -> list[str]:
    """The titles of the tabs this model has, in order."""
    titles = [tab.inner_text() for tab in page.get_by_role("tab").all() if tab.is_visible()]
    assert titles
    return titles


def saved(page: Page, ending: str, name: str = "") -> Path:
    """Save a picture of the tab in view, the one called `name` or the one the menu proposes; gives the file."""
    menu = page.locator(".view-save:visible")
    menu.locator("summary").click()
    if name:
        menu.get_by_role("radio", name=name, exact=True).click()
    with page.expect_download() as download:
        menu.locator(f"[data-format={ending}]").click()
    menu.locator("summary").click()
    return Path(download.value.path())


def settled(page: Page) -> None:
    """Wait until no request is under way, no view says it is working, and the browser has painted."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.wait_for_function("!explorer.busy() && !document.querySelector('.view-status[data-tone=working]')")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


class Watch:
    """What goes wrong on a page until the watch ends: script errors, dialogs, requests that left this machine."""

    def __init__(self, page: Page, app_url: str) -> None:
        self.faults: list[str] = []
        self._page = page
        self._home = (app_url, "data:", "blob:", "about:")
        page.on("request", self._judge)
        page.on("pageerror", self._note_error)
        page.on("console", self._note_message)
        page.on("dialog", self._refuse)

    def end(self) -> None:
        self._page.remove_listener("request", self._judge)
        self._page.remove_listener("pageerror", self._note_error)
        self._page.remove_listener("console", self._note_message)
        self._page.remove_listener("dialog", self._refuse)

    def _judge(self, request: Request) -> None:
        if not request.url.startswith(self._home):
            self.faults.append(f"request off the machine: {request.url}")

    def _note_error(self, error: Error) -> None:
        self.faults.append(f"script error: {error}")

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text}")

    def _refuse(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()
