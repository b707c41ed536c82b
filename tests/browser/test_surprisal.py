"""The Surprisal tab in a real browser: every token has its colour and its numbers, masked models can be stopped."""

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, run_text

HOSTILE = "<script>alert(1)</script> ${alert(2)} {{value}} שלום 👩‍👩‍👧"


def test_the_surprisal_of_a_text_is_shown_token_by_token(open_page: OpenPage) -> None:
    page = open_page({"tab": "surprisal"})
    expect(page.locator(".surprisal-totals")).to_contain_text("bits per byte")
    headline = page.locator(".headline").locator("visible=true")
    expect(headline).to_contain_text("surprised it most")
    page.locator(".top-list button").first.click()
    expect(page.locator(".view-surprisal .surprisal-detail .guess").first).to_be_visible()
    before = headline.text_content()
    run_text(page, "The cat sat on the mat and the cat sat on the mat.")
    expect(headline).not_to_have_text(before or "")
    expect(headline).to_contain_text("surprised it most")
    assert page.locator(".surprisal-text .tile").count() == page.evaluate("explorer.state.main.tokens.length")


def test_the_chosen_token_and_the_measure_are_in_the_link(open_page: OpenPage) -> None:
    page = open_page({"tab": "surprisal", "surprisal_by": "rank", "token": "source:2", "text": "The wolf knocked"})
    expect(page.locator(".legend-high").locator("visible=true")).to_have_text("rank 1,000 or worse")
    expect(page.locator(".surprisal-text .tile[aria-selected=true]")).to_have_attribute("data-position", "2")
    expect(page.locator(".view-surprisal .surprisal-detail")).to_contain_text("Expected here")
    page.locator(".surprisal-text .tile").nth(2).focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("location.search.includes('token=source%3A1')")


def test_the_first_token_has_no_score(open_page: OpenPage) -> None:
    page = open_page({"tab": "surprisal", "token": "source:0", "text": "The wolf knocked"})
    expect(page.locator(".view-surprisal .surprisal-detail")).to_have_text("The has no score.")


def test_a_masked_model_computes_when_asked(open_page: OpenPage) -> None:
    page = open_page({"tab": "surprisal", "model": "storybook-bert", "text": "The cat sat on the mat. " * 5})
    expect(page.locator(".view-surprisal .surprisal-note")).to_contain_text("hiding each token in turn")
    page.get_by_role("button", name="Compute pseudo-log-likelihood").click()
    expect(page.locator(".surprisal-totals")).to_contain_text("pseudo-perplexity")
    expect(page.get_by_role("button", name="Compute pseudo-log-likelihood")).to_be_hidden()


def test_hostile_text_stays_text(open_page: OpenPage) -> None:
    page = open_page({"tab": "surprisal", "text": HOSTILE})
    page.wait_for_selector(".top-list li")
    assert "script" in "".join(page.locator(".surprisal-text .tile").all_text_contents())


def test_what_surprises_is_painted_strongest(open_page: OpenPage) -> None:
    page = open_page({"tab": "surprisal", "text": "The wolf knocked at the door. The wolf knocked at the mountain"})
    page.wait_for_selector(".top-list li")
    brightness = """(at) => {
        const [red, green, blue] = getComputedStyle(document.querySelectorAll('.surprisal-text .tile')[at])
            .backgroundColor.match(/\\d+/g).map(Number);
        return red + green + blue;
    }"""
    most = page.evaluate("explorer.state.main.tokens.length") - 1
    the = page.evaluate("explorer.state.main.tokens.findIndex((token) => token.text === ' the')")
    assert page.evaluate(brightness, the) > page.evaluate(brightness, most) + 150
