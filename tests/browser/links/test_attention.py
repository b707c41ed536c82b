"""Links of Attention: every choice is kept."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.links.keeping import LONG, TEXT, keeps, more, step
from tests.browser.walking import Walk, drag, option, press, select, slide


def continue_text(page: Page) -> None:
    page.locator(".view-continuation [data-do=start]").click()
    page.wait_for_function("explorer.state.attention_continued.length > 0")


WALKS = {
    "heads": Walk(
        query={"tab": "attention", "text": TEXT},
        steps=(
            step(press(".view-head_grid button:text('One back')"), "attention_score", "attention_order", "layer"),
            step(more(select(".grid-order", "least")), "attention_order"),
            step(
                more(lambda page: page.locator(".grid-minimum").fill("0.05"), press("[data-choose=shown]")),
                "attention_minimum",
                "attention_chosen",
            ),
            step(more(option("Heads", "mean of the chosen heads")), "attention_heads"),
            step(press(".leave-first"), "attention_left_out"),
        ),
    ),
    "one head": Walk(
        query={"tab": "attention", "text": TEXT, "layer": 5, "head": 0},
        steps=(
            step(press(".grid-cell[data-layer='2'][data-head='1']"), "layer", "head"),
            step(press(".heatmap-tiles [data-row='3'][data-column='1']"), "token"),
            step(more(option("Direction", "what looks at the chosen token")), "attention_direction"),
            step(more(option("Colour scale", "logarithmic")), "attention_scale"),
            step(press(".off-switch"), "attention_head_off"),
            step(drag(".heatmap-tiles", (0.3, 0.5), (0.6, 0.9)), "attention_zoom"),
        ),
    ),
    "a long text's head": Walk(
        query={"tab": "attention", "text": LONG, "layer": 2, "head": 1},
        steps=(
            step(more(lambda page: page.get_by_label("Merge pieces into words").check()), "attention_words"),
            step(more(option("Quantity", "attention × value norm, α‖v‖")), "attention_reading"),
            step(drag(".view-heatmap .nsewdrag", (0.2, 0.4), (0.6, 0.9)), "attention_zoom"),
        ),
    ),
    "cross-attention": Walk(
        query={"tab": "attention", "model": "storybook-t5"},
        steps=(
            step(press(".kind-bar label:text('Cross')"), "kind"),
            step(press(".grid-cell[data-layer='0'][data-head='6']"), "layer", "head"),
            step(press(".heatmap-tiles [data-row='1'][data-column='1']"), "token"),
        ),
    ),
    "a masked model's attention": Walk(
        query={"tab": "attention", "model": "storybook-bert"},
        steps=(
            step(press(".grid-cell[data-layer='0'][data-head='3']"), "layer", "head"),
            step(press(".heatmap-tiles [data-row='1'][data-column='1']"), "token"),
            step(more(option("Ignore tokens", "special tokens")), "attention_left_out"),
        ),
    ),
    "heads of two models": Walk(
        query={
            "tab": "attention",
            "text": TEXT,
            "layer": 5,
            "head": 0,
            "other_model": "storybook-llama",
            "other_text": TEXT,
        },
        steps=(
            step(select(".att-choices [aria-label='of B']", "2:1"), "compare_head"),
            step(select(".att-choices [aria-label=Across]", "entropy"), "compare_x"),
            step(select(".att-choices [aria-label=Up]", "distance"), "compare_y"),
        ),
    ),
    "attention of generated text": Walk(
        query={"tab": "attention", "text": TEXT, "layer": 5, "head": 0},
        steps=(
            step(press("#attention-continuation > button"), "attention_continuation_open"),
            step(slide("Tokens to add", 5), "attention_added", unseen="it is how far the next continuation goes"),
            step(continue_text, "attention_continued", "main"),
        ),
    ),
    "bertviz": Walk(
        query={"tab": "attention", "text": TEXT, "layer": 5, "head": 0},
        steps=(
            step(press("#attention-bertviz > button"), "attention_bertviz_open"),
            step(press(".bertviz-draw"), "attention_drawn"),
            step(select(".bertviz-view", "model"), "attention_drawing"),
            step(select(".bertviz-scope", "layer"), "attention_scope"),
        ),
        drawn="document.querySelector('.bertviz-host iframe').srcdoc",
    ),
}


@pytest.mark.parametrize("name", WALKS)
def test_a_link_keeps(open_page: OpenPage, name: str) -> None:
    keeps(open_page, WALKS[name])
