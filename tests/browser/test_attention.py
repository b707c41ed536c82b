"""The Attention tab in a real browser: click, keyboard, zoom, long and hostile texts, bertviz frames, saved files."""

import csv
import io
import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from models.engine.pool import Pool
from tests.browser.conftest import OpenPage, run_text, saved, settled

TEXT = "The wolf knocked at the door. The wolf knocked at the"
LONG_TEXT = "The king had a daughter, and a prince came from far away. " * 4
HOSTILE = "<script>alert(1)</script> ${alert(2)} {{value}} <b>bold</b> &amp; `x` </script><img src=x onerror=alert(3)>"


def wait_for_data(page: Page, name: str, key: str, wanted: str) -> None:
    """Wait until the element that holds a view says so in its data attributes."""
    page.wait_for_function(
        "([name, key, wanted]) => { let node = document.querySelector(`.view-${name}`); "
        "for (; node; node = node.parentElement) if (node.dataset[key] === wanted) return true; return false; }",
        arg=[name, key, wanted],
    )


def opened(open_page: OpenPage, **query: Any) -> Page:
    page = open_page({"tab": "attention", "text": TEXT, "layer": 0, "head": 0, **query})  # else the model chooses
    wait_for_data(page, "heatmap", "name", f"layer {query.get('layer', 0)}, head {query.get('head', 0)}")
    wait_for_data(page, "head_grid", "painted", "24")
    return page


def reopened(open_page: OpenPage, page: Page) -> Page:
    """What a link shows to someone else."""
    page.wait_for_timeout(400)  # the address follows what is chosen after a moment
    other = open_page(page.url.partition("?")[2].replace("__theme=light&", ""))
    wait_for_data(other, "head_grid", "painted", "24")
    return other


def values(page: Page) -> np.ndarray:
    """What is drawn, as tiles."""
    tiles = page.evaluate(
        "[...document.querySelectorAll('.heatmap-tiles [data-value]')]"
        ".map(({ dataset: { row, column, value } }) => [Number(row), Number(column), Number(value)])"
    )
    count = page.evaluate("explorer.state.main.tokens.length")
    drawn = np.full((count, count), np.nan)
    for row, column, value in tiles:
        drawn[row, column] = value
    return drawn


@pytest.fixture(scope="module")
def pattern() -> np.ndarray:
    return Pool().trace("storybook", TEXT).attention(2, 1)


def test_a_click_on_a_head_opens_its_exact_pattern(open_page: OpenPage, pattern: np.ndarray) -> None:
    page = opened(open_page)
    page.locator('.grid-cell[data-layer="2"][data-head="1"]').click()
    wait_for_data(page, "heatmap", "name", "layer 2, head 1")
    drawn = values(page)
    seen = np.tri(len(pattern)) > 0
    np.testing.assert_allclose(drawn[seen], pattern[seen], atol=1e-7)
    assert np.isnan(drawn[~seen]).all()
    assert page.locator('.grid-cell[aria-selected="true"]').get_attribute("aria-label") == "layer 2, head 1"


def test_repeated_tokens_keep_their_own_columns(open_page: OpenPage) -> None:
    page = opened(open_page)
    labels = page.locator(".tile-name:not([data-unit])").all_text_contents()
    assert labels.count("wolf") == 2
    assert len(labels) == page.evaluate("explorer.state.main.tokens.length")


def test_the_row_of_the_chosen_token_is_framed_or_its_column(open_page: OpenPage) -> None:
    page = opened(open_page)
    page.locator('.heatmap-tiles [data-row="3"][data-column="1"]').click()
    assert page.evaluate("explorer.state.token") == {"stack": "source", "position": 3}
    expect(page.locator(".tile-name.is-chosen")).to_have_attribute("data-unit", "3")
    expect(page.locator(".tile-mark")).to_have_count(1)
    page.evaluate("explorer.set({ attention_direction: 'to' })")
    expect(page.locator(".tile-name.is-chosen:not([data-unit])")).to_have_text("at")


