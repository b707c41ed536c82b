"""The Embeddings tab as a visitor uses it: search, choose, lasso, project, stop, follow, save."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from models.engine.pool import pool
from models.text.vocabulary import vocabulary
from models.vectors.embedding_tables import table
from models.vectors.similarity import neighbours
from tests.browser.conftest import OpenPage, open_tab, saved
from tests.browser.test_accessibility import violations

PARTS = {"Word arithmetic": "[data-answer]", "Through the layers": "[data-compared]", "Positions": "[data-scheme]"}
MAP = "document.querySelector('.view-scatter').closest('[data-points]').map"


def open_map(open_page: OpenPage, **query: str) -> Page:
    page = open_page({"tab": "embeddings", "text": "The king sat by the river", **query})
    page.wait_for_selector("[data-state=shown][data-colour]")
    return page


def count_of(page: Page, name: str) -> int:
    return int(page.get_attribute(f"[data-{name}]", f"data-{name}") or -1)


def test_the_whole_vocabulary_is_drawn_and_the_texts_tokens_are_named(open_page: OpenPage) -> None:
    page = open_map(open_page)
    assert count_of(page, "points") == pool().model("storybook").vocab
    names = page.get_by_role("region", name="Tokens of the text").get_by_role("button").all_text_contents()
    assert names == ["The", "·king", "·sat", "·by", "·the", "·river"]
    drawn = page.evaluate("""() => {
        const canvas = document.querySelector('.view-scatter canvas');
        const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        return new Set(new Uint32Array(pixels.buffer)).size;
    }""")
    assert drawn > 5  # background, kinds and what shines through


def test_a_search_lists_its_matches_and_a_click_flies_to_one_and_lists_its_true_neighbours(open_page: OpenPage) -> None:
    page = open_map(open_page)
    words, vectors = vocabulary(pool().model("storybook")), table(pool().model("storybook"))
    before = page.evaluate(f"({{...{MAP}.state.view}})")
    page.get_by_label("Find a token").fill("king")
    page.wait_for_selector("[data-matches]")
    assert count_of(page, "matches") == len(words.search("king"))
    page.get_by_role("region", name="Matches").get_by_role("button", name="·king", exact=True).click()
    row = words.entry("king")
    page.wait_for_selector(f"[data-chosen='{row}']")
    expected = [words.texts[one.row] for one in neighbours(vectors, vectors.row(row), 10, exclude=[row])]
    listed = page.get_by_role("region", name="Chosen token").get_by_role("button").all_text_contents()
    assert [text.replace("·", " ") for text in listed] == expected
    assert page.evaluate(f"{MAP}.state.lines.length") == 10
    after = page.evaluate(f"({{...{MAP}.state.view}})")
    assert after["zoom"] > before["zoom"]
    assert (after["x"], after["y"]) != (before["x"], before["y"])


def test_a_lasso_lists_exactly_the_tokens_inside(open_page: OpenPage) -> None:
    page = open_map(open_page)
    page.get_by_role("button", name="Lasso").click()
    box = page.locator(".view-scatter .map-canvas").bounding_box()
    assert box is not None
    corners = [(0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7), (0.3, 0.32)]
    places = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in corners]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place)
    page.mouse.up()
    page.wait_for_selector("[data-group]")
    inside = page.evaluate(
        f"(() => {{ const map = {MAP}; const {{ count, width, height }} = map.state; let inside = 0;"
        " for (let i = 0; i < count; i += 1) { const [x, y] = map.at(i); if (x > 0.3 * width && x < 0.7 * width"
        " && y > 0.3 * height && y < 0.7 * height) inside += 1; } return inside; })()"
    )
    assert inside > 100
    assert abs(count_of(page, "group") - inside) <= 0.02 * inside  # the last corner is not quite the first


def test_without_a_mouse_the_map_is_moved_and_listed_by_keyboard(open_page: OpenPage) -> None:
    page = open_map(open_page)
    page.locator(".view-scatter .map-canvas").focus()
    start = page.evaluate(f"{MAP}.state.view.x")
    page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(f"{MAP}.state.view.x") > start
    assert page.evaluate(f"{MAP}.state.view.zoom") == pytest.approx(1.4)
    page.get_by_role("button", name="List what is in view").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-group]")
    assert 0 < count_of(page, "group") < count_of(page, "points")


def test_the_map_turns_in_three_dimensions(open_page: OpenPage) -> None:
    page = open_map(open_page, map_dimensions="3-D", map_colour="norm")
    assert page.evaluate(f"{MAP}.state.dimensions") == 3
    page.locator(".view-scatter .map-canvas").focus()
    before = page.evaluate(f"{MAP}.state.view.yaw")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(f"{MAP}.state.view.yaw") != before


def test_a_projection_shows_its_progress_and_can_be_stopped(open_page: OpenPage) -> None:
    page = open_map(open_page, map_seed="7")  # with the usual seed the map comes with the program
    page.get_by_role("radio", name="UMAP").click()
    stop = page.get_by_role("button", name="Stop", exact=True).first
    stop.wait_for()
    assert page.get_by_role("progressbar", name="Progress of the projection").is_visible()
    stop.click()
    page.wait_for_selector("[data-state=stopped]")
    assert "Stopped" in (page.locator(".view-scatter > .view-status").text_content() or "")
    assert count_of(page, "points") == pool().model("storybook").vocab  # the map from before is still there


def test_the_texts_own_vectors_are_shown_at_the_depth_of_the_link(open_page: OpenPage) -> None:
    page = open_map(open_page, map_space="text", map_depth="4")
    assert count_of(page, "points") == 6
    assert "at depth 4" in (page.locator(".view-scatter .map-caption").text_content() or "")


def test_points_are_saved_as_csv_svg_and_png(open_page: OpenPage) -> None:
    page = open_map(open_page)
    lines = list(csv.DictReader(saved(page, "csv").open(encoding="utf-8", newline="")))
    words = vocabulary(pool().model("storybook"))
    assert [line["kind"] for line in lines[:2]] == ["special", "special"]
    guarded = [f"'{word}" if word.startswith(("=", "+", "-", "@", "\t", "\r")) else word for word in words.texts]
    assert [line["token"] for line in lines] == guarded
    assert saved(page, "svg").read_text("utf-8").startswith("<svg xmlns=")
    assert saved(page, "png").read_bytes().startswith(b"\x89PNG")


def test_the_saved_document_draws_the_map_alone_and_asks_for_nothing(
    open_page: OpenPage, browser: Browser, tmp_path: Path
) -> None:
    page = open_map(open_page)
    file = tmp_path / "map.html"
    file.write_text(saved(page, "html").read_text("utf-8"), "utf-8")
    alone = browser.new_context(offline=True).new_page()
    faults: list[str] = []
    alone.on("pageerror", lambda error: faults.append(str(error)))
    alone.on("request", lambda request: faults.append(request.url) if request.url != file.as_uri() else None)
    alone.goto(file.as_uri())
    alone.wait_for_selector(".map-host[data-drawn]")
    assert "8,192" in (alone.text_content("p") or "")
    alone.get_by_label("Find").fill("king")
    alone.get_by_label("Find").press("Enter")
    alone.context.close()
    assert faults == []


def test_enter_takes_the_word_and_not_the_inside_of_one(open_page: OpenPage) -> None:
    page = open_map(open_page)
    page.get_by_label("Find a token").fill("king")
    page.get_by_label("Find a token").press("Enter")
    page.wait_for_selector(f"[data-chosen='{vocabulary(pool().model('storybook')).entry('king')}']")
    matches = page.get_by_role("region", name="Matches").locator(".map-match").all_text_contents()
    assert "·kinga word" in matches
    assert "kinginside a word" in matches


def test_the_chosen_token_stays_chosen_on_another_projection_and_the_link_opens_what_is_seen(
    open_page: OpenPage,
) -> None:
    row = vocabulary(pool().model("storybook")).entry("king")
    page = open_map(open_page, map_chosen=str(row), map_camera="[30000,30000,40]", map_query="king")
    page.wait_for_selector(f"[data-chosen='{row}']")
    assert page.evaluate(f"({MAP}.state.view).zoom") == 40
    page.get_by_role("button", name="List what is in view").click()
    page.wait_for_selector("[data-group]")
    page.wait_for_function("location.search.includes('map_group')")
    again = open_page(page.evaluate("location.search"))
    again.wait_for_selector(f"[data-chosen='{row}'][data-group='{count_of(page, 'group')}']")
    assert again.evaluate(f"({MAP}.state.view).zoom") == 40
    assert again.get_by_label("Find a token").input_value() == "king"
    page.get_by_role("radio", name="3-D").first.click()
    page.wait_for_function(f"{MAP}.state.dimensions === 3 && {MAP}.state.lines.length === 10")
    assert page.evaluate(f"{MAP}.state.picked") == row


def test_a_link_opens_the_part_of_the_tab_it_names(open_page: OpenPage) -> None:
    page = open_page({"tab": "embeddings", "text": "The king", "embeddings_view": "positions"})
    page.wait_for_selector("[data-scheme]")
    assert page.get_by_role("tab", name="Positions", exact=True).get_attribute("aria-selected") == "true"
    open_tab(page, "Word arithmetic")
    page.wait_for_function("location.search.includes('embeddings_view=arithmetic')")


def test_words_are_added_and_taken_away_and_the_measure_is_told(open_page: OpenPage) -> None:
    page = open_map(open_page)
    open_tab(page, "Word arithmetic")
    page.wait_for_selector("[data-answer]")
    expect(page.locator(".headline")).to_contain_text("king − man + woman is nearest to “queen”: cosine 0.7")
    expect(page.get_by_role("region", name="How often this works")).to_contain_text("such sums")
    answer = page.get_attribute("[data-answer]", "data-answer")
    page.locator(".view-arithmetic .sum-a").fill("boy")
    page.wait_for_function("(old) => document.querySelector('[data-answer]').dataset.answer !== old", arg=answer)


def test_one_word_is_followed_through_two_sentences(open_page: OpenPage) -> None:
    page = open_map(open_page)
    open_tab(page, "Through the layers")
    page.wait_for_selector("[data-compared='7']")
    assert count_of(page, "paths") == 6
    page.get_by_role("button", name="Try: “bear” in two senses").click()
    page.wait_for_selector("[data-paths='4']")
    options = page.get_by_label("Compare").locator("option").all_text_contents()
    assert [option.split(" ")[0] for option in options] == 4 * ["·bear"]
    expect(page.locator(".headline")).to_contain_text("“bear” and “bear”: cosine 1.00 at the start, 0.")
    page.wait_for_function("document.querySelector('.view-trajectories .figure-plot')?.data?.length === 2")


def test_positions_are_told_and_drawn(open_page: OpenPage) -> None:
    page = open_map(open_page)
    open_tab(page, "Positions")
    page.wait_for_selector("[data-scheme='learned']")
    assert page.evaluate("document.querySelector('.view-positions .figure-plot').data[0].type") == "heatmap"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_in_any_part_of_the_tab(open_page: OpenPage, *, dark: bool) -> None:
    page = open_page({"tab": "embeddings", "text": "The king"}, dark=dark)
    page.wait_for_selector("[data-state=shown][data-colour]")
    page.get_by_label("Find a token").fill("king")
    page.get_by_label("Find a token").press("Enter")
    page.wait_for_selector("[data-chosen]")
    page.get_by_role("button", name="Draw", exact=True).click()
    page.wait_for_selector("[data-sum]")
    page.get_by_role("button", name="Map settings").click()
    found = {"Map": violations(page)}
    for title, drawn in PARTS.items():
        open_tab(page, title)
        page.wait_for_selector(drawn)
        found[title] = violations(page)
    assert {title: faults for title, faults in found.items() if faults} == {}


def test_hostile_text_stays_text_on_the_map_in_the_lists_and_in_the_saved_document(
    open_page: OpenPage, browser: Browser, tmp_path: Path
) -> None:
    page = open_map(open_page, map_space="text", text="<img src=x onerror=alert(1)> ${alert(2)} {{value}} </script>")
    page.get_by_role("button", name="List what is in view").click()
    page.wait_for_selector("[data-group]")
    listed = page.get_by_role("region", name="Tokens in the lasso").get_by_role("button").all_text_contents()
    spelled = page.evaluate("explorer.state.main.tokens.map((token) => token.text)")
    assert sorted(name.replace("·", " ") for name in listed) == sorted(spelled)
    file = tmp_path / "map.html"
    file.write_text(saved(page, "html").read_text("utf-8"), "utf-8")
    alone = browser.new_context(offline=True).new_page()
    dialogs: list[str] = []
    alone.on("dialog", lambda dialog: dialogs.append(dialog.message))
    alone.goto(file.as_uri())
    alone.wait_for_selector(".map-host[data-drawn]")
    assert alone.locator("img").count() == 0
    alone.context.close()
    assert dialogs == []


def test_points_travel_to_the_next_map_and_the_chosen_token_stays_in_view(app_url: str, browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="no-preference").new_page()
    row = vocabulary(pool().model("storybook")).entry("king")
    page.goto(f"{app_url}?tab=embeddings&map_chosen={row}&map_camera=[30000,30000,8]")
    page.wait_for_selector(f"[data-chosen='{row}'][data-colour]")
    page.evaluate(
        f"() => {{ window.places = new Set(); const map = {MAP}; const note = () => {{"
        f" window.places.add(map.state.points[{2 * row}]); requestAnimationFrame(note); }}; note(); }}"
    )
    page.get_by_role("radio", name="UMAP").click()
    page.wait_for_function(f"{MAP}.state.goal.points === {MAP}.state.points && window.places.size > 2")
    page.wait_for_function("!explorer.busy()")
    assert page.evaluate(f"{MAP}.state.picked") == row
    x, y = page.evaluate(f"{MAP}.at({row})")
    box = page.locator(".view-scatter .map-canvas").bounding_box()
    assert box is not None
    assert 0 < x < box["width"]
    assert 0 < y < box["height"]
    page.context.close()


def test_a_sum_is_drawn_on_the_map_and_a_link_draws_it_again(open_page: OpenPage) -> None:
    page = open_map(open_page)
    page.get_by_role("button", name="Draw", exact=True).click()
    page.wait_for_selector("[data-sum=' queen']")
    assert page.evaluate(f"{MAP}.state.arrows.length") == 4
    page.get_by_role("button", name="Lasso").click()
    box = page.locator(".view-scatter .map-canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 80)
    page.mouse.down()
    for across, down in ((0.95, 0.15), (0.95, 0.85), (0.05, 0.85)):
        page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])
    page.mouse.up()
    page.wait_for_selector("[data-group]")
    page.wait_for_function("location.search.includes('map_sum') && location.search.includes('map_group')")
    page.wait_for_timeout(800)  # the camera is in the link when the map has come to rest
    again = open_page(page.evaluate("location.search"))
    again.wait_for_selector(f"[data-sum=' queen'][data-group='{count_of(page, 'group')}']")
    assert again.evaluate(f"{MAP}.state.arrows.length") == 4
    assert again.evaluate(f"{MAP}.state.view.zoom") == pytest.approx(page.evaluate(f"{MAP}.state.view.zoom"), abs=0.01)


SIZES = [(1440, 900, False), (1280, 720, True), (1920, 1080, False)]
FIRST_PARTS = (("storybook", "map"), ("storybook-bert", "arithmetic"), ("storybook-t5", "layers"))


@pytest.mark.parametrize(("model", "part"), FIRST_PARTS)
@pytest.mark.parametrize(("width", "height", "large"), SIZES, ids=["usual", "projector", "wide"])
def test_every_part_is_on_the_first_screen_with_its_controls(
    open_page: OpenPage, model: str, part: str, width: int, height: int, *, large: bool
) -> None:
    query = {"tab": "embeddings", "embeddings_view": part, "model": model, "large": str(int(large))}
    page = open_page(query, width=width, height=height)
    shown = page.locator(":is(.map-left, .sum-picture, .view-positions > section, .part-tools):visible")
    shown.first.wait_for()
    ends = shown.evaluate_all("(found) => found.map((one) => one.getBoundingClientRect().bottom)")
    assert len(ends) == 2
    assert max(ends) <= height


def test_on_a_phone_the_map_comes_first_and_one_finger_scrolls_the_page(app_url: str, browser: Browser) -> None:
    phone = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page = phone.new_page()
    page.goto(f"{app_url}?tab=embeddings")
    page.wait_for_selector("[data-state=shown][data-colour]")
    canvas = page.locator(".view-scatter .map-canvas")
    tools = page.locator(".view-scatter .map-tools").bounding_box()
    box = canvas.bounding_box()
    assert box is not None
    assert tools is not None
    assert box["y"] + box["height"] < min(tools["y"], 844)
    assert canvas.evaluate("(one) => getComputedStyle(one).touchAction") == "pan-y"
    before = page.evaluate(f"{MAP}.state.view.x")
    hand = phone.new_cdp_session(page)
    for kind, x in (("touchStart", 300), ("touchMove", 250), ("touchMove", 150), ("touchEnd", None)):
        points = [] if x is None else [{"x": x, "y": box["y"] + 100}]
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    assert page.evaluate(f"{MAP}.state.view.x") == before
    phone.close()
