"""The What if? tab: what a change to the model or the text does to what comes next."""

from collections.abc import Callable

import gradio as gr

from explorer.features import Page, Tab
from explorer.shell.view import view
from models.translation import _

VIEWS = ("effect",)
ORDERS = ("likeliest", "moved")


def _build(page: Page) -> None:
    page.choice("experiment_view", VIEWS[0], VIEWS)
    page.choice("experiment_order", ORDERS[0], ORDERS)
    with gr.Tabs(elem_id="experiment-views", elem_classes="subtabs", overflow_behavior="wrap"):
        _part("effect", _("Before and after"), lambda: _effect(page))


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


TAB = Tab(
    title=_("What if?"),
    question=_("What does a change to the model do?"),
    order=48,
    build=_build,
    name="experiment",
    needs=("words",),
)
