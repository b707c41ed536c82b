"""Two sides in every tab, in large type, where least finds room: axe objects to nothing, and no script fails."""

from tests.browser.conftest import OpenPage
from tests.browser.test_accessibility import violations
from tests.browser.walking import at_rest

TEXT = "The wolf knocked at the"
TWO_TEXTS = {"text": TEXT, "other_model": "storybook", "other_text": "The old man opened the", "length": 4}
TABS = ("overview", "tokens", "attention", "layers", "embeddings", "completion", "why", "experiment", "surprisal",
        "prompting")  # fmt: skip


def test_axe_finds_nothing_in_a_comparison(open_page: OpenPage) -> None:
    page = open_page({**TWO_TEXTS, "large": 1, "experiment_view": "sweep"}, width=1280, height=720)
    page.wait_for_function("explorer.state.pair !== null")
    found = {}
    for tab in TABS:
        page.locator(f"#tabs > .tab-wrapper [data-tab-id={tab}]:visible").click()
        at_rest(page)
        found[tab] = violations(page)
    page.evaluate("explorer.set({ why_view: 'attribution', completion_part: 'two', two_drawn: true })")
    for tab in ("why", "completion"):
        page.locator(f"#tabs > .tab-wrapper [data-tab-id={tab}]:visible").click()
        at_rest(page)
        found[f"{tab}, the other part"] = violations(page)
    assert {tab: faults for tab, faults in found.items() if faults} == {}
