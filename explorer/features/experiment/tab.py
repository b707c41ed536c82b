"""The What if? tab: what a change to the model or the text does to what comes next."""

from collections.abc import Callable
from typing import get_args

import gradio as gr

from explorer.features import Page, Tab
from explorer.shell.view import view
from models.sweeps.names import Direction, Metric, Of
from models.translation import _

VIEWS = ("effect", "sweep")
ORDERS = ("likeliest", "moved")


def _build(page: Page) -> None:
    page.choice("experiment_view", VIEWS[0], VIEWS)
    page.choice("experiment_order", ORDERS[0], ORDERS)
    with gr.Tabs(elem_id="experiment-views", elem_classes="subtabs", overflow_behavior="wrap"):
        _part("effect", _("Before and after"), lambda: _effect(page))
        _part("sweep", _("Sweep"), lambda: _sweep(page))


def _part(name: str, title: str, build: Callable[[], None]) -> None:
    with gr.Tab(title, id=name):
        build()


def _effect(page: Page) -> None:
    page.note(
        _(
            "The same text runs twice: through the model as it is, and with your changes. For each token there are two "
            "bars, its probability before and after. The distance between both distributions is the Kullback–Leibler "
            "divergence, KL(before ‖ after), in bits: 0 where nothing changed.\n\n"
            "**Look for** a change that moves one word and leaves the others alone, and compare it with the same "
            "change to another head or layer: a large effect says something only beside smaller ones.\n\n"
            "**It does not prove** that a part without effect does nothing: another may do its work when it is missing "
            "(backup heads), so try two at once. And a part set to zero gives later layers something they never saw "
            "in training; its mean is the gentler change."
        )
    )
    view("features/experiment/effect", label=_("Before and after"), picture=True)


def _sweep(page: Page) -> None:
    page.note(
        _(
            "Two texts that lead to different words. Each cell is a run of its own: one activation of one text's run "
            "is put into the run of the other (activation patching), and the colour says how much of the way from one "
            "answer to the other that goes: 0 none, 1 all of it. Left, the clean text's activations go into the "
            "corrupted run (denoise: what is enough?), in the middle the other way round (noise: what is needed?), "
            "right those of an unrelated text (control: what would any disturbance do?).\n\n"
            "**Look for** the depth where what carries the answer moves from the changed word to the last one, and for "
            "few heads that do it. Trust a cell where denoise and noise agree and the control stays pale.\n\n"
            "**It does not prove** that nothing else matters: what a part does can be done by another when it is "
            "patched, and a pale cell says only that this one alone is not enough. Another pair of texts can give "
            "another picture. While the model is changed, it is the changed model that is swept; changes that name a "
            "position of the page's text are left out."
        )
    )
    for key, names in (("sweep_of", Of), ("sweep_metric", Metric), ("sweep_direction", Direction)):
        page.choice(key, get_args(names)[0], get_args(names))
    for key in ("sweep_text", "sweep_other", "sweep_target", "sweep_token", "sweep_against", "sweep_cell"):
        page.choice(key, "")
    page.choice("sweep_estimate", False)
    view("features/experiment/sweep", label=_("Sweep"), picture=True)


TAB = Tab(
    title=_("What if?"),
    question=_("What does a change to the model do?"),
    order=48,
    build=_build,
    name="experiment",
    needs=("words",),
)
