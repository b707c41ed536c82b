"""The Embeddings tab: where a model's vectors lie, which are close, what their sums mean, and how a text's own move."""

from collections.abc import Sequence

import gradio as gr

from explorer.features import Page, Tab
from explorer.features.embeddings.choices import AUTOMATIC, METHODS
from explorer.shell.view import view
from models.limits import COMPONENTS, MAX_POINTS
from models.translation import _, number

POOLINGS = ("mean", "first", "last")
SPACES = ("input", "output", "positions", "text")
COLOURINGS = ("kind", "length", "norm", "distance", "none")
TOLD = ("map", "chosen", "group", "sum")  # what the headline of the map may be about
DIMENSIONS = ("2-D", "3-D")
STACKS = ("decoder", "encoder")
NO_GROUP = {"where": "lasso", "rows": []}


def _build(page: Page) -> None:
    page.parts(
        "embeddings_view",
        [
            ("map", _("Map"), _map),
            ("arithmetic", _("Word arithmetic"), _arithmetic),
            ("layers", _("Through the layers"), _trajectories),
            ("positions", _("Positions"), _positions),
            ("sentences", _("Sentences"), _sentences),
        ],
    )


def _map(page: Page) -> None:
    page.note(
        _(
            "**Look for** tokens that share a use lying close together, and whether the text's tokens (ringed) keep "
            "company you would expect. **It does not prove** that two points far apart are unlike: a flat picture "
            "loses most of the space, so trust the list of neighbours, which is measured in all of it."
        )
    )
    page.choice("map_space", "input", SPACES)
    page.choice("map_method", "pca", list(METHODS))
    page.choice("map_dimensions", DIMENSIONS[0], DIMENSIONS)
    page.choice("map_colour", "kind", COLOURINGS)
    page.choice("map_depth", 0)
    page.choice("map_stack", STACKS[0], STACKS)
    for key, first in (("map_query", ""), ("map_chosen", -1), ("map_group", NO_GROUP), ("map_camera", [])):
        page.choice(key, first)
    page.choice("map_sum", first=False)
    page.choice("map_told", TOLD[0], TOLD)
    view("features/embeddings/scatter", label=_("Map of vectors"), picture=True)
    with page.drawer(_("Map settings")):
        _projection_controls(page)


def _arithmetic(page: Page) -> None:
    page.note(
        _(
            "**Look for** a sum that lands on the word you had in mind. **It does not prove** that the model reasons "
            "this way: the three words themselves are left out of the answers, and the table says how often it works "
            "at all. The picture is the plane through the three words; an answer lies off it, by the distance told."
        )
    )
    for key, word in (("sum_a", "king"), ("sum_b", "man"), ("sum_c", "woman")):
        page.choice(key, word)
    page.choice("sum_space", SPACES[0], SPACES[:2])
    view("features/embeddings/arithmetic", label=_("Word arithmetic"), picture=True)


def _trajectories(page: Page) -> None:
    page.note(
        _(
            "**Look for** one word in different sentences starting at one point and parting on the way. **It does not "
            "prove** that the model understood the difference: it shows that the surroundings moved the vector, not "
            "what for."
        )
    )
    page.choice("paths_sentences", "")
    page.choice("paths_word", "")
    page.choice("paths_metric", "cosine", ("cosine", "euclidean"))
    page.choice("paths_dimensions", DIMENSIONS[0], DIMENSIONS)
    page.choice("paths_stack", STACKS[0], STACKS)
    for key in ("paths_pair", "paths_camera"):
        page.choice(key, [])
    view("features/embeddings/trajectories", label=_("Tokens through the layers"), picture=True)


def _positions(page: Page) -> None:
    page.note(
        _(
            "**Look for** how near and far are told apart. **It does not prove** that a head uses distance: that shows "
            "in the attention patterns only."
        )
    )
    page.choice("positions_scheme", "")
    view("features/embeddings/positions", label=_("Positions"), picture=True)


def _sentences(page: Page) -> None:
    page.note(
        _(
            "**Look for** sentences that mean alike in different words, and whether they stand closer than those that "
            "only share a word. **It does not prove** that the model was made for this: a language model never "
            "trained to compare sentences gives high cosines for nearly all of them, and only their order tells."
        )
    )
    examples = (
        _("The king rode into the dark forest."),
        _("A ruler travelled through the woods on his horse."),
        _("The hungry girl ate a red apple."),
        _("The apple tree stood in the garden."),
    )
    page.choice("pairs_sentences", "\n".join(examples))
    page.choice("pairs_pooling", POOLINGS[0], POOLINGS)
    view("features/embeddings/sentences", label=_("Sentences compared"), picture=True)


def _projection_controls(page: Page) -> None:
    info = _("PCA: which component")
    with gr.Row(equal_height=True):
        for key, label, first in (
            ("map_x", _("x axis"), 1),
            ("map_y", _("y axis"), 2),
            ("map_z", _("z axis (3-D)"), 3),
        ):
            box = gr.Number(first, label=label, info=info, minimum=1, maximum=COMPONENTS, precision=0, min_width=90)
            page.control(key, box)
    page.control("map_one_scale", gr.Checkbox(False, label=_("PCA: one scale for both axes"), container=False))
    metrics = [(_("Euclidean distance"), "euclidean"), (_("Direction only (cosine)"), "cosine")]
    page.control("map_metric", gr.Radio(metrics, value="euclidean", label=_("Distance metric")))
    with gr.Row(equal_height=True):
        samples = gr.Dropdown(_samples(), value=AUTOMATIC, label=_("Vectors projected"), min_width=150)
        page.control("map_sample", samples)
        seed = gr.Number(0, label=_("Seed"), minimum=0, maximum=2**31 - 1, precision=0, min_width=90)
        page.control("map_seed", seed)
    page.control("map_perplexity", gr.Slider(2, 100, value=30, step=1, label=_("t-SNE: perplexity")))
    page.control("map_near", gr.Slider(2, 200, value=15, step=1, label=_("UMAP: neighbours")))
    page.control("map_spread", gr.Slider(0, 0.99, value=0.1, step=0.01, label=_("UMAP: min_dist")))


def _samples() -> Sequence[tuple[str, int]]:
    return [
        (_("All with PCA, {count} otherwise", count=10_000), AUTOMATIC),
        *((number(count), count) for count in (5_000, 20_000, 50_000)),
        (_("All, up to {count}", count=MAX_POINTS), 0),
    ]


def _compare(page: Page) -> None:
    page.choice("states_depth", -1)
    page.note(
        _(
            "**Look for** tokens that stand elsewhere on side B. One model: the residuals of both texts lie on the "
            "principal components of both together, and a line joins tokens that correspond. The list is measured in "
            "all dimensions. Two models share no space: there linear CKA (Kornblith et al. 2019) says how alike the "
            "tokens' similarities to each other are, every depth of A with every depth of B; 1 for a rotated, scaled "
            "copy.\n\n"
            "**It does not prove** that a token that moved changed the answer. Few tokens make plain CKA high by "
            "themselves; here HSIC is estimated without bias (Song et al. 2012; Nguyen et al. 2021), which is about 0 "
            "by chance and can be negative, but from few tokens it is rough. One token far longer than the others, as "
            "the first often is, can decide it alone."
        )
    )
    view("features/embeddings/compare_states", label=_("States of both sides"), picture=True)


TAB = Tab(
    title=_("Embeddings"),
    question=_("Which tokens have similar embeddings?"),
    order=30,
    build=_build,
    compare=_compare,
    name="embeddings",
)
