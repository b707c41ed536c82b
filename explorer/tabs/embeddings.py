"""The Embeddings tab: where a model's vectors lie, which are close, what their sums mean, and how a text's own move."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

import gradio as gr

from explorer.embeddings import colours
from explorer.embeddings import map as point_map
from explorer.embeddings.payload import Answer, Payload
from explorer.tabs import Page, Tab
from explorer.views import rpc, view
from models.projection import COMPONENTS, MOST_POINTS
from models.projection_queue import projections

Functions: TypeAlias = dict[str, Callable[[Payload], Answer]]

DEEPEST = 200  # until a model is here to say how deep it is
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
LOOK_FOR = (
    "**Look for** tokens that share a use lying close together, and whether the text's tokens (ringed) keep company "
    "you would expect. **It does not prove** that two points far apart are unlike: a flat picture loses most of the "
    "space, so trust the list of neighbours, which is measured in all of it."
)


def _build(page: Page) -> None:
    known = projections(page.settings.cache)
    with gr.Tabs():  # noqa: SIM117 - more tabs follow
        with gr.Tab("Map", id="map"):
            gr.Markdown(LOOK_FOR, elem_classes="note")
            _map_controls(page)
            asked: Functions = {**point_map.functions(page.pool, known), "colours": partial(colours.colours, page.pool)}
            view("scatter", label="Map of vectors", functions=_served(asked), parts=["point_map"], height=640)


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
    page.subject.change(
        lambda subject: [gr.update(maximum=_deepest(subject)), gr.update(visible=subject["kind"] == "encoder-decoder")],
        page.subject,
        [depth, stack],
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
