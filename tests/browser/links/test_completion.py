"""Links of Completion and Prompting: every choice is kept."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.links.keeping import TEXT, Act, keeps, more, step
from tests.browser.walking import Walk, number, press, slide, write


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


def fill_table(page: Page) -> None:
    page.locator(".examples input").first.fill("lamb")


SAME = "another rule may choose the same words"
NO_TEMPLATE = "no bundled model has a chat template"


def open_chat(page: Page) -> None:
    page.locator(".drawer > button:visible", has_text="Chat").click()


WALKS = {
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
    "two sides": Walk(
        query={"tab": "completion", "text": TEXT, "other_model": "storybook-llama"},
        steps=(
            step(slide("Temperature of B", 2), "second_temperature"),
            step(slide("Top-k of B", 3), "second_top_k"),
            step(slide("Top-p of B", 0.6), "second_top_p"),
            step(more(slide("Min-p of B", 0.4)), "second_min_p"),
            step(more(slide("Penalty of B", 1.5)), "second_repetition_penalty"),
            step(press(".view-sides [role=radio]:text('Largest')"), "sides_order"),
            step(press(".view-sides [data-do=more]"), "sides_rows", unseen="the rules of B leave few tokens"),
        ),
        drawn="[...document.querySelectorAll('.sides-table tr')].map((row) => row.textContent)",
    ),
    "two texts": Walk(
        query={"tab": "completion", "text": TEXT, "length": 6},
        steps=(
            step(press(".view-parts [role=radio]:text('Two')"), "completion_part"),
            step(press(".view-two_texts [data-do=write]"), "two_drawn"),
            step(number("Seed of B", 9), "second_seed"),
        ),
        drawn="[...document.querySelectorAll('.view-two_texts .step')].map((node) => node.textContent)",
    ),
    "reference": Walk(
        query={"tab": "completion", "text": TEXT, "length": 6},
        steps=(
            step(press(".view-parts [role=radio]:text('Reference')"), "completion_part"),
            step(write(".reference-text", "door was open"), "reference_text"),
            step(press(".reference-beams"), "reference_beam"),
        ),
        drawn="[...document.querySelectorAll('.reference-table tr, .reference-given')].map((one) => one.textContent)",
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
    "chat": Walk(
        query={"tab": "prompting", "model": "storybook-llama"},
        shown=open_chat,
        steps=(
            step(lambda page: page.locator(".chat-system").fill("You are a wolf."), "chat_system", unseen=NO_TEMPLATE),
            step(lambda page: page.locator(".chat-user").fill("Who knocks?"), "chat_user", unseen=NO_TEMPLATE),
        ),
    ),
}


@pytest.mark.parametrize("name", WALKS)
def test_a_link_keeps(open_page: OpenPage, name: str) -> None:
    keeps(open_page, WALKS[name])
