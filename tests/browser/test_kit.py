"""The scripts' kit in a real browser, on an empty page: what needs elements, keys, a theme, files or a canvas."""

import json
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import plotly
import pytest
from playwright.sync_api import Browser, Page

from explorer.theme import scales
from tests.web import EXPLORER

PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
STYLE = """
body { --background-fill-primary: #fff; --body-text-color: #111; --body-text-color-subdued: #444; --accent: #4f46e5; }
body.dark { --background-fill-primary: #101010; --body-text-color: #eee; }
#host { width: 400px; height: 300px; }
"""
HOSTILE = "</script><script>window.pwned=1</script>"


class Handler(SimpleHTTPRequestHandler):
    """The explorer's scripts, Plotly's, and an empty page with a configuration."""

    def do_GET(self) -> None:
        if self.path == "/plotly.js":
            self._send(PLOTLY.read_bytes(), "text/javascript")
        elif self.path == "/":
            self._send(_page().encode(), "text/html; charset=utf-8")
        else:
            super().do_GET()

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


def _page() -> str:
    configuration = {
        "language": "en", "sentences": {}, "controls": {}, "assets": "", "plotly": "plotly.js",
        **scales(),
    }  # fmt: skip
    return (
        f"<!doctype html><title>kit</title><link rel='icon' href='data:,'><style>{STYLE}</style>"
        f'<script type="application/json" id="explorer-configuration">{json.dumps(configuration)}</script>'
        '<body><div id="host"></div></body>'
    )


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(EXPLORER)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def kit(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 800, "height": 600}, reduced_motion="reduce")
    page = context.new_page()
    faults = watched(page)
    page.goto(address)
    yield page
    context.close()
    assert faults == []


def watched(page: Page) -> list[str]:
    """The script errors and complaints of a page, as they come."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    return faults


def test_elements_hold_text_as_text(kit: Page) -> None:
    found = kit.evaluate(
        """async (hostile) => {
          const { h, find, svg } = await import("./web/dom.js");
          const pressed = [];
          const button = h("button", { class: "action", "data-row": 3, "aria-pressed": false, disabled: false,
            style: { color: "red" }, onclick: () => pressed.push("pressed") }, hostile, null, ["a", 1]);
          document.body.append(button, svg("svg", { width: 10 }, svg("text", { x: 1 }, hostile)));
          find(document, "button.action", HTMLButtonElement).click();
          let lacking = "";
          try { find(document, "canvas", HTMLCanvasElement); } catch (error) { lacking = error.message; }
          return { html: button.outerHTML, pressed, lacking, svg: document.querySelector("svg text").textContent };
        }""",
        "<b onclick=x>",
    )
    assert found["html"] == (
        '<button type="button" class="action" data-row="3" aria-pressed="false" style="color: red;">'
        "&lt;b onclick=x&gt;a1</button>"
    )
    assert found["pressed"] == ["pressed"]
    assert found["lacking"] == "The view lacks its part canvas."
    assert found["svg"] == "<b onclick=x>"


def test_a_list_box_has_one_tab_stop_and_follows_keys_and_clicks(kit: Page) -> None:
    kit.evaluate(
        """async () => {
          const { h, listbox } = await import("./web/dom.js");
          const cells = [..."abcd"].map((text) => h("span", { class: "cell" }, text));
          const root = h("div", { "aria-label": "tokens" }, cells);
          document.body.append(h("button", null, "before"), root);
          window.chosen = [];
          let selected = -1;
          const list = listbox(root, {
            items: () => [...root.querySelectorAll(".cell")],
            selected: () => selected,
            onSelect: (index) => { window.chosen.push(index); selected = index; list.update(); },
          });
        }"""
    )
    options = kit.get_by_role("option")
    kit.get_by_role("button", name="before").focus()
    kit.keyboard.press("Tab")
    assert options.nth(0).evaluate("(node) => node === document.activeElement")
    for key in ("ArrowRight", "End", "ArrowDown", "ArrowLeft", "Home"):
        kit.keyboard.press(key)
    assert kit.evaluate("window.chosen") == [1, 3, 2, 0]
    options.nth(2).click()
    assert [options.nth(place).get_attribute("aria-selected") for place in range(4)] == [
        "false",
        "false",
        "true",
        "false",
    ]
    assert [options.nth(place).get_attribute("tabindex") for place in range(4)] == ["-1", "-1", "0", "-1"]
    assert kit.get_by_role("listbox", name="tokens").count() == 1


def test_colours_are_those_the_browser_makes_of_them(kit: Page) -> None:
    found = kit.evaluate(
        """async () => {
          const { contrast, cssVariable, hexRgb, inkOn, rgbOf, sequential } = await import("./web/colour.js");
          const worst = Math.min(...sequential.colours.map((colour) => contrast(colour, hexRgb(inkOn(colour)))));
          return { red: rgbOf("hsl(0 100% 50%)"), accent: rgbOf(cssVariable("--accent")), worst };
        }"""
    )
    assert found["red"] == [255, 0, 0]
    assert found["accent"] == [79, 70, 229]
    assert found["worst"] >= 4.5  # WCAG AA


def test_a_change_of_theme_and_of_size_is_told_once(kit: Page) -> None:
    told = kit.evaluate(
        """async () => {
          const { onResize, onTheme } = await import("./web/dom.js");
          const host = document.getElementById("host");
          const told = [];
          const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
          onTheme(host, () => told.push("theme"));
          onResize(host, (width, height) => told.push(`${width} x ${height}`));
          await frame();
          document.body.classList.add("dark");
          await frame();
          document.body.classList.add("unrelated");
          host.style.display = "none";
          await frame();
          host.style.display = "";
          await frame();
          host.style.width = "200px";
          await frame();
          return told;
        }"""
    )
    assert told == ["400 x 300", "theme", "200 x 300"]


def test_files_are_saved_under_their_names(kit: Page) -> None:
    with kit.expect_download() as download:
        kit.evaluate("""async () => (await import("./web/dom.js")).download("a.json", "[1]", "application/json")""")
    assert download.value.suggested_filename == "a.json"
    assert Path(download.value.path()).read_text("utf-8") == "[1]"


def test_where_the_clipboard_may_not_be_used_text_is_copied_by_selection(kit: Page) -> None:
    copied = kit.evaluate(
        """async () => {
          const { copy } = await import("./web/dom.js");
          Object.defineProperty(navigator, "clipboard", { value: undefined });
          const heard = [];
          document.addEventListener("copy", () => heard.push(document.activeElement.value));
          return [await copy("the text"), heard, document.querySelectorAll("textarea").length];
        }"""
    )
    assert copied == [True, ["the text"], 0]


def test_a_figure_takes_the_themes_colours_and_keeps_its_zoom(kit: Page) -> None:
    found = kit.evaluate(
        """async () => {
          const { figure, plotly } = await import("./web/plot.js");
          const host = document.getElementById("host");
          await figure(host, { data: [{ y: [1, 3, 2] }], layout: { title: { text: "one" } } });
          const library = await plotly();
          await library.relayout(host, { "xaxis.range": [0, 1] });
          const light = host._fullLayout.font.color;
          document.body.classList.add("dark");
          const twice = () => Number(host.dataset.drawn) > 1;
          while (!twice()) await new Promise((done) => setTimeout(done, 20));
          await figure(host, { data: [{ y: [2, 1, 5] }], layout: { title: { text: "two" } } });
          const kept = [light, host._fullLayout.font.color, host._fullLayout.xaxis.range, document.scripts.length];
          await figure(host, null);
          return [...kept, host.dataset.drawn];
        }"""
    )
    assert found[:3] == ["#111", "#eee", [0, 1]]
    assert found[4] == "0"


MAP = """
  const { createMap } = await import("./web/map/map.js");
  const host = document.getElementById("host");
  const picked = [];
  const names = ["·king", hostile, "", "·queen"];
  const map = createMap(host, { label: "Map", name: (index) => names[index], pick: (index) => picked.push(index) });
  map.setPoints(Uint16Array.of(0, 0, 65535, 65535, 0, 65535, 65535, 0), 2);
  map.setShades(Uint8Array.of(0, 1, 1, 0), [[255, 0, 0], [0, 0, 255]]);
  map.setMarks([{ index: 3, name: "·queen" }]);
  while (!host.dataset.drawn) await new Promise((done) => requestAnimationFrame(done));
