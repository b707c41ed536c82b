"""The Embeddings tab: where a model's vectors lie, which are close, what their sums mean, and how a text's own move."""

from collections.abc import Callable, Sequence

import gradio as gr

from explorer.features import Page, Tab
from explorer.features.embeddings.map import AUTOMATIC, METHODS
from explorer.shell.view import view
from models.projection.methods import COMPONENTS, MAX_POINTS
from models.translation import _, number

VIEWS = ("map", "arithmetic", "layers", "positions")
NO_GROUP = {"where": "lasso", "rows": []}


def _build(page: Page) -> None:
    page.choice("embeddings_view", VIEWS[0], VIEWS)
    with gr.Tabs(elem_id="embeddings-views", overflow_behavior="wrap"):
        _part("map", _("Map"), lambda: _map(page))
        _part("arithmetic", _("Word arithmetic"), lambda: _arithmetic(page))
        _part("layers", _("Through the layers"), lambda: _trajectories(page))
        _part("positions", _("Positions"), lambda: _positions(page))


def _part(name: str, title: str, build: Callable[[], None]) -> None:
    with gr.Tab(title, id=name):
        build()


def _spaces() -> list[tuple[str, str]]:
    return [
        (_("Input embedding"), "input"),
        (_("Output embedding"), "output"),
        (_("Positions"), "positions"),
        (_("This text"), "text"),
    ]


def _colourings() -> list[tuple[str, str]]:
    return [
        (_("Kind of token, or place in this text"), "kind"),
        (_("Number of characters"), "length"),
        (_("Length of the vector"), "norm"),
        (_("Cosine to the chosen token"), "distance"),
        (_("One colour"), "none"),
    ]


def _dimensions() -> gr.Radio:
    return gr.Radio([(_("2-D"), "2-D"), (_("3-D"), "3-D")], value="2-D", label=_("Dimensions"), min_width=130)


def _stack(label: str) -> gr.Radio:
    stacks = [(_("Decoder"), "decoder"), (_("Encoder"), "encoder")]
    return gr.Radio(stacks, value="decoder", label=label, min_width=160, elem_classes="only-encoder-decoder")


def _map(page: Page) -> None:
    gr.Markdown(
        _(
            "**Look for** tokens that share a use lying close together, and whether the text's tokens (ringed) keep "
            "company you would expect. **It does not prove** that two points far apart are unlike: a flat picture "
            "loses most of the space, so trust the list of neighbours, which is measured in all of it."
        ),
        elem_classes="note",
    )
    _map_controls(page)
    for key, first in (("map_query", ""), ("map_chosen", -1), ("map_group", NO_GROUP), ("map_camera", [])):
        page.choice(key, first)
    view("features/embeddings/scatter", label=_("Map of vectors"), height=640)


def _arithmetic(page: Page) -> None:
    gr.Markdown(
        _(
            "**Look for** a sum that lands on the word you had in mind. **It does not prove** that the model reasons "
            "this way: the three words themselves are left out of the answers, and the table says how often it works "
            "at all."
        ),
        elem_classes="note",
    )
    with gr.Row(equal_height=True):
        for key, label, word in (("sum_a", "a", "king"), ("sum_b", "− b", "man"), ("sum_c", "+ c", "woman")):
            page.control(key, gr.Textbox(word, label=label, max_lines=1, max_length=200, min_width=120))
        page.control("sum_space", gr.Dropdown(_spaces()[:2], value="input", label=_("Vectors"), min_width=160))
    view("features/embeddings/arithmetic", label=_("Word arithmetic"))


