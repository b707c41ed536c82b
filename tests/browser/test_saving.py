"""Every picture of every tab can be saved, as each kind of file that its menu offers; what is saved can be opened."""

import csv
import io
import json
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from playwright.sync_api import Browser, Error, Locator, Page, Request

from tests.browser.conftest import OpenPage, kit, open_tab, settled

TEXT = "The wolf knocked at the door. The wolf knocked at the"
SVG = "{http://www.w3.org/2000/svg}"
FORMULA = re.compile(r"^[=+@\t\r]|^-(?!\d|\.\d)")
# Views that show choices, or words about the picture beside them; or nothing yet: those are in a state above by name.
WITHOUT_PICTURE = {
    "save", "parts", "presets", "leave_out_first", "attention_kind", "grid_choice", "caption", "head_side",
    "continuation", "bertviz", "branch_tree", "writing", "numbers", "alignment", "two_texts", "beams", "chat_template",
    "token_table",
}  # fmt: skip


def _nothing(_page: Page) -> None:
    """The state of the link is all there is to see."""


def _more(page: Page) -> None:
    page.locator(".drawer > button:visible").first.click()


def _written(page: Page) -> None:
    wait_for_pictures(page, {"Next token"})  # the tab knows of the run
    page.locator(".view-writing [data-do=write]").click()
    page.wait_for_function("document.querySelector('.view-writing').closest('[data-state]')?.dataset.state === 'done'")


def _counted(page: Page) -> None:
    page.locator(".ov-picture .first-leads").first.wait_for(state="attached")


def _bertviz(page: Page) -> None:
    page.locator(".bertviz-host iframe").wait_for(state="attached")


STATES: dict[str, tuple[str, dict[str, Any], Callable[[Page], None], set[str]]] = {
    "overview": ("Overview", {}, _nothing, {"Overview"}),
    "what counts": ("Overview", {"overview_counts": "true"}, _counted, {"Overview"}),
    "layers by lens": ("Layers", {"lens": "jacobian"}, _nothing, {"Layers"}),
    "contributions": ("Why", {}, _nothing, {"Contributions"}),
    "one head's sources": ("Why", {"why_opened": "self:4:1"}, _nothing, {"Contributions"}),
    "attribution": ("Why", {"why_view": "attribution"}, _nothing, {"Attribution"}),
    "neurons": ("Why", {"why_view": "neurons"}, _nothing, {"Neurons"}),
    "tokens": ("Tokens", {}, _nothing, {"Tokens"}),
    "table of tokens": ("Tokens", {}, _more, {"Tokens", "Table of tokens"}),
    "attention": ("Attention", {}, _nothing, {"In the text", "All heads", "One head"}),
    "long text": ("Attention", {"text": "the wolf " * 30}, _nothing, {"One head"}),
    "bertviz": (
        "Attention",
        {"attention_bertviz_open": "true", "attention_drawn": "true"},
        _bertviz,
        {"bertviz head view"},
    ),
    "alignment": ("Attention", {"model": "storybook-t5", "kind": "cross", "text": None}, _nothing, {"Alignment"}),
    "map": ("Embeddings", {"map_chosen": "787"}, _nothing, {"Map", "Neighbours"}),
    "group": ("Embeddings", {"map_group": '{"where":"lasso","rows":[787,3823,407]}'}, _nothing, {"Map", "Group"}),
    "arithmetic": ("Embeddings", {"embeddings_view": "arithmetic"}, _nothing, {"Word arithmetic"}),
    "layers": ("Embeddings", {"embeddings_view": "layers"}, _nothing, {"Through the layers", "Cosine by depth"}),
    "positions": ("Embeddings", {"embeddings_view": "positions"}, _nothing, {"Positions"}),
    "next token": ("Completion", {}, _more, {"Next token", "Probability added up"}),
    "completion": ("Completion", {"length": "6"}, _written, {"Next token", "Completion", "Branches"}),
    "two texts": (
        "Completion",
        {"completion_part": "two", "two_drawn": "true", "length": "6"},
        _nothing,
        {"Two texts"},
    ),
    "beams": (
        "Completion",
        {"completion_part": "beams", "beams_drawn": "true", "beam_length": "4"},
        _nothing,
        {"Beam search"},
    ),
    "gaps": ("Completion", {"model": "storybook-bert", "text": None}, _nothing, {"Next token", "Gaps filled"}),
    "surprisal": ("Surprisal", {}, _nothing, {"Surprisal"}),
    "prompting": ("Prompting", {}, _nothing, {"Answers"}),
}


