"""Models that lack a part: tabs that need it say why they are empty, the others work, and nothing fails on the way."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from transformers import (
    AutoTokenizer,
    BertConfig,
    BertModel,
    Lfm2Config,
    Lfm2ForCausalLM,
    MambaConfig,
    MambaForCausalLM,
)

from tests.browser.conftest import OpenPage, open_tab, settled, tab_titles
from tests.models.text import tokenizers_on_the_spot as spot

TEXT = "The wolf knocked at the door."
SMALL: dict[str, Any] = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 48}
WORDS = "no head that turns them into words"


def saved(network: Any, tokenizer: Any, folder: Path) -> str:
    network.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="module")
def story_words() -> Any:
    return AutoTokenizer.from_pretrained("models/bundled/storybook")


def reasons(page: Page) -> dict[str, str]:
    """Every tab of the page, opened: why it shows nothing, or "" where it works."""
    found = {}
    for title in tab_titles(page):
        open_tab(page, title)
        page.wait_for_function("explorer.ready()")
        settled(page)
        panel = page.locator("#tabs > .tabitem:visible")
        expect(panel).not_to_contain_text("Something went wrong")
        expect(panel).not_to_contain_text("did not start")
        told = panel.locator(".closed-reason:visible")
        found[title] = told.first.inner_text() if told.count() else ""
        assert found[title] or panel.locator("[data-picture]:visible").count(), title
    return found


def test_a_sentence_encoder_says_why_it_shows_no_words(open_page: OpenPage, tmp_path: Path) -> None:
    words = spot.wordpiece()
    network = BertModel(BertConfig(vocab_size=len(words), **SMALL), add_pooling_layer=False)
    page = open_page({"model": saved(network, words, tmp_path / "sentences"), "text": TEXT})
    found = reasons(page)
    assert found["Tokens"] == found["Attention"] == found["Embeddings"] == ""
    assert {"Completion", "Surprisal"} & set(found)
    assert all(WORDS in found[title] for title in ("Completion", "Surprisal") if title in found)


def test_a_state_space_model_says_that_it_has_no_attention(
    open_page: OpenPage, tmp_path: Path, story_words: Any
) -> None:
    config = MambaConfig(vocab_size=len(story_words), hidden_size=32, num_hidden_layers=2, state_size=8)
    page = open_page({"model": saved(MambaForCausalLM(config), story_words, tmp_path / "states"), "text": TEXT})
    found = reasons(page)
    assert "has no attention" in found["Attention"]
    assert found["Tokens"] == found["Embeddings"] == found["Completion"] == ""


def test_blocks_without_attention_are_shown_as_such(open_page: OpenPage, tmp_path: Path, story_words: Any) -> None:
    kinds = ["conv", "full_attention", "conv"]
    sizes = SMALL | {"num_hidden_layers": 3, "num_key_value_heads": 2, "max_position_embeddings": 64}
    config = Lfm2Config(vocab_size=len(story_words), layer_types=kinds, **sizes)
    page = open_page(
        {"model": saved(Lfm2ForCausalLM(config), story_words, tmp_path / "hybrid"), "text": TEXT, "tab": "attention"}
    )
    settled(page)
    assert page.evaluate("explorer.state.layer") == 1  # the one that attends, although a page begins elsewhere
    grid = page.locator(".view-head_grid")
    expect(grid.locator(".grid-label.is-none")).to_have_text(["no attention"] * 2)
    assert all(not reason for reason in reasons(page).values())
