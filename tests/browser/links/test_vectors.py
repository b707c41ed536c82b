"""Links of the other parts of Embeddings: every choice is kept."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.links.keeping import TEXT, keeps, step
from tests.browser.walking import Walk, drag, press, select, write


def turn(page: Page) -> None:
    """Turn a map of three dimensions by hand."""
    drag(".map-host", (0.5, 0.5), (0.65, 0.6))(page)


def another_scheme(page: Page) -> None:
    names = page.locator(".scheme option").evaluate_all("(all) => all.map(({ value }) => value)")
    page.locator(".scheme").select_option(names[1])


def two_sentences(page: Page) -> None:
    page.locator(".pair-text").fill("The wolf knocked.\nA king slept.")
    page.locator(".pair-text").blur()


def slide_depth(page: Page) -> None:
    page.locator(".states-depth input").press("ArrowLeft")


WALKS = {
    "word arithmetic": Walk(
        query={"tab": "embeddings", "model": "storybook-llama", "text": TEXT},
        steps=(
            step(press("#embeddings-views [role=tab]:text('Word arithmetic')"), "embeddings_view"),
            step(write(".sum-a", "boy"), "sum_a"),
            step(write(".sum-b", "father"), "sum_b"),
            step(write(".sum-c", "mother"), "sum_c"),
            step(select(".sum-space", "output"), "sum_space", unseen="this model's two tables are one"),
        ),
    ),
    "through the layers": Walk(
        query={"tab": "embeddings", "text": TEXT, "embeddings_view": "layers"},
        steps=(
            step(press("[data-do=example]"), "paths_sentences", "paths_word"),
            step(press(".paths-metric [role=radio]:text('As they are')"), "paths_metric"),
            step(select(".pair-right", "1"), "paths_pair"),
            step(press(".view-trajectories [data-do=closer]"), "paths_camera"),
        ),
    ),
    "through an encoder's layers": Walk(
        query={"tab": "embeddings", "model": "storybook-t5", "embeddings_view": "layers"},
        steps=(
            step(press(".view-trajectories [role=radio]:text('Encoder')"), "paths_stack"),
            step(press(".view-trajectories [role=radio]:text('3-D')"), "paths_dimensions"),
            step(turn, "paths_camera"),
        ),
    ),
    "states of both sides": Walk(
        query={"tab": "embeddings", "text": TEXT, "other_model": "storybook", "other_text": "The old wolf knocked."},
        steps=(step(slide_depth, "states_depth"),),
    ),
    "sentences": Walk(
        query={"tab": "embeddings", "text": TEXT, "embeddings_view": "sentences"},
        steps=(
            step(two_sentences, "pairs_sentences"),
            step(select(".pair-how", "last"), "pairs_pooling"),
        ),
    ),
    "positions": Walk(
        query={"tab": "embeddings", "model": "storybook-t5", "embeddings_view": "positions"},
        steps=(step(another_scheme, "positions_scheme"),),
    ),
}


@pytest.mark.parametrize("name", WALKS)
def test_a_link_keeps(open_page: OpenPage, name: str) -> None:
    keeps(open_page, WALKS[name])