def opened(open_page: OpenPage, state: str) -> Page:
    """The page in a state, with everything in it drawn."""
    title, query, prepare, _ = STATES[state]
    given = {key: value for key, value in {"text": TEXT, **query}.items() if value is not None}
    page = open_page(given)
    open_tab(page, title)
    page.wait_for_function("explorer.ready() && !explorer.busy()")
    settled(page)
    prepare(page)
    wait_for_pictures(page, STATES[state][3])
    settled(page)
    return page


def names(page: Page) -> list[str]:
    """What the menu would offer."""
    script = "(offer) => import(offer).then((kit) => kit.offered(document.body).map(({ picture }) => picture.name))"
    return list(page.evaluate(script, kit(page, "web/saving/offer.js")))


def wait_for_pictures(page: Page, wanted: set[str]) -> None:
    for _ in range(150):
        if wanted <= set(names(page)):
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"{wanted - set(names(page))} cannot be saved")


def texts_in(png: bytes) -> dict[str, str]:
    """The texts inside a PNG, their checksums compared."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    found, place = {}, 8
    while place < len(png):
        length, kind = int.from_bytes(png[place : place + 4]), png[place + 4 : place + 8]
        body = png[place + 8 : place + 8 + length]
        assert zlib.crc32(kind + body) == int.from_bytes(png[place + 8 + length : place + 12 + length])
        if kind == b"iTXt":
            key, text = body.split(b"\0\0\0\0\0", 1)
            found[key.decode()] = text.decode()
        place += 12 + length
    return found


def check_png(file: Path, _alone: Page) -> None:
    texts = texts_in(file.read_bytes())
    assert {"Title", "Description", "Source", "Comment"} <= set(texts)
    assert json.loads(texts["Comment"])["Model"].startswith("storybook")


def check_svg(file: Path, _alone: Page) -> None:
    root = ET.fromstring(file.read_text("utf-8"))
    about = root.find(f"{SVG}metadata")
    assert about is not None
    assert "link" in json.loads(about.text or "")
    assert len(list(root.iter(f"{SVG}text"))) > 1


@pytest.fixture(scope="module")
def alone(browser: Browser) -> Iterator[Page]:
    """A page without a network, where files are opened."""
    context = browser.new_context(offline=True)
    yield context.new_page()
    context.close()


def check_html(file: Path, alone: Page) -> None:
    page_file = file.with_suffix(".html")
    page_file.write_bytes(file.read_bytes())
    faults: list[str] = []

    def note_error(error: Error) -> None:
        faults.append(str(error))

    def note_request(asked: Request) -> None:
        if not asked.url.startswith(("file:", "data:", "blob:")):
            faults.append(asked.url)

    alone.on("pageerror", note_error)
    alone.on("request", note_request)
    alone.goto(page_file.as_uri())
    alone.locator("svg, canvas").first.wait_for(state="attached")
    alone.remove_listener("pageerror", note_error)
    alone.remove_listener("request", note_request)
    assert faults == []


def check_csv(file: Path, _alone: Page) -> None:
    lines = list(csv.reader(io.StringIO(file.read_text("utf-8"), newline="")))
    assert len(lines) > 1
    assert {len(line) for line in lines} == {len(lines[0])}
    assert [cell for line in lines for cell in line if FORMULA.match(cell)] == []


def check_json(file: Path, _alone: Page) -> None:
    told = json.loads(file.read_text("utf-8"))
    assert told["settings"]["Model"].startswith("storybook")
    assert told["link"].startswith("http")
    assert told["rows"]


CHECKS = {"png": check_png, "svg": check_svg, "html": check_html, "csv": check_csv, "json": check_json}


@pytest.mark.parametrize("state", STATES)
def test_each_picture_is_saved_as_each_file_its_menu_offers_and_its_copied_lines_run(
    open_page: OpenPage, alone: Page, state: str
) -> None:
    page = opened(open_page, state)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    menu = page.locator(".view-save:visible")
    menu.locator("summary").click()
    choices = menu.locator(".save-pictures button:visible")
    for index in range(max(1, choices.count())):
        if choices.count():
            choices.nth(index).click()
        for button in menu.locator("[data-format]:not([data-format=py])").all():
            ending = button.get_attribute("data-format") or ""
            with page.expect_download() as download:
                button.click()
            assert download.value.suggested_filename.endswith(f".{ending}")
            CHECKS[ending](Path(download.value.path()), alone)
        check_lines(page, menu)


def check_lines(page: Page, menu: Locator) -> None:
    """*Copy as Python* gives lines that run, or the menu says why there are none."""
    menu.locator("[data-format=py], .save-formats .note").first.wait_for()  # the menu may be writing itself anew
    if not menu.locator("[data-format=py]").count():
        assert menu.locator(".save-formats .note").count(), "why there are no lines is not said"
        return
    page.evaluate("navigator.clipboard.writeText('')")
    menu.locator("[data-format=py]").click()
    page.wait_for_function("navigator.clipboard.readText().then((text) => text !== '')")
    menu.get_by_text("Copied.").wait_for()
    assert len(rows_of(str(page.evaluate("navigator.clipboard.readText()"))))


@pytest.mark.parametrize("model", ["storybook", "storybook-t5", "storybook-bert"])
def test_every_view_of_every_tab_has_a_picture_to_save_or_shows_none(open_page: OpenPage, model: str) -> None:
    page = open_page({"model": model})
    script = """(offer) => import(offer).then((kit) => {
      const offering = kit.offered(document.body).map(({ element }) => element);
      return [...document.querySelectorAll("#tabs > .tabitem .view")]
        .filter((view) => view.getClientRects().length && !offering.some((one) => one.contains(view)))
        .map((view) => view.className.match(/view-(\\w+)/)[1]);
    })"""
    for tab in page.locator("#tabs > .tab-wrapper button[role=tab]:visible").all():
        tab.click()
        settled(page)
        for _ in range(50):  # what a view asks for may come later
            left = set(page.evaluate(script, kit(page, "web/saving/offer.js"))) - WITHOUT_PICTURE
            if not left:
                break
            page.wait_for_timeout(300)
        assert left == set(), tab.inner_text()


def lines_of(page: Page, name: str) -> tuple[str, list[dict[str, Any]]]:
    """What *Copy as Python* puts on the clipboard, and the rows that are saved."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    menu = page.locator(".view-save:visible")
    menu.locator("summary").click()
    if menu.locator(".save-pictures button:visible").count():
        menu.get_by_role("radio", name=name, exact=True).click()
    menu.locator("[data-format=py]").click()
    menu.get_by_text("Copied.").wait_for()
    with page.expect_download() as download:
        menu.locator("[data-format=json]").click()
    told = json.loads(Path(download.value.path()).read_text("utf-8"))
    return str(page.evaluate("navigator.clipboard.readText()")), told["rows"]


