"""Links of Overview, Tokens and Surprisal: every choice is kept."""

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.links.keeping import LONG, TEXT, keeps, step
from tests.browser.walking import Walk, press, select

WALKS = {
    "overview": Walk(
        query={"tab": "overview", "text": TEXT},
        steps=(
            step(press(".ov-hits button[aria-label*='token 4']"), "token"),
            step(press(".ov-hits button[aria-label^='After layer 3']"), "overview_depth"),
        ),
    ),
    "what counts": Walk(
        query={"tab": "overview", "text": TEXT},
        steps=(step(press(".ov-counts-on"), "overview_counts"),),
    ),
    "overview of a long text": Walk(
        query={"tab": "overview", "text": LONG * 3},
        steps=(step(press(".ov-hits [aria-label$='show them']"), "overview_begin"),),
    ),
    "overview of an encoder-decoder": Walk(
        query={"tab": "overview", "model": "storybook-t5"},
        steps=(
            step(press(".ov-hits button[aria-label*='token 2']"), "token"),
            step(press(".ov-hits button[aria-label^='After layer 1']"), "overview_depth"),
        ),
    ),
    "tokens": Walk(
        query={"tab": "tokens", "text": TEXT},
        steps=(
            step(press(".view-token_strip .action:text('One sentence')"), "tokens_board"),
            step(select(".second-select", "byt5"), "tokens_second"),
        ),
    ),
    "surprisal": Walk(
        query={"tab": "surprisal", "text": TEXT},
        steps=(
            step(press(".surprisal-by [role=radio]:text('Rank')"), "surprisal_by"),
            step(lambda page: page.locator(".surprisal-text [role=option]").nth(3).click(), "token"),
        ),
    ),
}


@pytest.mark.parametrize("name", WALKS)
def test_a_link_keeps(open_page: OpenPage, name: str) -> None:
    keeps(open_page, WALKS[name])