def _trajectories(page: Page) -> None:
    gr.Markdown(
        _(
            "**Look for** one word in different sentences starting at one point and parting on the way. **It does not "
            "prove** that the model understood the difference: it shows that the surroundings moved the vector, not "
            "what for."
        ),
        elem_classes="note",
    )
    with gr.Row(equal_height=True):
        sentences = gr.Textbox(
            label=_("More sentences, one per line"), lines=3, max_lines=12, max_length=10_000, scale=3
        )
        page.control("paths_sentences", sentences)
        word = gr.Textbox(
            label=_("Only this word"), info=_("empty for all"), max_lines=1, max_length=200, min_width=140
        )
        page.control("paths_word", word)
        metrics = [(_("Direction only"), "cosine"), (_("As they are"), "euclidean")]
        page.control("paths_metric", gr.Radio(metrics, value="cosine", label=_("Vectors"), min_width=160))
        page.control("paths_dimensions", _dimensions())
        page.control("paths_stack", _stack(_("Stack")))
    for key in ("paths_pair", "paths_camera"):
        page.choice(key, [])
    view("features/embeddings/trajectories", label=_("Tokens through the layers"), height=560)


def _positions(page: Page) -> None:
    gr.Markdown(
        _(
            "**Look for** how near and far are told apart. **It does not prove** that a head uses distance: that shows "
            "in the attention patterns only."
        ),
        elem_classes="note",
    )
    page.choice("positions_scheme", "")
    view("features/embeddings/positions", label=_("Positions"), height=380)


def _map_controls(page: Page) -> None:
    with gr.Row(equal_height=True):
        page.control("map_space", gr.Dropdown(_spaces(), value="input", label=_("Vectors"), min_width=160))
        methods = [(name, method) for method, name in METHODS.items()]
        page.control("map_method", gr.Radio(methods, value="pca", label=_("Projection"), min_width=200))
        page.control("map_dimensions", _dimensions())
        page.control("map_colour", gr.Dropdown(_colourings(), value="kind", label=_("Colour by"), min_width=160))
    with gr.Accordion(_("Map settings"), open=False):
        _text_controls(page)
        _projection_controls(page)


def _text_controls(page: Page) -> None:
    """Where in the network the text's own vectors are read; the slider ends where the model does."""
    page.choice("map_depth", 0)
    with gr.Row(equal_height=True):
        view("features/embeddings/text_depth", label=_("Depth (this text)"))
        page.control("map_stack", _stack(_("Stack (this text)")))


def _projection_controls(page: Page) -> None:
    with gr.Row(equal_height=True):
        info = _("PCA: which component")
        for key, label, first in (
            ("map_x", _("x axis: component"), 1),
            ("map_y", _("y axis: component"), 2),
            ("map_z", _("z axis: component (3-D)"), 3),
        ):
            page.control(key, gr.Number(first, label=label, info=info, minimum=1, maximum=COMPONENTS, precision=0))
    with gr.Row(equal_height=True):
        metrics = [(_("Euclidean distance"), "euclidean"), (_("Direction only (cosine)"), "cosine")]
        page.control("map_metric", gr.Radio(metrics, value="euclidean", label=_("Distance metric")))
        page.control("map_sample", gr.Dropdown(_samples(), value=AUTOMATIC, label=_("Vectors projected")))
        page.control("map_seed", gr.Number(0, label=_("Seed"), minimum=0, maximum=2**31 - 1, precision=0))
    with gr.Row(equal_height=True):
        page.control("map_perplexity", gr.Slider(2, 100, value=30, step=1, label=_("t-SNE: perplexity")))
        page.control("map_near", gr.Slider(2, 200, value=15, step=1, label=_("UMAP: neighbours")))
        page.control("map_spread", gr.Slider(0, 0.99, value=0.1, step=0.01, label=_("UMAP: min_dist")))


def _samples() -> Sequence[tuple[str, int]]:
    return [
        (_("All with PCA, {count} otherwise", count=10_000), AUTOMATIC),
        *((number(count), count) for count in (5_000, 20_000, 50_000)),
        (_("All, up to {count}", count=MAX_POINTS), 0),
    ]


TAB = Tab(
    title=_("Embeddings"),
    question=_("Which tokens have similar embeddings?"),
    order=30,
    build=_build,
    name="embeddings",
)
