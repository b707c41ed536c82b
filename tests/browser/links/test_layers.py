"""Links of Layers and Why: every choice is kept."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.links.keeping import TEXT, keeps, step
from tests.browser.walking import Walk, press, write


def cell(page: Page) -> None:
    """A depth that no layer of the attention tab stands for."""
    page.locator(".layers-cell[data-depth='0'][data-position='3']").click()


WALKS = {
    "layers": Walk(
        query={"tab": "layers", "text": TEXT},
        steps=(
            step(press(".layers-lens [role=radio]:text('Tuned lens')"), "lens"),
            step(press(".layers-by [role=radio]:text('KL')"), "lens_by"),
            step(press(".layers-flags button:text('Only words')"), "lens_only_words"),
            step(press(".layers-flags button:text('Depth downwards')"), "lens_down"),
            step(cell, "lens_depth", "token"),
            step(write(".layers-word", "king"), "lens_words"),
        ),
    ),
    "two sides": Walk(
        query={"tab": "layers", "text": TEXT, "other_model": "storybook-llama"},
        steps=(step(press(".view-compare_layers [role=radio]:text('Jensen')"), "lens_distance"),),
    ),
    "the encoder's depths": Walk(
        query={"tab": "layers", "model": "storybook-t5"},
        steps=(step(press(".layers-lens [role=radio]:text('DecoderLens')"), "lens"),),
    ),
    "contributions": Walk(
        query={"tab": "why", "text": TEXT},
        steps=(
            step(lambda page: page.locator(".why-chips:visible .chip").nth(2).click(), "why_token"),
            step(write(".why-rather input", "window"), "why_against"),
            step(lambda page: page.locator(".fall-row", has_text="attention 4").click(), "why_opened"),
        ),
    ),
    "attribution": Walk(
        query={"tab": "why", "text": TEXT},
        steps=(
            step(press("#why-views [role=tab]:text('Attribution')"), "why_view"),
            step(press(".attr-method[aria-pressed=false]"), "why_method"),
            step(press(".attribution-baseline [role=radio][aria-checked=false]"), "why_baseline"),
            step(
                press(".attribution-baseline [role=radio]:text('200')"),
                "why_steps",
                unseen="more steps mend the last digits",
            ),
        ),
    ),
    "neurons": Walk(
        query={"tab": "why", "text": TEXT},
        steps=(
            step(press("#why-views [role=tab]:text('Neurons')"), "why_view"),
            step(write(".neurons-search input", "king"), "why_search"),
            step(press(".neurons-found .chip"), "why_neuron"),
        ),
    ),
}
# Walked in a model with more depths than the picture has room for.
DEEP = Walk(
    query={"tab": "layers", "text": TEXT},
    steps=(step(press(".layers-flags button:text('Every depth')"), "lens_every"),),
)


@pytest.mark.parametrize("name", WALKS)
def test_a_link_keeps(open_page: OpenPage, name: str) -> None:
    keeps(open_page, WALKS[name])


def test_a_link_keeps_every_depth(open_page: OpenPage, deep_model: Path) -> None:
    keeps(open_page, replace(DEEP, query={**DEEP.query, "model": str(deep_model)}))
