"""The Layers tab in a real browser: the grid, its lenses, one cell in full, and its way from the Overview."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage

TEXT = "The wolf knocked at the door. The wolf knocked at the"
CELL = ".layers-cell[data-depth='{}'][data-position='{}']"


def drawn(page: Page) -> None:
    page.wait_for_function("document.querySelector('[data-drawn] .view-layers')")


def test_the_grid_opens_where_the_answer_takes_the_lead(open_page: OpenPage) -> None:
    page = open_page({"tab": "layers", "text": TEXT})
    drawn(page)
    facts = page.evaluate("({ tokens: explorer.state.main.tokens.length, layers: explorer.state.main.layers })")
    assert page.locator(".layers-cell").count() == facts["tokens"] * (facts["layers"] + 1)
    headline = page.locator(".headline").locator("visible=true")
    expect(headline).to_contain_text(f"of {facts['layers']} on")
    expect(headline).to_contain_text("door")
    chosen = page.locator(".layers-cell[aria-selected=true]")
    expect(chosen).to_have_attribute("data-position", str(facts["tokens"] - 1))
    expect(page.locator(".layers-list .guess").first).to_contain_text("door")
    expect(page.locator(".layers-ways polyline")).to_have_count(1)
    expect(page.locator(".layers-agrees")).to_have_count(facts["layers"] + 1)
    depth = int(chosen.get_attribute("data-depth") or 0)
    chosen.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(f"location.search.includes('token=source%3A{facts['tokens'] - 2}')")
    expect(page.locator(CELL.format(depth, facts["tokens"] - 2))).to_be_focused()
    assert page.evaluate("explorer.state.layer") == depth - 1
    page.locator(CELL.format(0, 3)).click()
    expect(page.locator(".layers-here")).to_contain_text("Depth 0, at “at”")
    page.get_by_role("textbox", name="Follow another word").fill("king")
    page.keyboard.press("Enter")
    expect(page.locator(".layers-ways polyline")).to_have_count(2)
    page.wait_for_function("location.search.includes('lens_words')")
    for name in ("Tuned lens", "Jacobian lens"):
        before = page.locator(CELL.format(1, 4)).get_attribute("aria-label")
        page.get_by_role("radio", name=name).click()
        expect(page.locator(CELL.format(1, 4))).not_to_have_attribute("aria-label", before or "")
    page.get_by_role("radio", name="KL").click()
    expect(page.locator(".view-layers .legend-high")).to_contain_text("the model's own")
    page.get_by_role("button", name="Only words").click()
    page.wait_for_function("location.search.includes('lens_only_words=true')")


def test_an_encoder_decoder_has_the_decoder_lens(open_page: OpenPage) -> None:
    page = open_page({"tab": "layers", "model": "storybook-t5", "lens": "decoder"})
    drawn(page)
    expect(page.locator(".view-layers .layers-axis")).to_contain_text("the encoder's embedding")
    expect(page.locator(".headline").locator("visible=true")).to_contain_text("encoder depth")


def test_a_long_text_scrolls_inside_its_picture(open_page: OpenPage) -> None:
    page = open_page({"tab": "layers", "text": "The king and the queen went home. " * 25})
    drawn(page)
    size = page.evaluate("""() => {
        const { scrollWidth, clientWidth } = document.querySelector('.layers-scroll');
        const cell = document.querySelector('.layers-cell').getBoundingClientRect();
        return { scrolls: scrollWidth > clientWidth, page: document.documentElement.scrollWidth, cell: cell.width };
    }""")
    assert size["scrolls"]
    assert size["page"] <= page.viewport_size["width"]  # type: ignore[index]
    assert size["cell"] >= 50


def test_a_guess_of_the_overview_opens_its_depth(open_page: OpenPage) -> None:
    page = open_page({"tab": "overview", "text": TEXT})
    page.get_by_role("button", name="After layer 4 it would say").click()
    drawn(page)
    expect(page.locator(".layers-cell[aria-selected=true]")).to_have_attribute("data-depth", "5")