@pytest.mark.parametrize("size", [(1440, 900, False), (1280, 720, True), (1920, 1080, False)])
@pytest.mark.parametrize("model", ["storybook", "storybook-llama", "storybook-bert", "storybook-t5"])
def test_the_tab_is_one_screen(open_page: OpenPage, model: str, size: tuple[int, int, bool]) -> None:
    width, height, large = size
    page = open_page({"tab": "attention", "model": model, "large": int(large)}, width=width, height=height)
    page.wait_for_function("document.querySelectorAll('.heatmap-tiles [data-value]').length > 0")
    page.wait_for_function("document.querySelector('.headline')?.textContent.includes('%')")
    for part in (
        ".shade-text",
        ".view-head_grid .grid-frame",
        ".heatmap-tiles",
        ".heatmap-bar",
        ".view-head_side",
        ".leave-first",
    ):
        box = page.locator(part).first.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= height, part
    inside = "(node) => node.scrollHeight <= node.clientHeight + 1 && node.scrollWidth <= node.clientWidth + 1"
    assert page.locator(".view-head_grid .grid-frame").evaluate(inside)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_headline_gives_an_example_of_what_the_head_does(open_page: OpenPage) -> None:
    page = opened(open_page, layer=5, head=0)
    weights = Pool().trace("storybook", TEXT).attention(5, 0)[-1]
    said = f"“the” → “door” {weights[5] * 100:.1f} %"
    copies = "5·0 looks at what came after the same word last time"
    expect(page.locator(".headline")).to_have_text(f"{copies}: {said}")
    expect(page.locator(".side-bar").first).to_contain_text(f"{weights[5] * 100:.1f} %")
    drawn, track = (page.locator(name).first.bounding_box() for name in (".side-track i", ".side-track"))
    assert drawn
    assert track
    assert drawn["height"] > 8
    assert drawn["width"] / track["width"] == pytest.approx(weights[5], abs=0.02)
    page.keyboard.press("[")
    expect(page.locator(".headline")).to_contain_text("“at” → “")
    page.get_by_role("button", name="Leave out first").click()
    expect(page.get_by_label("Ignore tokens")).to_have_count(0)
    assert page.evaluate("explorer.state.attention_left_out") == "first"


def test_tiles_are_zoomed_to_with_the_mouse_and_escape_undoes_it(open_page: OpenPage) -> None:
    page = opened(open_page)
    first, last = (
        page.locator(f'.heatmap-tiles [data-row="{row}"][data-column="{column}"]') for row, column in ((4, 2), (6, 3))
    )
    first.hover()
    page.mouse.down()
    last.hover()
    page.mouse.up()
    page.wait_for_function("document.querySelectorAll('.heatmap-tiles [data-value]').length === 6")
    other = reopened(open_page, page)
    expect(other.locator(".heatmap-tiles [data-value]")).to_have_count(6)
    page.locator(".heatmap-stage").press("Escape")
    expect(page.locator(".heatmap-tiles [data-value]")).to_have_count(78)


def test_a_long_text_is_zoomed_by_plotly_and_escape_undoes_it(open_page: OpenPage) -> None:
    page = open_page({"tab": "attention", "text": LONG_TEXT, "layer": 0, "head": 0})
    wait_for_data(page, "heatmap", "name", "layer 0, head 0")
    page.wait_for_function("document.querySelector('.heatmap-plot')._fullLayout")
    page.evaluate("Plotly.relayout(document.querySelector('.heatmap-plot'), {'xaxis.range': [1.5, 6.5]})")
    page.evaluate("explorer.set({head: 3})")
    wait_for_data(page, "heatmap", "name", "layer 0, head 3")
    assert page.evaluate("document.querySelector('.heatmap-plot')._fullLayout.xaxis.range") == [1.5, 6.5]
    page.locator(".heatmap-stage").press("Escape")
    count = page.evaluate("explorer.state.main.tokens.length")
    page.wait_for_function(
        "(count) => document.querySelector('.heatmap-plot')._fullLayout.xaxis.range[1] === count - 0.5", arg=count
    )


