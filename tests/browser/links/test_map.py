"""Links of the map of Embeddings: every choice is kept."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.links.keeping import LONG, TEXT, Act, keeps, step
from tests.browser.walking import Walk, drag, number, option, press, select, slide, within_drawer, write


def map_settings(*acts: Act) -> Act:
    return within_drawer("Map settings", *acts)


def turn(page: Page) -> None:
    """Turn a map of three dimensions by hand."""
    drag(".map-host", (0.5, 0.5), (0.65, 0.6))(page)


def lasso(page: Page) -> None:
    """Surround several hundred tokens, more than a link can name one by one."""
    page.locator("[data-tool=lasso]:visible").click()
    drag(".map-host", (0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7), (0.3, 0.32))(page)
    page.locator("[data-tool=move]:visible").click()


WALKS = {
    "map": Walk(
        query={"tab": "embeddings", "text": TEXT},
        steps=(
            step(select(".map-colour", "norm"), "map_colour"),
            step(write(".map-search input", "king"), "map_query", "map_chosen", "map_camera", "map_told"),
            step(press("[data-do=closer]"), "map_camera"),
            step(press(".view-scatter [role=radio]:text('UMAP')"), "map_method"),
            step(write(".map-sum [name=a]", "queen"), "map_sum", "sum_a", "map_told"),
            step(select(".map-space", "output"), "map_space"),
        ),
    ),
    "map in three dimensions": Walk(
        query={"tab": "embeddings", "text": TEXT},
        steps=(
            step(press(".view-scatter [role=radio]:text('3-D')"), "map_dimensions"),
            step(map_settings(number("z axis (3-D)", 5)), "map_z"),
            step(turn, "map_camera"),
        ),
    ),
    "map's axes": Walk(
        query={"tab": "embeddings", "text": TEXT},
        steps=(
            step(map_settings(lambda page: page.get_by_label("PCA: one scale").check()), "map_one_scale"),
            step(map_settings(number("x axis", 3), number("y axis", 4)), "map_x", "map_y"),
            step(map_settings(option("Vectors projected", "5,000")), "map_sample"),
        ),
    ),
    "lasso": Walk(
        query={"tab": "embeddings", "text": TEXT},
        steps=(
            step(lasso, "map_group"),
            step(press(".view-scatter [role=radio]:text('UMAP')"), "map_method", "map_group"),
        ),
    ),
    "map of the text": Walk(
        query={"tab": "embeddings", "text": LONG, "map_space": "text"},
        steps=(
            step(lambda page: page.locator(".map-text input").fill("3"), "map_depth"),
            step(press(".view-scatter [role=radio]:text('t-SNE')"), "map_method"),
            step(map_settings(slide("t-SNE: perplexity", 4)), "map_perplexity"),
            step(map_settings(lambda page: page.get_by_label("Direction only (cosine)").check()), "map_metric"),
            step(map_settings(number("Seed", 3)), "map_seed"),
        ),
    ),
    "map of a target": Walk(
        query={"tab": "embeddings", "model": "storybook-t5", "map_space": "text", "map_method": "umap"},
        steps=(
            step(press(".view-scatter [role=radio]:text('Encoder')"), "map_stack"),
            step(map_settings(slide("UMAP: neighbours", 3)), "map_near"),
            step(map_settings(slide("UMAP: min_dist", 0.5)), "map_spread"),
        ),
    ),
}


@pytest.mark.parametrize("name", WALKS)
def test_a_link_keeps(open_page: OpenPage, name: str) -> None:
    keeps(open_page, WALKS[name])
