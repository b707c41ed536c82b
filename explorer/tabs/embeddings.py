"""The Embeddings tab: where a model's vectors lie, which are close, what their sums mean, and how a text's own move."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

import gradio as gr

from explorer.embeddings import arithmetic, colours, paths, positions
from explorer.embeddings import map as point_map
from explorer.embeddings.payload import Answer, Payload
from explorer.tabs import Page, Tab
from explorer.views import rpc, view
from models.projection import COMPONENTS, MOST_POINTS
from models.projection_queue import projections

Functions: TypeAlias = Mapping[str, Callable[[Payload], Answer]]

DEEPEST = 200  # until a model is here to say how deep it is
MAP = ("svg_pen", "map_view", "map_painter", "map_labels", "point_map")  # each script builds on those before it
SPACES = [
    ("Input embedding", "input"),
    ("Output embedding", "output"),
    ("Positions", "positions"),
    ("This text", "text"),
]
SAMPLES = [
    ("All with PCA, 10,000 otherwise", point_map.AUTOMATIC),
    ("5,000", 5000),
    ("20,000", 20000),
    ("50,000", 50000),
    (f"All, up to {MOST_POINTS:,}", 0),
]
MAP_LOOK_FOR = (
    "**Look for** tokens that share a use lying close together, and whether the text's tokens (ringed) keep company "
    "you would expect. **It does not prove** that two points far apart are unlike: a flat picture loses most of the "
    "space, so trust the list of neighbours, which is measured in all of it."
)
SUM_LOOK_FOR = (
    "**Look for** a sum that lands on the word you had in mind. **It does not prove** that the model reasons this way: "
    "the three words themselves are left out of the answers, and the table says how often it works at all."
)
PATHS_LOOK_FOR = (
    "**Look for** one word in different sentences starting at one point and parting on the way. **It does not prove** "
    "that the model understood the difference: it shows that the surroundings moved the vector, not what for."
)
POSITIONS_LOOK_FOR = (
    "**Look for** how near and far are told apart. **It does not prove** that a head uses distance: that shows in the "
    "attention patterns only."
)
TWO_SENSES = ["He kept his gold in the bank.\nThe boat lay on the bank of the river.", "bank"]


def _build(page: Page) -> None:
    with gr.Tabs(overflow_behavior="wrap"):
        with gr.Tab("Map", id="map"):
            _map(page)
        with gr.Tab("Word arithmetic", id="arithmetic"):
            _arithmetic(page)
        with gr.Tab("Through the layers", id="paths"):
            _paths(page)
        with gr.Tab("Positions", id="positions"):
            _positions(page)


def _map(page: Page) -> None:
    gr.Markdown(MAP_LOOK_FOR, elem_classes="note")
    _map_controls(page)
    asked = point_map.functions(page.pool, projections(page.settings.cache))
    functions = _served({**asked, "colours": partial(colours.colours, page.pool)})
    view("scatter", label="Map of vectors", functions=functions, parts=[*MAP, "map_document"], height=640)


def _arithmetic(page: Page) -> None:
    gr.Markdown(SUM_LOOK_FOR, elem_classes="note")
    with gr.Row(equal_height=True):
        for key, label, word in (("sum_a", "a", "king"), ("sum_b", "− b", "man"), ("sum_c", "+ c", "woman")):
            page.control(key, gr.Textbox(word, label=label, max_lines=1, max_length=200, min_width=120))
        page.control("sum_space", gr.Dropdown(SPACES[:2], value="input", label="Vectors", min_width=160))
    asked = {
        "arithmetic": partial(arithmetic.arithmetic, page.pool),
        "accuracy": partial(arithmetic.accuracy, page.pool),
    }
    view("arithmetic", label="Word arithmetic", functions=_served(asked))


def _paths(page: Page) -> None:
    gr.Markdown(PATHS_LOOK_FOR, elem_classes="note")
    with gr.Row(equal_height=True):
        sentences = gr.Textbox(label="More sentences, one per line", lines=3, max_lines=12, max_length=10_000, scale=3)
        page.control("paths_sentences", sentences)
        word = gr.Textbox(label="Only this word", info="empty for all", max_lines=1, max_length=200, min_width=140)
        page.control("paths_word", word)
        metrics = [("Direction only", "cosine"), ("As they are", "euclidean")]
        page.control("paths_metric", gr.Radio(metrics, value="cosine", label="Vectors", min_width=160))
        page.control("paths_dimensions", gr.Radio(["2-D", "3-D"], value="2-D", label="Dimensions", min_width=130))
        stacks = gr.Radio(["decoder", "encoder"], value="decoder", label="Stack", visible=False, min_width=160)
        page.control("paths_stack", stacks)
    _shown_for_two_stacks(page, stacks)
    example = gr.Button("Try: one word in two senses", size="sm", scale=0)
    example.click(None, None, [sentences, word], js=f"() => {json.dumps(TWO_SENSES)}")
    asked = {"trajectories": partial(paths.trajectories, page.pool), "likeness": partial(paths.likeness, page.pool)}
    parts = [*MAP, "draw_figure"]
    view("trajectories", label="Tokens through the layers", functions=_served(asked), parts=parts, height=560)
    view("figure", label="Cosine of two tokens by depth", plotly=True, elem_id="paths-figure")


def _positions(page: Page) -> None:
    gr.Markdown(POSITIONS_LOOK_FOR, elem_classes="note")
    asked = {"positions": partial(positions.positions, page.pool)}
    view("positions", label="Positions", functions=_served(asked), parts=["draw_figure"])
    view("figure", label="Figure of the position scheme", plotly=True, elem_id="positions-figure")


def _shown_for_two_stacks(page: Page, control: gr.Radio) -> None:
    page.subject.change(
        lambda subject: gr.update(visible=subject["kind"] == "encoder-decoder"),
        page.subject,
        control,
        show_progress="hidden",
        api_visibility="private",
    )


def _served(functions: Functions) -> list[Callable[[Any], Any]]:
    """The functions under the names the script calls them by."""
    return [_named(name, function) for name, function in functions.items()]


def _named(name: str, function: Callable[[Payload], Answer]) -> Callable[[Any], Any]:
    def answer(payload: dict[str, Any]) -> Answer:
        return function(payload)

    answer.__name__ = name
    return rpc(answer)


def _map_controls(page: Page) -> None:
    with gr.Row(equal_height=True):
        page.control("map_space", gr.Dropdown(SPACES, value="input", label="Vectors", min_width=160))
        methods = [(name, method) for method, name in point_map.METHODS.items()]
        page.control("map_method", gr.Radio(methods, value="pca", label="Projection", min_width=200))
        page.control("map_dimensions", gr.Radio(["2-D", "3-D"], value="2-D", label="Dimensions", min_width=130))
        names = [(name.capitalize(), key) for key, name in colours.BY.items()]
        page.control("map_colour", gr.Dropdown(names, value="kind", label="Colour by", min_width=160))
    with gr.Accordion("Settings of the map", open=False):
        _text_controls(page)
        _projection_controls(page)


def _text_controls(page: Page) -> None:
    """Where in the network the text's own vectors are read; the slider ends where the model does."""
    with gr.Row(equal_height=True):
        depth = gr.Slider(0, DEEPEST, value=0, step=1, label="Depth (this text)", info="0 is before the first block")
        page.control("map_depth", depth)
        stack = gr.Radio(["decoder", "encoder"], value="decoder", label="Stack (this text)", visible=False)
        page.control("map_stack", stack)
    _shown_for_two_stacks(page, stack)
    page.subject.change(
        lambda subject: gr.update(maximum=_deepest(subject)),
        page.subject,
        depth,
        show_progress="hidden",
        api_visibility="private",
    )


