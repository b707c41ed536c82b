"""The Why tab in a real browser: a logit as a sum, opened by pointer and keys, kept in the link and saved."""

import csv
import json

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, saved, settled

TEXT = "The wolf knocked at the door. The wolf knocked at the"


def headline(page: Page) -> str:
    return page.locator(".headline").locator("visible=true").inner_text()


def sums(page: Page) -> list[float]:
    """Sum, total and remainder as they are printed."""
    written = page.locator(".why-sums dd").all_inner_texts()
    return [0.0 if "below" in one else float(one.replace("−", "-").replace(",", "")) for one in written]


def test_a_logit_is_taken_apart_by_pointer_and_keys_down_to_the_tokens_a_head_reads(open_page: OpenPage) -> None:
    page = open_page({"tab": "why", "text": TEXT})
    expect(page.locator(".fall-row")).to_have_count(16)
    logit = page.evaluate("""async () => {
        const { call } = await import(document.querySelector('script[src*="shell/start.js"]').src
            .replace('shell/start.js', 'web/server.js'));
        const answer = await call('contributions', { model: 'storybook', text: explorer.state.main.text });
        return answer.logit;
    }""")
    total, printed, remainder = sums(page)
    assert abs(printed - logit) < 1e-5
    assert abs(total - printed) < 1e-4
    assert abs(remainder) < 1e-4
    assert headline(page).startswith("Layer 4’s attention adds +2.66 of the 12.6 that door scores")

    page.locator(".fall-row", has_text="attention 4").click()
    settled(page)
    page.wait_for_function("location.search.includes('why_opened=self%3A4')")
    assert abs(sums(page)[1] - 2.66) < 0.01
    row = page.locator(".fall-row", has_text="head 4·1")
    row.focus()
    expect(page.locator(".why-detail")).to_contain_text("head 4·1 adds")
    page.keyboard.press("Enter")
    expect(page.locator(".why-sources .tile")).to_have_count(12)
    settled(page)
    assert headline(page).startswith("“door” brings")
    page.locator(".crumb").first.focus()
    page.keyboard.press("Escape")
    page.wait_for_function("explorer.state.why_opened === 'self:4'")
    settled(page)
    page.locator(".fall-row").first.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("[...document.querySelectorAll('.fall-row')].indexOf(document.activeElement)") == 1
    page.keyboard.press("Escape")
    expect(page.locator(".fall-row")).to_have_count(16)


def test_another_token_and_a_foil_are_asked_kept_in_the_link_and_saved(open_page: OpenPage) -> None:
    page = open_page({"tab": "why", "text": TEXT, "why_against": "window"})
    expect(page.locator(".fall-row").last).to_contain_text("“door” over “window”")
    page.locator(".view-contributions .why-chips .chip").nth(2).click()
    page.wait_for_function("explorer.state.why_token !== ''")
    settled(page)
    word = page.evaluate("explorer.state.why_token")
    expect(page.locator(".fall-row").last).to_contain_text(f"“{word}” over “window”")
    rows = list(csv.DictReader(saved(page, "csv").read_text("utf-8-sig").splitlines()))
    values = {row["name"]: float(row["value"]) for row in rows if row["layer"] == ""}
    parts = [float(row["value"]) for row in rows if row["name"] not in ("sum", "total", "remainder")]
    assert abs(sum(parts) - values["total"]) < 1e-4
    page.locator(".view-contributions").get_by_label("Why this token: any token of the vocabulary").fill("qqqqzzz")
    page.keyboard.press("Enter")
    expect(page.locator(".view-contributions .view-status")).to_contain_text("is not one token of this model")


def test_masked_models_have_the_sum_at_their_mask(open_page: OpenPage) -> None:
    page = open_page({"tab": "why", "model": "storybook-bert"})
    expect(page.locator(".view-contributions .why-after")).to_contain_text("in the place of")
    total, printed, _remainder = sums(page)
    assert abs(total - printed) < 1e-4
    assert json.loads(page.evaluate("JSON.stringify(explorer.state.tab)")) == "why"


def test_a_token_that_was_written_is_asked_about(open_page: OpenPage) -> None:
    page = open_page({"tab": "completion", "text": "Once upon a time", "length": 4, "greedy": 1})
    page.locator(".view-writing [data-do=write]").click()
    expect(page.locator(".stream-tokens .step")).to_have_count(4)
    settled(page)
    word = page.locator(".stream-tokens .step").nth(2).inner_text().strip()
    before = "".join(page.locator(".stream-tokens .step").all_inner_texts()[:2])
    page.locator(".stream-tokens .step").nth(2).click()
    page.get_by_role("button", name="Why this token?").click()
    page.wait_for_function("explorer.state.tab === 'why' && explorer.state.main.text !== 'Once upon a time'")
    settled(page)
    assert page.evaluate("explorer.state.main.text") == "Once upon a time" + before
    expect(page.locator(".fall-row").last).to_contain_text(word)
    assert word in headline(page)
