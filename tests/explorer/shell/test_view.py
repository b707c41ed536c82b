"""Views are static skeletons around modules, at addresses that change with their content."""

import io
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from starlette.applications import Starlette
from starlette.testclient import TestClient

from explorer.shell.assets import (
    COMMENT,
    EXPLORER,
    FONTS,
    GRADIO,
    PLOTLY,
    PLOTLY_ADDRESS,
    address,
    files,
    routes,
    styles,
)
from explorer.shell.skeleton import sentences, translated
from explorer.shell.view import view

SKELETONS = [str(path.relative_to(EXPLORER).with_suffix("")) for path in files(".html")]


@pytest.mark.parametrize("name", SKELETONS)
def test_every_skeleton_has_a_module_that_mounts_and_is_static(name: str) -> None:
    built = view(name, label="A part")
    assert "export function mount(" in (EXPLORER / f"{name}.js").read_text("utf-8").replace("async ", "")
    assert 'aria-label="A part"' in built.html_template
    assert all(mark not in built.html_template for mark in ("{{", "${", "`", "\\"))


def test_a_label_cannot_become_markup_or_a_template() -> None:
    assert "<b>" not in view("shell/prompt_line", label="<b>bold</b>").html_template
    with pytest.raises(ValueError, match="must be static"):
        view("shell/prompt_line", label="${alert(1)}")


def test_a_view_without_a_script_is_refused_when_the_page_is_built() -> None:
    with pytest.raises(FileNotFoundError, match="features/nothing"):
        view("features/nothing", label="Nothing")


def test_a_skeleton_keeps_its_form_and_gives_its_sentences() -> None:
    html = '<p class="a" hidden>Two &amp; more <b>words</b></p>\n<input aria-label="A name" value="x">'
    assert translated(html) == html
    assert list(sentences(html)) == ["Two & more", "words", "A name"]


@pytest.mark.parametrize("file", files(".html"), ids=lambda file: str(file.name))
def test_no_skeleton_changes_on_its_way_to_the_page(file: Path) -> None:
    plain = re.sub(r"\s+", " ", translated(file.read_text("utf-8")))
    assert plain == re.sub(r"\s+", " ", file.read_text("utf-8"))


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(Starlette(routes=routes()))


def test_every_module_is_served_and_may_be_kept(client: TestClient) -> None:
    for file in files(".js"):
        answer = client.get(f"/{address()}{file.relative_to(EXPLORER)}")
        written, served = file.read_text("utf-8").split("\n"), answer.text.split("\n")
        assert len(served) == len(written)  # a fault is at the line that the browser names
        assert all(one in ("", other) for one, other in zip(served, written, strict=True))
        assert answer.headers["content-type"].startswith("text/javascript")
        assert "immutable" in answer.headers["cache-control"]


def test_only_comments_that_fill_their_lines_are_left_out() -> None:
    for file in files(".js"):
        text = file.read_text("utf-8")
        for found in COMMENT.finditer(text):
            assert found[0].strip().startswith(("//", "/**"))
            assert "*/" not in found[0].rstrip()[:-2]
            before = COMMENT.sub("", text[: found.start()])
            assert re.sub(r"\\`|\s//.*", "", before).count("`") % 2 == 0, found[0]  # in no template


def test_gradios_own_parts_may_be_kept_and_come_compressed(client: TestClient) -> None:
    for file in (next(GRADIO.glob("index-*.js")), next(GRADIO.glob("index-*.css"))):
        answer = client.get(f"/assets/{file.name}", headers={"Accept-Encoding": "br"})
        assert answer.content == file.read_bytes()
        assert (answer.headers["content-encoding"], "immutable" in answer.headers["cache-control"]) == ("br", True)
        assert int(answer.headers["content-length"]) < len(answer.content) / 2
    for name in ("..%2findex.html", "nothing.js", "%2e%2e"):
        assert client.get(f"/assets/{name}").status_code == 404


def test_latin_type_is_served_and_has_every_letter_the_style_promises(client: TestClient) -> None:
    for font in FONTS:
        answer = client.get(f"/{address()}{font}")
        assert answer.headers["content-type"] == "font/woff2"
        letters = TTFont(io.BytesIO(answer.content)).getBestCmap()
        assert {*range(0x20, 0x7F), *range(0xA0, 0x180), *map(ord, "–—‘’“”…→≤√−")} <= letters.keys()


@pytest.mark.parametrize("name", ["../settings.py", "web/../../app.py", "settings.py", "web/calls.d.ts", "%2e/app.py"])
def test_nothing_else_is_served(client: TestClient, name: str) -> None:
    assert client.get(f"/{address()}{name}").status_code == 404


def test_plotly_comes_from_its_package(client: TestClient) -> None:
    assert client.get(f"/{PLOTLY_ADDRESS}").content == PLOTLY.read_bytes()


def test_all_style_sheets_are_one_with_the_shared_one_first(client: TestClient) -> None:
    text = client.get(f"/{address()}style.css").text
    assert text == styles()
    assert text.index("--accent") < text.index(".strip")
    assert all(sheet.read_text("utf-8").strip() in text for sheet in files(".css"))


def test_no_style_sheet_asks_for_anything_from_elsewhere() -> None:
    assert "http" not in styles()
    assert "@import" not in styles()


def test_another_content_is_another_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = address()
    (tmp_path / "web").mkdir()
    (tmp_path / "web/a.js").write_text("export const a = 1;\n")
    monkeypatch.setattr("explorer.shell.assets.EXPLORER", tmp_path)
    address.cache_clear()
    after = address()
    address.cache_clear()
    assert before != after
    assert re.fullmatch(r"assets/[0-9a-f]{16}/", after)
