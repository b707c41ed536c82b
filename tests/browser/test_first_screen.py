"""The picture comes first: what a tab is about is on the first screen, whole, at the sizes people have."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage, open_tab, settled, tab_titles

MODELS = ["storybook", "storybook-bert", "storybook-t5"]
SCREENS = [(1280, 720, True), (1440, 900, False), (1920, 1080, False)]  # that of a projector is the one opened
PHONE = (390, 844)
SOON = 10  # looks, a fifth of a second apart
PICTURES = """() => [...document.querySelectorAll('#tabs .tabitem [data-picture]')]
  .filter((one) => one.getClientRects().length && one.getBoundingClientRect().height > 0)
  .map((one) => {
    const { top, bottom, left, right } = one.getBoundingClientRect();
    return { name: one.className, top: top + scrollY, bottom: bottom + scrollY, left, right };
  })"""
SUBTABS = "#tabs .tabitem [role=tablist] [role=tab], #tabs .tabitem .subtabs [role=tab]"


def each_part(page: Page) -> list[str]:
    """Open every tab and every tab inside it, one after the other, and name them."""
    parts: list[str] = []
    for title in tab_titles(page):
        open_tab(page, title)
        inner = [one for one in page.locator(SUBTABS).all() if one.is_visible()]
        parts += [f"{title} / {one.inner_text()}" for one in inner] or [title]
    return parts


def go_to(page: Page, part: str) -> None:
    title, *inner = part.split(" / ")
    open_tab(page, title)
    for name in inner:
        page.get_by_role("tab", name=name, exact=True).click()
    settled(page)


def pictures(page: Page) -> list[dict[str, Any]]:
    page.wait_for_function(f"({PICTURES})().length > 0")
    found: list[dict[str, Any]] = page.evaluate(PICTURES)
    return found


@pytest.mark.parametrize("model", MODELS)
def test_every_picture_is_whole_on_the_first_screen(open_page: OpenPage, model: str) -> None:
    page = open_page({"model": model, "large": 1}, width=SCREENS[0][0], height=SCREENS[0][1])
    below = {}
    for part in each_part(page):
        for width, height, large in SCREENS:
            resize(page, width, height, large=large)
            go_to(page, part)
            if places := outside(page, width, height):
                below[f"{part} on {width} × {height}"] = places
    assert below == {}


def outside(page: Page, width: int, height: int) -> dict[str, tuple[int, int]]:
    """The pictures that are not whole on the screen, each with its lower and right edge."""
    places: dict[str, tuple[int, int]] = {}
    for _ in range(SOON):
        places = {
            picture["name"]: (round(picture["bottom"]), round(picture["right"]))
            for picture in pictures(page)
            if picture["bottom"] > height or picture["right"] > width or picture["left"] < 0
        }
        if not places:
            break
        page.wait_for_timeout(200)  # a picture is drawn anew a moment after its window has changed
    return places


def resize(page: Page, width: int, height: int, *, large: bool) -> None:
    """Another window, and type as large as that on a projector or not."""
    page.set_viewport_size({"width": width, "height": height})
    button = page.locator("[data-action=large]")
    if button.get_attribute("aria-pressed") != str(large).lower():
        button.click()
    settled(page)


def test_on_a_phone_the_picture_comes_before_its_settings_and_a_finger_scrolls(open_page: OpenPage) -> None:
    width, height = PHONE
    page = open_page(width=width, height=height)
    late, stuck = {}, {}
    for part in each_part(page):
        go_to(page, part)
        first = min(pictures(page), key=lambda picture: float(picture["top"]))
        if first["top"] > height / 2:
            late[part] = round(first["top"])
        held = page.evaluate("""() => [...document.querySelectorAll('#tabs [data-picture] *')]
            .filter((one) => one.getClientRects().length && one.clientWidth > 0.8 * innerWidth && one.clientHeight > 99)
            .filter((one) => getComputedStyle(one).touchAction === 'none').map((one) => one.className.toString())""")
        if held:
            stuck[part] = held
    assert (late, stuck) == ({}, {})
