"""The test of a walk: what a visitor set is in the link, and another visitor who opens it sees the same picture."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.walking import Step, Walk, at_rest, changes, copied_link, differ, picture, values, within_drawer

TEXT = "The wolf knocked at the door. The wolf knocked at the"
LONG = "The king had a daughter, and a prince came from far away. " * 4
PATIENCE_MS = 180_000  # the first UMAP of a server takes half a minute on a quiet machine
SOON = 10  # looks, a third of a second apart
Act = Callable[[Page], None]


def step(do: Act, *keys: str, unseen: str = "") -> Step:
    return Step(do=do, keys=keys, unseen=unseen)


def more(*acts: Act) -> Act:
    return within_drawer("More", *acts)


def keeps(open_page: OpenPage, walk: Walk) -> None:
    """Walk as one visitor, copy the link, open it as another, and compare the store and the picture."""
    page = opened(open_page, walk, walk.query)
    for one in walk.steps:
        take(page, one)
    kept, told = picture(page), values(page)
    guest = opened(open_page, walk, copied_link(page))
    lost = {key: (told[key], values(guest)[key]) for key in changes(told, values(guest))}
    assert not lost, f"the link lost {lost}"
    if walk.drawn:
        assert guest.evaluate(walk.drawn) == page.evaluate(walk.drawn)
        return
    apart = differ(kept, picture(guest))
    assert not apart, f"the guest sees another picture: {apart}"


def opened(open_page: OpenPage, walk: Walk, query: str | dict[str, Any]) -> Page:
    width, height = walk.size
    page = open_page(query, width=width, height=height)
    page.set_default_timeout(PATIENCE_MS)
    at_rest(page)
    walk.shown(page)
    at_rest(page)
    return page


def take(page: Page, one: Step) -> None:
    """Take a step: it sets what it names, and what it sets is seen."""
    before, seen = values(page), picture(page, forms=False)
    one.do(page)
    at_rest(page)
    unset = not_yet(one, before, page)
    assert not unset, f"{unset} did not change"
    if not one.unseen:
        assert differ(seen, picture(page, forms=False)), f"nothing is seen of {one.keys}"


def not_yet(one: Step, before: dict[str, Any], page: Page) -> set[str]:
    """What a step was to set and did not: on a busy machine Gradio takes a moment to say what its components hold."""
    for _ in range(SOON):
        unset = set(one.keys) - changes(before, values(page))
        if not unset:
            break
        page.wait_for_timeout(300)
        at_rest(page)
    return unset
