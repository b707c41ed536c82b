"""The Tokens tab: what is shown is what the model reads, and every token can be reached."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, run_text


def drawn(page: Page) -> None:
    """Wait until the strip shows the run at hand."""
    page.wait_for_function("""() => {
        const strip = document.querySelector('.view-token_strip')?.closest('[data-drawn]');
        return strip?.dataset.drawn === String(explorer.state.main.run);
    }""")


def cells(page: Page) -> list[str]:
    found: list[str] = page.locator("[data-stack=source] .cell").all_text_contents()
    return found


def tokens(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate("explorer.state.main.tokens")
    return found


def fact(page: Page, name: str) -> str:
    return page.locator(f".strip-detail span:has(> b:text-is('{name}')) code").first.inner_text()


def test_the_cells_spell_the_text(open_page: OpenPage) -> None:
    text = "Once upon a time, there was a fox!"
    page = open_page({"tab": "tokens", "text": text})
    drawn(page)
    assert "".join(cells(page)).replace("·", " ") == text


def test_spaces_tabs_and_line_breaks_are_visible(open_page: OpenPage) -> None:
    page = open_page({"tab": "tokens", "text": "a  b\tc\nd\u00a0e\u200bf"})
    drawn(page)
    assert "".join(cells(page)) == "a··b⇥c↵d⍽eU+200Bf"
    assert page.locator("[data-stack=source] .strip-row").count() == 2


def test_a_character_of_several_tokens_is_one_cell(open_page: OpenPage) -> None:
    page = open_page({"tab": "tokens", "text": "a 😀 b"})
    drawn(page)
    smile = page.locator(".cell", has_text="😀")
    assert smile.count() == 1
    parts = [token for token in tokens(page) if token["text"] == "😀"]
    assert smile.get_attribute("data-count") == str(len(parts)) != "1"
    smile.click()
    rows = page.locator(".strip-detail p:has(code)")
    assert rows.count() == len(parts)
    assert "".join(token["bytes"] for token in parts).replace(" ", "") == "😀".encode().hex()


def test_pointing_at_a_token_tells_its_facts(open_page: OpenPage) -> None:
    page = open_page({"tab": "tokens", "text": "A dog ran."})
    drawn(page)
    wanted = next(token for token in tokens(page) if token["text"] == " dog")
    page.locator(".cell", has_text="·dog").hover()
    assert fact(page, "id") == str(wanted["id"])
    assert fact(page, "piece") == wanted["piece"]
    assert fact(page, "bytes") == b" dog".hex(" ")
    assert fact(page, "characters") == "1 to 5"


def test_the_keyboard_reaches_and_selects_every_token(open_page: OpenPage) -> None:
    page = open_page({"tab": "tokens", "text": "A dog ran away."})
    drawn(page)
    page.locator(".cell[tabindex='0']").first.focus()
    page.keyboard.press("End")
    assert fact(page, "position") == str(len(tokens(page)) - 1)
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.evaluate("explorer.state.token") == {"stack": "source", "position": 2}
    expect(page.locator(".cell[aria-selected=true]")).to_have_text("·ran")
    assert page.locator(".strip [tabindex='0']").count() == 1


def test_a_text_written_from_right_to_left_flows_and_steps_that_way(open_page: OpenPage) -> None:
    page = open_page({"tab": "tokens", "text": "שלום עולם"})
    drawn(page)
    boxes = [page.locator(".cell").nth(index).bounding_box() for index in (0, 1)]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[0]["x"] > boxes[1]["x"]
    page.locator(".cell").first.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-stack=source] .cell").nth(1)).to_be_focused()


def test_counts_are_those_of_the_text(open_page: OpenPage) -> None:
    text = "né 😀 né"
    page = open_page({"tab": "tokens", "text": text})
    drawn(page)
    names = page.locator(".counts dt").all_inner_texts()
    figures = dict(zip(names, page.locator(".counts dd").all_inner_texts(), strict=True))
    count = len(tokens(page))
    assert figures["tokens"] == str(count)
    assert figures["characters"] == "7"
    assert figures["bytes"] == str(len(text.encode())) == "12"
    assert figures["characters per token"] == f"{7 / count:.1f}"
    assert figures["different tokens of the vocabulary"].split(" of ")[0] == str(len({t["id"] for t in tokens(page)}))


def test_special_tokens_are_marked_and_named(open_page: OpenPage) -> None:
    page = open_page({"tab": "tokens", "text": "The end.<|endoftext|>Once"})
    drawn(page)
    special = [token["piece"] for token in tokens(page) if token["special"]]
    assert special == ["<|endoftext|>"]
    assert page.locator(".cell[data-special]").all_text_contents() == special


def test_the_table_has_a_row_per_token_and_selects(open_page: OpenPage) -> None:
    page = open_page({"tab": "tokens", "text": "A dog 😀 ran."})
    drawn(page)
    page.get_by_role("button", name="Table").click()
    rows = page.locator(".table-scroll tbody tr")
    expect(rows).to_have_count(len(tokens(page)))
    last = len(tokens(page)) - 1
    assert rows.nth(last).locator("td").nth(2).inner_text() == str(tokens(page)[last]["id"])
    rows.nth(last).get_by_role("button").click()
    assert page.evaluate("explorer.state.token.position") == last
    expect(rows.nth(last)).to_have_attribute("aria-current", "true")


def test_ids_and_everything_can_be_copied(open_page: OpenPage) -> None:
    page = open_page({"tab": "tokens", "text": 'A "dog"'})
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    drawn(page)
    page.get_by_role("button", name="Copy ids").click()
    expect(page.locator(".view-token_strip > .view-status")).to_have_text("Copied.")
    assert json.loads(page.evaluate("navigator.clipboard.readText()")) == [token["id"] for token in tokens(page)]
    page.get_by_role("button", name="Copy as JSON").click()
    page.wait_for_function("async () => (await navigator.clipboard.readText()).startsWith('{')")
    copied = json.loads(page.evaluate("navigator.clipboard.readText()"))
    assert (copied["text"], copied["tokens"]) == ('A "dog"', tokens(page))


def test_tokens_follow_what_is_typed_before_it_is_run(open_page: OpenPage) -> None:
    page = open_page({"tab": "tokens", "text": "A dog"})
    drawn(page)
    run = page.evaluate("explorer.state.main.run")
    box = page.get_by_label("Text", exact=True)
    box.click()
    page.keyboard.press("End")
    page.keyboard.type(" ran over the hill")
    expect(page.locator(".typed-mark")).to_have_text("typed, not yet run")
    page.wait_for_function("document.querySelectorAll('[data-stack=source] .cell').length === 6")
    assert "".join(cells(page)).replace("·", " ") == "A dog ran over the hill"
    expect(page.locator(".headline").locator("visible=true")).to_have_text(
        "6 tokens for 23 characters: 3.8 characters a token."
    )
    assert page.evaluate("explorer.state.main.run") == run
    assert len(tokens(page)) == 2  # other tabs keep the run
    page.keyboard.press("Enter")
    page.wait_for_function("(run) => explorer.state.main.run > run", arg=run)
    expect(page.locator(".typed-mark")).to_be_empty()


def test_the_board_compares_languages_and_tokenizers_and_is_in_the_link(open_page: OpenPage) -> None:
    page = open_page({"tab": "tokens"})
    page.get_by_role("button", name="One sentence, eight languages").click()
    labels = page.locator(".strip-line:has(.strip-row) .strip-label")
    expect(labels).to_have_count(8)
    assert labels.first.inner_text() == "English"
    expect(page.locator(".headline").locator("visible=true")).to_contain_text("tokens in Hindi.")
    page.locator(".second-select").select_option("byt5")
    page.wait_for_function("document.querySelectorAll('.strip-part[data-second] .cell').length > 100")
    counts = page.locator(".strip-part[data-second] .price-count").all_inner_texts()
    sentence = "The old woman opened the door and smiled."
    assert counts[0].split()[0] == str(len(sentence))
    page.wait_for_function("location.search.includes('tokens_second=byt5')")
    other = open_page(urlsplit(page.url).query)
    expect(other.locator(".headline").locator("visible=true")).to_contain_text("with byt5.")
    assert len(tokens(other)) == len(tokens(page))


def test_a_second_tokenizer_that_cannot_be_had_leaves_the_first(open_page: OpenPage) -> None:
    page = open_page({"tab": "tokens", "text": "A dog", "tokens_second": "./nowhere"})
    expect(page.locator(".second-status")).to_contain_text("There is no folder")
    assert "".join(cells(page)) == "A·dog"


def test_four_thousand_tokens_are_all_there(open_page: OpenPage, small_model: Path) -> None:
    page = open_page({"tab": "tokens", "model": str(small_model), "text": "A"})
    run_text(page, " the" * 4_000)
    drawn(page)
    assert len(tokens(page)) == len(cells(page)) == 4_000
    page.locator(".cell").first.focus()
    page.keyboard.press("End")
    assert fact(page, "position") == "3999"


def test_a_new_text_leaves_no_cell_of_the_old_one(open_page: OpenPage) -> None:
    page = open_page({"tab": "tokens", "text": "one two three four five six seven"})
    drawn(page)
    run_text(page, "A dog")
    drawn(page)
    assert "".join(cells(page)).replace("·", " ") == "A dog"
    assert page.locator(".cell[aria-selected=true]").count() == 0


def test_an_encoder_decoder_has_a_source_and_a_target(open_page: OpenPage, small_translator: Path) -> None:
    page = open_page({"tab": "tokens", "model": str(small_translator), "text": "The king", "target": "Der"})
    drawn(page)
    expect(page.get_by_label("Target text", exact=True)).to_have_value("Der")
    target = page.evaluate("explorer.state.main.target_tokens")
    shown = page.locator("[data-stack=target] .cell").all_text_contents()
    assert "".join(cells(page)) == "The·king"
    assert "".join(shown[1:]) == "Der"
    assert target[0]["special"] is True
    page.locator("[data-stack=target] .cell").nth(1).click()
    assert page.evaluate("explorer.state.token") == {"stack": "target", "position": 1}
    expect(page.locator(".summary-line")).to_contain_text("source and")


def test_one_text_models_have_no_target_box(open_page: OpenPage) -> None:
    page = open_page({"tab": "tokens"})
    expect(page.get_by_label("Target text", exact=True)).to_be_hidden()
    expect(page.locator("[data-stack=target]")).to_be_hidden()