def rows_of(program: str) -> Any:
    """What the copied lines compute."""
    room: dict[str, Any] = {}
    exec(program, room)
    return room["rows"]


def test_copied_lines_compute_the_saved_numbers(open_page: OpenPage) -> None:
    program, saved = lines_of(opened(open_page, "attention"), "One head")
    weights = [[value for key, value in row.items() if key[0].isdigit()] for row in saved]
    seen = np.tri(len(weights)) > 0
    assert np.allclose(np.array(weights, dtype=float)[seen], rows_of(program)[seen], atol=1e-7)

    program, saved = lines_of(opened(open_page, "next token"), "Next token")
    assert [(row["id"], row["rank"]) for row in saved] == [(one.id, one.rank) for one in rows_of(program)]
    assert [row["probability"] for row in saved] == pytest.approx([one.probability for one in rows_of(program)])

    program, saved = lines_of(opened(open_page, "overview"), "Overview")
    told = [(row.get("depth"), row["id"], row["probability"]) for row in saved if row["part"] in {"guess", "next"}]
    found = [(row.get("depth"), row["id"], row["probability"]) for row in rows_of(program)]
    assert [one[:2] for one in told] == [one[:2] for one in found]
    assert [share for *_, share in told] == pytest.approx([share for *_, share in found], abs=1e-6)

    program, saved = lines_of(opened(open_page, "surprisal"), "Surprisal")
    found = rows_of(program)
    assert [row["position"] for row in saved] == [int(position) for position, *_ in found]
    assert [row["surprisal_bits"] for row in saved] == pytest.approx([bits for _, bits, *_ in found], abs=1e-3)


def test_a_dark_page_is_saved_on_white_with_the_link_as_a_code(open_page: OpenPage) -> None:
    page = open_page({"text": TEXT}, dark=True)
    open_tab(page, "Surprisal")
    wait_for_pictures(page, {"Surprisal"})
    menu = page.locator(".view-save:visible")
    menu.locator("summary").click()
    menu.get_by_label("Dark page").uncheck()
    menu.get_by_label("QR code of the link").check()
    with page.expect_download() as download:
        menu.locator("[data-format=svg]").click()
    root = ET.fromstring(Path(download.value.path()).read_text("utf-8"))
    ground, *_ = root.findall(f"{SVG}rect")
    assert ground.get("fill") in {"#fff", "#ffffff"}
    assert any("crispEdges" in (group.get("shape-rendering") or "") for group in root.iter(f"{SVG}g"))
    assert page.evaluate("document.body.classList.contains('dark')")
