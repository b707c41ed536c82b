"""Every choice that changes a picture is in the link: set as a visitor sets it, opened as another visitor, compared."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.walking import (
    Step,
    Walk,
    at_rest,
    changes,
    copied_link,
    declared,
    differ,
    drag,
    number,
    option,
    picture,
    press,
    select,
    slide,
    values,
    within_drawer,
    write,
)

TEXT = "The wolf knocked at the door. The wolf knocked at the"
LONG = "The king had a daughter, and a prince came from far away. " * 4
PATIENCE_MS = 180_000  # the first UMAP of a server takes half a minute on a quiet machine
# In the link like every declared control, but no walk sets them yet; a control that is new has to be walked.
NOT_WALKED = {
    "overview": ["overview_counts"],
    "layers": ["lens", "lens_by", "lens_depth", "lens_down", "lens_every", "lens_only_words", "lens_words"],
    "embeddings": ["pairs_pooling", "pairs_sentences"],
    "completion": [
        "second_min_p",
        "second_model",
        "second_repetition_penalty",
        "second_seed",
        "second_temperature",
        "second_top_k",
        "second_top_p",
        "two_drawn",
    ],
    "why": [
        "why_against",
        "why_baseline",
        "why_method",
        "why_neuron",
        "why_opened",
        "why_search",
        "why_token",
        "why_view",
    ],
    "prompting": ["chat_system", "chat_user"],
}
Act = Callable[[Page], None]


def step(do: Act, *keys: str, unseen: str = "") -> Step:
    return Step(do=do, keys=keys, unseen=unseen)


def more(*acts: Act) -> Act:
    return within_drawer("More", *acts)


def map_settings(*acts: Act) -> Act:
    return within_drawer("Map settings", *acts)


def turn(page: Page) -> None:
    """Turn a map of three dimensions by hand."""
    drag(".map-host", (0.5, 0.5), (0.65, 0.6))(page)


def branch(page: Page) -> None:
    """Choose another token in the place of one that was written, and go on from there."""
    page.locator(".stream-tokens .step").nth(2).click()
    page.locator(".stream-detail .chip:not([aria-current])").first.click()


def first_branch(page: Page) -> None:
    page.locator(".tree-list button[aria-current=false]").first.click()


def fill_label(label: str, text: str) -> Act:
    def do(page: Page) -> None:
        page.get_by_label(label).fill(text)
        page.get_by_label(label).press("Tab")

    return do


def lasso(page: Page) -> None:
    """Surround several hundred tokens, more than a link can name one by one."""
    page.locator("[data-tool=lasso]:visible").click()
    drag(".map-host", (0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7), (0.3, 0.32))(page)
    page.locator("[data-tool=move]:visible").click()


def another_scheme(page: Page) -> None:
    names = page.locator(".scheme option").evaluate_all("(all) => all.map(({ value }) => value)")
    page.locator(".scheme").select_option(names[1])


def continue_text(page: Page) -> None:
    page.locator(".view-continuation [data-do=start]").click()
    page.wait_for_function("explorer.state.attention_continued.length > 0")


def fill_table(page: Page) -> None:
    page.locator(".examples input").first.fill("lamb")


WALKS = {
    "overview": Walk(
        query={"tab": "overview", "text": TEXT},
        steps=(
            step(press(".ov-hits button[aria-label*='token 4']"), "token"),
            step(press(".ov-hits button[aria-label^='After layer 3']"), "overview_depth"),
        ),
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
    "map": Walk(
        query={"tab": "embeddings", "text": TEXT},
        steps=(
            step(select(".map-colour", "norm"), "map_colour"),
            step(write(".map-search input", "king"), "map_query", "map_chosen", "map_camera"),
            step(press("[data-do=closer]"), "map_camera"),
            step(press(".view-scatter [role=radio]:text('UMAP')"), "map_method"),
            step(write(".map-sum [name=a]", "queen"), "map_sum", "sum_a"),
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
    "positions": Walk(
        query={"tab": "embeddings", "model": "storybook-t5", "embeddings_view": "positions"},
        steps=(step(another_scheme, "positions_scheme"),),
    ),
    "next token": Walk(
        query={"tab": "completion", "text": TEXT},
        steps=(
            step(slide("Temperature", 1.6), "temperature"),
            step(slide("Top-k", 30), "top_k"),
            step(slide("Top-p", 0.9), "top_p"),
            step(number("Seed", 4), "seed", unseen="another seed may draw the same token"),
            step(more(slide("Min-p", 0.05)), "min_p"),
            step(more(slide("Typical-p", 0.8)), "typical_p"),
            step(more(slide("Repetition penalty", 1.3)), "repetition_penalty"),
            step(more(press("[data-tool=log]")), "next_log"),
            step(more(press("[data-tool=order]")), "next_order"),
            step(more(press("[data-tool=more]")), "next_rows"),
            step(write(".word-text", "spaceship"), "next_word"),
        ),
    ),
    "written text": Walk(
        query={"tab": "completion", "text": "Once upon a time there was a", "seed": 3},
        steps=(
            step(number("Length, tokens", 6), "length"),
            step(more(fill_label("Stop text", "wood")), "stop", unseen="it is where the next text ends"),
            step(press("[data-do=write]"), "written_ids"),
            step(more(lambda page: page.get_by_label("rank", exact=True).check()), "colour_by"),
            step(branch, "written_ids", "written_branches"),
            step(first_branch, "written_ids", "written_branches"),
            step(lambda page: page.locator(".stream-tokens .step").nth(1).click(), "written_token"),
            step(more(lambda page: page.get_by_label("Greedy: always the likeliest").check()), "greedy"),
        ),
        drawn="""[...document.querySelectorAll('.stream-tokens .step, .tree-list li')]
            .map((node) => [node.textContent, node.style.cssText, node.getAttribute('aria-selected')].join(' '))""",
    ),
    "a target that is written on": Walk(
        query={"tab": "completion", "model": "storybook-t5", "length": 6},
        steps=(
            step(press("[data-do=write]"), "written_ids"),
            step(branch, "written_ids", "written_branches"),
        ),
    ),
    "beams": Walk(
        query={"tab": "completion", "text": TEXT},
        steps=(
            step(press(".view-parts [role=radio]:text('Beam')"), "completion_part"),
            step(press("[data-do=search]"), "beams_drawn"),
            step(slide("Beam width, texts", 4), "beams"),
            step(slide("Longest text, tokens", 5), "beam_length"),
        ),
    ),
    "gaps": Walk(
        query={"tab": "completion", "model": "storybook-bert", "text": "The [MASK] sat on the [MASK]."},
        steps=(
            step(lambda page: page.locator(".gap-tile").nth(1).click(), "next_mask"),
            step(press(".odds tbody tr:nth-child(3) button"), "next_filled"),
        ),
    ),
    "surprisal": Walk(
        query={"tab": "surprisal", "text": TEXT},
        steps=(
            step(press(".surprisal-by [role=radio]:text('Rank')"), "surprisal_by"),
            step(lambda page: page.locator(".surprisal-text [role=option]").nth(3).click(), "token"),
        ),
    ),
    "prompting": Walk(
        query={"tab": "prompting"},
        steps=(
            step(press(".prompting-task [role=radio]:text('Past tense')"), "prompt_task", "question"),
            step(fill_table, "prompt_examples", "prompt_task"),
            step(write(".prompting-instruction", "Write the past tense."), "instruction"),
            step(write(".prompting-question", "jump"), "question"),
            step(press(".prompting-shape [role=radio][aria-checked=false]"), "prompt_shape"),
            step(write(".prompting-length", "4"), "prompt_length"),
            step(press(".prompting-ask [data-do=write]"), unseen="the box before has asked already"),
        ),
    ),
}


@pytest.mark.parametrize("name", WALKS)
def test_a_link_keeps(open_page: OpenPage, name: str) -> None:
    walk = WALKS[name]
    width, height = walk.size
    page = open_page(walk.query, width=width, height=height)
    page.set_default_timeout(PATIENCE_MS)
    at_rest(page)
    walk.shown(page)
    at_rest(page)
    for one in walk.steps:
        before, seen = values(page), picture(page, forms=False)
        one.do(page)
        at_rest(page)
        unset = set(one.keys) - changes(before, values(page))
        assert not unset, f"{unset} did not change"
        if not one.unseen:
            assert differ(seen, picture(page, forms=False)), f"nothing is seen of {one.keys}"
    kept, told = picture(page), values(page)
    guest = open_page(copied_link(page), width=width, height=height)
    guest.set_default_timeout(PATIENCE_MS)
    at_rest(guest)
    walk.shown(guest)
    at_rest(guest)
    lost = {key: (told[key], values(guest)[key]) for key in changes(told, values(guest))}
    assert not lost, f"the link lost {lost}"
    if walk.drawn:
        assert guest.evaluate(walk.drawn) == page.evaluate(walk.drawn)
        return
    apart = differ(kept, picture(guest))
    assert not apart, f"the guest sees another picture: {apart}"


def left_over() -> dict[str, list[str]]:
    """The declared controls that no walk names, by tab."""
    named = set[str]().union(*(walk.keys for walk in WALKS.values()))
    left = {tab: [key for key in about.keys if key not in named] for tab, about in declared().items()}
    return {tab: keys for tab, keys in left.items() if keys}


def test_every_control_is_walked_or_known_not_to_be() -> None:
    assert {tab: sorted(keys) for tab, keys in left_over().items()} == NOT_WALKED