def _deepest(subject: Mapping[str, Any]) -> int:
    return max(kind["layers"] for kind in subject["attention_kinds"])


def _projection_controls(page: Page) -> None:
    with gr.Row(equal_height=True):
        for key, name, value in (("map_x", "across", 1), ("map_y", "upwards", 2), ("map_z", "in depth (3-D)", 3)):
            info = "PCA: which component"
            box = gr.Number(value, label=f"Component {name}", info=info, minimum=1, maximum=COMPONENTS, precision=0)
            page.control(key, box)
    with gr.Row(equal_height=True):
        metrics = [("Euclidean distance", "euclidean"), ("Direction only (cosine)", "cosine")]
        page.control("map_metric", gr.Radio(metrics, value="euclidean", label="What counts as close"))
        page.control("map_sample", gr.Dropdown(SAMPLES, value=point_map.AUTOMATIC, label="Vectors projected"))
        page.control("map_seed", gr.Number(0, label="Seed", minimum=0, maximum=2**31 - 1, precision=0))
    with gr.Row(equal_height=True):
        page.control("map_perplexity", gr.Slider(2, 100, value=30, step=1, label="t-SNE: perplexity"))
        page.control("map_near", gr.Slider(2, 200, value=15, step=1, label="UMAP: neighbours"))
        page.control("map_spread", gr.Slider(0, 0.99, value=0.1, step=0.01, label="UMAP: smallest distance"))


TAB = Tab(title="Embeddings", question="Which tokens does the model hold close together?", order=30, build=_build)