"""


def test_a_map_is_moved_picked_from_and_saved(kit: Page) -> None:
    found = kit.evaluate(
        f"""async (hostile) => {{ {MAP}
          Object.assign(window, {{ map, picked }});
          return {{ at: map.at(1), svg: map.svg("<title>") }};
        }}""",
        HOSTILE,
    )
    assert found["svg"].startswith("<svg xmlns=")
    assert "&lt;title&gt;" in found["svg"]
    box = kit.locator(".map-canvas").bounding_box()
    assert box is not None
    kit.mouse.click(box["x"] + found["at"][0], box["y"] + found["at"][1])
    kit.mouse.click(box["x"] + 200, box["y"] + 150)
    assert kit.evaluate("picked") == [1, -1]
    kit.locator(".map-canvas").focus()
    kit.keyboard.press("+")
    kit.keyboard.press("ArrowRight")
    view = kit.evaluate("map.state.view")
    assert view["zoom"] == pytest.approx(1.4)
    assert view["x"] > 65535 / 2
    kit.evaluate("map.zoomTo(0)")
    assert kit.evaluate("map.state.view.x") == 0


def test_a_saved_map_opens_from_a_file_alone_and_asks_for_nothing(kit: Page, browser: Browser, tmp_path: Path) -> None:
    text = kit.evaluate(
        f"""async (hostile) => {{ {MAP}
          const {{ mapDocument }} = await import("./web/map/document.js");
          return mapDocument(map, {{ title: `Map ${{hostile}}`, caption: "Four points.", names }});
        }}""",
        HOSTILE,
    )
    file = tmp_path / "map.html"
    file.write_text(text, "utf-8")
    context = browser.new_context(offline=True)
    alone = context.new_page()
    faults = watched(alone)
    asked: list[str] = []
    alone.on("request", lambda request: asked.append(request.url) if not request.url.startswith("data:") else None)
    alone.goto(file.as_uri())
    alone.wait_for_selector(".map-host[data-drawn]")
    assert alone.locator("h1").text_content() == f"Map {HOSTILE}"
    assert alone.locator(".map-canvas").get_attribute("aria-label") == f"Map {HOSTILE}"
    before = int(alone.get_attribute(".map-host", "data-drawn") or 0)
    alone.get_by_label("Find a token").fill("queen")
    alone.keyboard.press("Enter")
    alone.wait_for_function(
        "(before) => Number(document.querySelector('.map-host').dataset.drawn) > before", arg=before
    )
    alone.wait_for_function(
        """() => {
          const canvas = document.querySelector("canvas");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          return new Set(new Uint32Array(data.buffer)).size > 3;
        }"""
    )
    assert alone.evaluate("window.pwned") is None
    assert (faults, asked) == ([], [file.as_uri()])
    context.close()
