"""Links of sweeps: the texts, what is patched, how it is measured, the cell."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.links.keeping import TEXT, keeps, step
from tests.browser.walking import Walk, press, write


def second_pair(page: Page) -> None:
    page.locator(".sweep-examples").select_option(index=2)


def noise(page: Page) -> None:
    page.locator("[data-direction=noise] .sweep-cell[data-row='1'][data-column='1']").click()


WALKS = {
    "a change": Walk(
        query={"tab": "experiment", "text": TEXT},
        steps=(
            step(press(".effect-tries button"), "changes"),
            step(press(".effect-order [role=radio][aria-checked=false]"), "experiment_order"),
        ),
    ),
    "sweep": Walk(
        query={"tab": "experiment", "text": TEXT},
        steps=(
            step(press("#experiment-views [role=tab]:text('Sweep')"), "experiment_view"),
            step(second_pair, "sweep_text", "sweep_other"),
            step(press(".sweep-of [role=radio]:text('Heads')"), "sweep_of"),
            step(press(".sweep-metric [role=radio]:text('log-probability')"), "sweep_metric"),
            step(write(".sweep-form [name=token]", "her"), "sweep_token"),
            step(write(".sweep-form [name=against]", "the"), "sweep_against", unseen="the probability of one word"),
            step(noise, "sweep_direction", "sweep_cell"),
            step(press(".sweep-estimate"), "sweep_estimate"),
        ),
    ),
    "what a decoder has written": Walk(
        query={"tab": "experiment", "experiment_view": "sweep", "model": "storybook-t5"},
        steps=(step(second_pair, "sweep_target"),),
    ),
}


@pytest.mark.parametrize("name", WALKS)
def test_a_link_keeps(open_page: OpenPage, name: str) -> None:
    keeps(open_page, WALKS[name])
