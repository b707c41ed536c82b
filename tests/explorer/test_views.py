"""Views are static skeletons, their functions answer in sentences, and the look is legible."""

import itertools
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
import pytest

from explorer.page import Page, Tab
from explorer.tabs import tabs
from explorer.theme import diverging_scale, plotly_scale, sequential_scale
from explorer.views import rpc, styles, view
from explorer.views.view import FOLDER
from models.errors import UnknownModel

VIEWS = sorted(path.stem for path in FOLDER.glob("*.html"))


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_has_a_script_and_a_static_skeleton(name: str) -> None:
    built = view(name, label="A part")
    assert (FOLDER / f"{name}.js").is_file()
    assert 'aria-label="A part"' in built.html_template
    assert all(mark not in built.html_template for mark in ("{{", "${", "`", "\\"))


def test_a_label_cannot_become_markup_or_a_template() -> None:
    assert "<b>" not in view("examples", label="<b>bold</b>").html_template
    with pytest.raises(ValueError, match="must be static"):
        view("examples", label="${alert(1)}")


def test_a_function_keeps_its_name_and_turns_errors_into_sentences() -> None:
    def look_up(payload: dict[str, Any]) -> dict[str, Any]:
        raise UnknownModel(f"No model is called {payload['model']}.")

    wrapped = rpc(look_up)
    assert wrapped.__name__ == "look_up"
    assert wrapped({"model": "x"}) == {"error": "No model is called x."}


@pytest.mark.parametrize("payload", [None, [], "text", 3, {"model": 3}, {"text": None}, {"target": ["a"]}])
def test_a_request_of_the_wrong_shape_is_a_sentence(payload: Any) -> None:
    answer = rpc(lambda given: given)(payload)
    assert set(answer) == {"error"}
    assert answer["error"].endswith(".")


def test_a_programming_error_stays_an_error() -> None:
    with pytest.raises(ZeroDivisionError):
        rpc(lambda payload: {"value": 1 / payload["number"]})({"number": 0})


def test_all_style_sheets_are_in_the_page_with_the_shared_one_first() -> None:
    text = styles()
    assert text.index("--accent") < text.index(".strip")
    assert all(sheet.read_text("utf-8").strip() in text for sheet in FOLDER.glob("*.css"))


def test_no_style_sheet_asks_for_anything_from_elsewhere() -> None:
    assert "http" not in styles()
    assert "@import" not in styles()


def test_tabs_come_in_their_order_and_each_asks_a_question() -> None:
    found = tabs()
    assert [tab.order for tab in found] == sorted(tab.order for tab in found)
    assert len({tab.name for tab in found}) == len(found) >= 4
    assert all(tab.question.endswith("?") for tab in found)


def test_a_new_file_is_a_new_tab(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    source = "from explorer.tabs import Tab\nTAB = Tab(title='Length', question='How long?', order=99, build=print)\n"
    (tmp_path / "length.py").write_text(source)
    monkeypatch.setattr("explorer.tabs.__path__", [*__import__("explorer.tabs").tabs.__path__, str(tmp_path)])
    assert tabs()[-1].title == "Length"


@pytest.mark.parametrize("key", ["width", "layer", "text", "two words", ""])
def test_a_control_needs_a_name_of_its_own(key: str) -> None:
    with gr.Blocks():
        page = Page.__new__(Page)
        page.controls = {"width": gr.Slider(0, 1)}
        with pytest.raises(ValueError, match="a name of its own"):
            page.control(key, gr.Slider(0, 1))


def test_a_tab_applies_to_every_model_unless_it_says_otherwise() -> None:
    tab = Tab(title="Two Words", question="?", order=1, build=print)
    assert tab.name == "two-words"
    assert tab.applies("decoder", {"model": "x"}) is True


def luminance(colour: Any) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = np.asarray(colour, dtype=float) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.2126, 0.7152, 0.0722]))


def as_seen_without(cones: str, colour: Any) -> Any:
    """A colour as seen without red ("protan") or green ("deutan") cones (Machado, Oliveira and Fernandes 2009)."""
    matrix = {
        "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    }[cones]
    return np.clip(np.asarray(matrix) @ np.asarray(colour, dtype=float), 0, 255)


@pytest.mark.parametrize("cones", ["protan", "deutan"])
def test_the_sequential_scale_grows_lighter_for_every_eye(cones: str) -> None:
    seen = [luminance(as_seen_without(cones, colour)) for colour in sequential_scale()[::15]]
    assert all(earlier < later for earlier, later in itertools.pairwise(seen))


@pytest.mark.parametrize("cones", ["protan", "deutan"])
def test_the_ends_of_the_diverging_scale_differ_for_every_eye(cones: str) -> None:
    scale = diverging_scale()
    low, middle, high = (as_seen_without(cones, scale[index]) for index in (24, 128, 231))
    assert luminance(middle) > 2 * max(luminance(low), luminance(high))
    assert low[2] > high[2] + 40  # one end stays bluish, the other does not


def test_the_plotly_scale_is_the_same_scale() -> None:
    stops = plotly_scale(sequential_scale())
    assert (stops[0][0], stops[-1][0]) == (0, 1)
    assert stops[-1][1] == "rgb({},{},{})".format(*sequential_scale()[255])
