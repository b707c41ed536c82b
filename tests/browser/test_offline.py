"""With every way out of the machine watched, all tabs work and nothing is asked of anybody else."""

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, open_tab, run_text, settled, tab_titles


def test_no_tab_asks_another_machine_for_anything(open_page: OpenPage, app_url: str) -> None:
    page = open_page({"text": "A dog"})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for title in tab_titles(page):
        open_tab(page, title)
        settled(page)
        run_text(page, f"The {title} of the king")
        settled(page)
    elsewhere = [url for url in asked if not url.startswith((app_url, "data:", "blob:", "about:"))]
    assert asked
    assert elsewhere == []


def test_a_request_to_another_machine_would_be_noticed(open_page: OpenPage) -> None:
    """The check above can fail: what it listens to does hear an outside address."""
    page = open_page().context.new_page()
    page.route("**/*", lambda route: route.abort())
    with page.expect_request("https://example.invalid/"):
        page.evaluate("fetch('https://example.invalid/').catch(() => {})")


def test_other_pages_of_the_app_stay_on_the_machine_too(open_page: OpenPage, app_url: str) -> None:
    page = open_page()
    for view in ("api", "settings"):
        page.goto(f"{app_url}?view={view}")
        page.wait_for_load_state("load")
        expect(page.locator("body")).not_to_be_empty()
