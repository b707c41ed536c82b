"""Walking a tab as a visitor does: what stands in the store, what is drawn, and ways to set what can be set."""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import gradio as gr
import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

from explorer.features import tabs
from explorer.settings import Settings
from explorer.shell.page import Page as Declaring
from tests.browser.conftest import settled

# What says how far work is, or what was last pointed at, is no part of a picture; nor is the menu that saves it.
PASSING = """.view-save, [role=status]:not(.stream-state) { visibility: hidden !important; }
.stream-state, .heatmap-readout, .why-detail { display: none !important; }"""
FORMS = "input, select, textarea, .segmented, .block:not(:has(.view)) { visibility: hidden !important; }"
ALIKE = 24  # of 255: what two paintings of one picture may differ by; edges may lie half a pixel apart,
FEW = 40  # and of a rounded corner a few pixels more


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing a visitor does; `keys` are the controls it sets, `unseen` the reason why nothing drawn changes."""

    do: Callable[[Page], None]
    keys: tuple[str, ...] = ()
    unseen: str = ""


@dataclass(frozen=True, kw_only=True)
class Walk:
    """A way through one tab that ends in a link.

    `query` is the link it begins with; `shown` opens what each visitor opens for himself to see the picture. `drawn` is
    a script that says what is drawn, where pixels do not: a frame that measures itself may end a line later or sooner.
    """

    query: dict[str, Any]
    steps: tuple[Step, ...]
    size: tuple[int, int] = (1440, 900)
    shown: Callable[[Page], object] = lambda _page: None
    drawn: str = ""

    @property
    def keys(self) -> set[str]:
        return {key for step in self.steps for key in step.keys}


@dataclass
class Declared:
    """What a tab declares, and the native components among it."""

    keys: list[str] = field(default_factory=list)


def declared() -> dict[str, Declared]:
    """The controls of each tab, by its name in links."""
    found = {}
    with gr.Blocks():
        for tab in tabs():
            page = Declaring(settings=Settings(mode="local", device="cpu"))
            tab.build(page)
            if tab.compare:
                tab.compare(page)
            found[tab.name] = Declared(keys=list(page.controls))
    return found


# ---- what is there --------------------------------------------------------------------------------------------------


def values(page: Page) -> dict[str, Any]:
    """Every declared control with what is selected, as the store has it."""
    found: dict[str, Any] = page.evaluate("""() => {
        const { controls } = JSON.parse(document.querySelector('#explorer-configuration').textContent);
        const keys = [...Object.keys(controls), 'layer', 'head', 'kind', 'token', 'tab', 'changes'];
        const run = (one) => one && [one.model, one.text, one.target];
        return { ...Object.fromEntries(keys.map((key) => [key, explorer.state[key]])), main: run(explorer.state.main) };
    }""")
    return found


def changes(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {key for key in after if after[key] != before.get(key)}


def at_rest(page: Page) -> None:
    """Wait until nothing is under way any more, a moment after the last thing that was."""
    for _ in range(2):
        settled(page)
        page.wait_for_function("""() => explorer.ready() && !explorer.busy()
            && !document.querySelector('[data-state=working], [data-shapes=""] .bertviz-host iframe')""")
        page.wait_for_timeout(120)


def picture(page: Page, *, forms: bool = True) -> np.ndarray:
    """What the tab in view shows, as pixels; without `forms`, what can be set there is not part of it."""
    page.evaluate("() => document.activeElement instanceof HTMLElement && document.activeElement.blur()")
    page.mouse.move(0, 0)
    settled(page)
    tab = page.locator("#tabs > .tabitem:visible").first
    style = PASSING if forms else PASSING + FORMS
    shot = tab.screenshot(style=style, animations="disabled", caret="hide")
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), dtype=np.int16)


def differ(one: np.ndarray, other: np.ndarray) -> str:
    """Where two pictures differ, in words; empty where they do not, or only by less than a pixel at an edge."""
    if one.shape != other.shape:
        return f"{one.shape[1]} × {one.shape[0]} became {other.shape[1]} × {other.shape[0]}"
    # What lies beyond all around it differs from what lies at its own place: the rest need not be looked at.
    rows, columns = np.nonzero((np.abs(one - other) > ALIKE).any(axis=-1))
    apart = _beyond(one, other, rows, columns) | _beyond(other, one, rows, columns)
    places = np.stack([rows, columns], axis=1)[apart]
    if len(places) <= FEW:
        return ""
    (top, left), (bottom, right) = places.min(axis=0), places.max(axis=0)
    return f"{len(places)} pixels between ({left}, {top}) and ({right}, {bottom})"


def _beyond(one: np.ndarray, other: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Which of these pixels of a picture are darker or lighter than all around them in the other."""
    height, width, _ = other.shape
    steps = [(down, across) for down in (-1, 0, 1) for across in (-1, 0, 1)]
    around = np.stack(
        [other[np.clip(rows + down, 0, height - 1), np.clip(columns + across, 0, width - 1)] for down, across in steps]
    )
    here = one[rows, columns]
    return np.asarray(((here < around.min(axis=0) - ALIKE) | (here > around.max(axis=0) + ALIKE)).any(axis=-1))


def copied_link(page: Page) -> str:
    """The query of the link that the page copies."""
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(".view-masthead .view-status")).to_have_text("Link copied.")
    return re.sub(r"__theme=\w+&?", "", page.url.partition("?")[2])


# ---- what a visitor does --------------------------------------------------------------------------------------------


@contextmanager
def drawer(page: Page, name: str = "More") -> Iterator[None]:
    """Open a drawer of the tab in view and fold it away again."""
    head = page.locator(".drawer > button:visible", has_text=name)
    head.click()
    page.wait_for_function("explorer.ready()")
    yield
    head.click()


def slide(label: str, value: float) -> Callable[[Page], None]:
    def do(page: Page) -> None:
        box = page.get_by_label(f"number input for {label}", exact=True)
        box.fill(str(value))
        box.press("Enter")

    return do


def number(label: str, value: float) -> Callable[[Page], None]:
    def do(page: Page) -> None:
        box = page.get_by_label(label, exact=True)
        box.fill(str(value))
        box.press("Enter")

    return do


def option(label: str, name: str) -> Callable[[Page], None]:
    """Choose from a native list."""

    def do(page: Page) -> None:
        page.get_by_label(label, exact=True).click()
        page.get_by_role("option", name=name, exact=True).click()

    return do


def select(selector: str, value: str) -> Callable[[Page], None]:
    return lambda page: [*page.locator(f"{selector}:visible").select_option(value)].clear()


def press(selector: str) -> Callable[[Page], None]:
    return lambda page: page.locator(f"{selector}:visible").first.click()


def write(selector: str, text: str) -> Callable[[Page], None]:
    def do(page: Page) -> None:
        box = page.locator(f"{selector}:visible")
        box.fill(text)
        box.press("Enter")

    return do


def within_drawer(name: str, *acts: Callable[[Page], None]) -> Callable[[Page], None]:
    def do(page: Page) -> None:
        with drawer(page, name):
            for act in acts:
                act(page)
                settled(page)

    return do


def drag(selector: str, start: tuple[float, float], *way: tuple[float, float]) -> Callable[[Page], None]:
    """Draw with the pressed mouse over an element: places as shares of its width and height."""

    def do(page: Page) -> None:
        box = page.locator(f"{selector}:visible").first.bounding_box()
        assert box is not None
        places = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in (start, *way)]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place, steps=4)
        page.mouse.up()

    return do