def test_the_grid_is_walked_with_arrow_keys_and_heads_chosen_with_the_space_bar(open_page: OpenPage) -> None:
    page = opened(open_page)
    page.locator('.grid-cell[tabindex="0"]').focus()
    for key in ("ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    wait_for_data(page, "heatmap", "name", "layer 1, head 1")
    page.keyboard.press("Space")
    assert page.evaluate("explorer.state.attention_chosen") == "1:1"
    assert page.locator(":focus").get_attribute("aria-label") == "layer 1, head 1, chosen"


def test_cells_of_the_heatmap_are_read_out_with_arrow_keys(open_page: OpenPage, pattern: np.ndarray) -> None:
    page = opened(open_page, layer=2, head=1)
    page.locator(".heatmap-stage").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    # The first press enters at the upper left corner.
    assert page.locator(".heatmap-readout").inner_text() == f"knocked (2) → wolf (1): {pattern[2, 1]:.4f}"


def more(page: Page) -> None:
    """Open the drawer."""
    page.locator("#tab-attention .drawer > button").click()
    page.locator(".grid-order").wait_for()


def test_a_measure_puts_its_first_head_first_and_chooses_it(open_page: OpenPage) -> None:
    page = opened(open_page)
    page.get_by_role("button", name="One back").click()
    wait_for_data(page, "head_grid", "order", "most")
    captions = page.locator(".grid-cell .grid-caption").all_text_contents()
    numbers = [float(text.split(" ")[1]) for text in captions]
    assert numbers == sorted(numbers, reverse=True)
    layer, head = captions[0].split(" ")[0].split("·")
    wait_for_data(page, "heatmap", "name", f"layer {layer}, head {head}")
    more(page)
    expect(page.locator(".grid-order")).to_have_value("most")
    expect(page.locator(".grid-meaning")).to_contain_text("Voita")
    page.locator(".grid-minimum").fill(str(numbers[3] / 100 - 0.001))
    expect(page.locator(".grid-cell:not([hidden])")).to_have_count(4)


def test_a_link_shows_the_same_heads_in_the_same_order(open_page: OpenPage) -> None:
    page = opened(open_page)
    page.get_by_role("button", name="Focused").click()
    wait_for_data(page, "head_grid", "order", "least")
    page.evaluate(
        "explorer.set({ attention_minimum: 1, attention_chosen: '0:1-2;5:0', attention_direction: 'to' });"
        "explorer.set({ layer: 1, head: 2 })"
    )
    settled(page)
    captions = page.locator(".grid-cell:not([hidden]) .grid-caption").all_text_contents()
    other = reopened(open_page, page)
    wait_for_data(other, "head_grid", "score", "entropy")
    assert other.locator(".grid-cell:not([hidden]) .grid-caption").all_text_contents() == captions
    chosen = other.locator('.grid-cell[data-chosen="true"]')
    labels = [str(cell.get_attribute("aria-label")).split(", entropy")[0] for cell in chosen.all()]
    assert sorted(labels) == ["layer 0, head 1", "layer 0, head 2", "layer 5, head 0"]
    expect(other.locator(".side-from")).to_contain_text("is looked at by")
    assert other.evaluate("[explorer.state.layer, explorer.state.head]") == [1, 2]


def test_a_link_to_the_mean_of_chosen_heads_shows_their_mean(open_page: OpenPage) -> None:
    page = open_page({"tab": "attention", "text": TEXT, "attention_heads": "mean", "attention_chosen": "2:1;4:0"})
    wait_for_data(page, "heatmap", "name", "mean of 2 heads (layer·head: 2·1, 4·0)")
    trace = Pool().trace("storybook", TEXT)
    expected = (trace.attention(2, 1) + trace.attention(4, 0)) / 2
    seen = np.tri(len(expected)) > 0
    np.testing.assert_allclose(values(page)[seen], expected[seen], atol=1e-6)


def test_a_link_shows_the_same_part_of_the_picture(open_page: OpenPage) -> None:
    page = open_page({"tab": "attention", "text": LONG_TEXT, "attention_zoom": "[1.5,6.5,-0.5,9.5]"})
    ranges = "document.querySelector('.heatmap-plot')._fullLayout?.xaxis.range.join()"
    page.wait_for_function(f"{ranges} === '1.5,6.5'")
    run_text(page, LONG_TEXT + " Once upon a time")
    page.wait_for_function("explorer.state.attention_zoom.length === 0")
    page.wait_for_function(f"{ranges}.startsWith('-0.5,')")


def test_induction_is_measured_on_the_model_when_asked_for(open_page: OpenPage) -> None:
    page = opened(open_page)
    page.locator(".grid-score").select_option("induction")
    wait_for_data(page, "head_grid", "score", "induction")
    more(page)
    expect(page.locator(".grid-meaning")).to_contain_text("random tokens repeated")
    first = page.locator(".grid-cell").first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(page.locator('.grid-cell[data-layer="5"][data-head="0"]')).to_have_attribute(
        "aria-label", re.compile(r"^layer 5, head 0, induction \d")
    )


def test_the_text_is_stepped_through_with_arrow_keys(open_page: OpenPage, pattern: np.ndarray) -> None:
    page = opened(open_page, layer=2, head=1, token="source:5")
    page.locator('.shade-cell[aria-selected="true"]').focus()
    page.keyboard.press("ArrowRight")
    wait_for_data(page, "shaded_text", "position", "6")
    best = int(pattern[6].argmax())
    bar = page.locator(".side-bar").first
    expect(bar).to_have_attribute("title", f"position {best}")
    expect(bar).to_contain_text(f"{pattern[6, best] * 100:.1f} %")
    page.keyboard.press("ArrowDown")
    wait_for_data(page, "heatmap", "name", "layer 3, head 1")
    page.keyboard.press("PageDown")
    wait_for_data(page, "heatmap", "name", "layer 3, head 2")
    assert page.locator(":focus").get_attribute("data-position") == "6"


def test_leaving_out_the_first_token_is_said(open_page: OpenPage) -> None:
    page = opened(open_page, attention_left_out="first", layer=2, head=1)
    assert np.isnan(values(page)[:, 0]).all()
    assert "divided by what remains" in str(page.locator(".heatmap-note").text_content())


@pytest.mark.parametrize(("reading", "source"), [("values", "Kobayashi"), ("rollout", "Abnar")])
def test_other_readings_name_their_source_and_what_they_do_not_prove(
    open_page: OpenPage, reading: str, source: str
) -> None:
    page = open_page({"tab": "attention", "text": TEXT, "attention_reading": reading, "layer": 2, "head": 1})
    page.wait_for_function(
        "(source) => document.querySelector('.heatmap-note')?.textContent.includes(source)", arg=source
    )
    assert "does not prove" in str(page.locator(".heatmap-note").text_content())
    trace = Pool().trace("storybook", TEXT)
    expected = trace.attention(2, 1) * trace.value_norms(2)[1] if reading == "values" else None
    drawn = values(page)
    if expected is not None:
        seen = np.tri(len(expected)) > 0
        np.testing.assert_allclose(drawn[seen], expected[seen], rtol=1e-5)
    else:
        np.testing.assert_allclose(np.nansum(drawn, axis=1), 1, atol=1e-5)


def test_hostile_tokens_are_shown_as_they_are(open_page: OpenPage) -> None:
    page = opened(open_page)
    run_text(page, HOSTILE)
    page.wait_for_function("document.querySelector('.shade-text').textContent.includes('alert')")
    ours = page.locator(".shade-text").first.locator(".shade-cell").all_text_contents()
    assert "".join(ours).replace("·", "") == HOSTILE.replace(" ", "")
    assert page.locator(".view-shaded_text img, .view-heatmap img, .view-heatmap b b").count() == 0
    page.wait_for_function(
        "[...document.querySelectorAll('.heatmap-plot text')].some((one) => one.textContent === '<')"
    )


@pytest.mark.parametrize("drawing", ["head", "model", "neuron"])
def test_bertviz_draws_in_a_sandbox_with_hostile_tokens(open_page: OpenPage, drawing: str) -> None:
    page = open_page({"tab": "attention", "text": "a </script> <b>x</b>"})
    page.get_by_role("button", name="Lines between tokens (bertviz)").click()
    page.locator(".bertviz-view").select_option(drawing)
    page.wait_for_function("document.querySelector('.bertviz-size').textContent.includes('MB')")
    page.locator(".bertviz-draw").click()
    frame = page.frame_locator(".bertviz-host iframe")
    frame.locator("svg line").first.wait_for(state="attached")
    assert page.locator(".bertviz-host iframe").get_attribute("sandbox") == "allow-scripts"
    assert page.evaluate("explorer.state.attention_drawn") is True
    if drawing != "model":
        shown = frame.locator("svg text").all_text_contents()
        assert "</" in "".join(shown)
    assert frame.locator("svg b, svg img").count() == 0


def test_a_link_to_a_drawing_opens_it(open_page: OpenPage) -> None:
    drawn = {"attention_bertviz_open": "true", "attention_drawn": "true", "attention_drawing": "model"}
    page = opened(open_page, **drawn)
    page.frame_locator(".bertviz-host iframe").locator("svg path, svg line").first.wait_for(state="attached")
    assert page.locator(".bertviz-view").input_value() == "model"
    page.locator(".bertviz-view").select_option("head")
    page.frame_locator('.bertviz-host iframe[title="bertviz head view"]').locator("svg line").first.wait_for(
        state="attached"
    )


def test_saved_files_hold_the_picture_and_what_it_is(open_page: OpenPage, pattern: np.ndarray) -> None:
    page = opened(open_page, layer=2, head=1)
    told = json.loads(saved(page, "json", "One head").read_text("utf-8"))
    assert told["settings"]["Text"] == TEXT
    assert told["settings"]["Head"] == "2·1"
    lines = list(csv.reader(io.StringIO(saved(page, "csv", "One head").read_text("utf-8"))))
    assert lines[0][:3] == ["query_position", "query", "0 The"]
    seen = np.tri(len(pattern)) > 0
    values = np.array([[float(cell or "nan") for cell in line[2:]] for line in lines[1:]], dtype=np.float32)
    assert np.array_equal(values[seen], pattern[seen])
    drawing = ET.fromstring(saved(page, "svg", "One head").read_text("utf-8"))
    inside = {node.tag.split("}")[1]: node.text for node in drawing if isinstance(node.tag, str)}
    assert json.loads(str(inside["metadata"]))["Text"] == TEXT


def test_a_continued_text_is_looked_at_as_a_whole(open_page: OpenPage) -> None:
    page = opened(open_page)
    before = page.evaluate("explorer.state.main.run")
    page.get_by_role("button", name="Attention of generated text").click()
    page.get_by_role("button", name="Continue the text and look at it").click()
    page.wait_for_function("(before) => explorer.state.main.run > before", arg=before)
    text = page.evaluate("explorer.state.main.text")
    assert text.startswith(TEXT)
    assert len(text) > len(TEXT)
    seam = int(page.locator(".tile-seam").get_attribute("data-row") or "")
    ends = page.evaluate("explorer.state.main.tokens.map((token) => token.end)")
    assert seam == next(place for place, end in enumerate(ends) if end > len(TEXT))
    expect(page.get_by_label("Text", exact=True)).to_have_value(text)
    other = reopened(open_page, page)
    expect(other.locator(".tile-seam")).to_have_attribute("data-row", str(seam))
    other.get_by_role("button", name="Back to my text").click()  # the fold is open, as it was when the link was made
    expect(other.locator(".tile-seam")).to_have_count(0)
    expect(other.get_by_label("Text", exact=True)).to_have_value(TEXT)


def test_cross_attention_is_drawn_as_lines_from_target_to_source(open_page: OpenPage) -> None:
    source, target = "The <extra_id_0> lived in a castle.", "<extra_id_0> king"
    page = open_page({"tab": "attention", "model": "storybook-t5", "text": source, "target": target, "kind": "cross"})
    page.wait_for_function(
        "Number(document.querySelector('.view-alignment')?.closest('[data-lines]')?.dataset.lines) > 0"
    )
    words = page.locator('.align-side[data-side="target"] .align-word')
    words.first.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("explorer.state.token") == {"stack": "target", "position": 1}
    expect(page.locator(".align-readout")).to_contain_text(f"“{words.nth(1).inner_text()}” → ")
    page.get_by_label("Encoder: the source reads itself").check()
    expect(page.locator(".align-part")).to_be_hidden()
