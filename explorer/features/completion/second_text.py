"""Two at once: the settings and the model of the second text."""

import gradio as gr

from explorer.features import Page
from explorer.shell.view import view
from models.catalog import offered
from models.translation import _


def texts(page: Page) -> None:
    """Lay out the two texts, which stand between the rules of the first and those of the second."""
    page.choice("two_drawn", False)
    view("features/completion/two_texts", label=_("Two at once"), picture=True)


def rules(page: Page) -> None:
    """Lay out the second text's controls, in the order of the first's."""
    page.control("second_temperature", gr.Slider(0, 2, 1.3, step=0.05, label=_("Second temperature")))
    page.control("second_top_k", gr.Slider(0, 200, 0, step=1, label=_("Second top-k")))
    page.control("second_top_p", gr.Slider(0.01, 1, 1, step=0.01, label=_("Second top-p")))
    with gr.Row(elem_classes=["completion-pair", "is-uneven"]):
        page.control("second_seed", seed(_("Second seed")))
        page.control("second_model", _model(page))


def more(page: Page) -> None:
    """Lay out what is rarely asked of the second text, for the drawer."""
    page.control("second_min_p", gr.Slider(0, 1, 0, step=0.01, label=_("Second min-p")))
    slider = gr.Slider(0.5, 2, 1, step=0.05, label=_("Second penalty"))
    page.control("second_repetition_penalty", slider)


def seed(label: str) -> gr.Number:
    """A box for a seed."""
    return gr.Number(0, label=label, precision=0, minimum=0, min_width=0)


def _model(page: Page) -> gr.Dropdown:
    writers = [(entry.name, entry.name) for entry in offered() if entry.kind != "encoder"]
    return gr.Dropdown(
        [(_("the same model"), ""), *writers], value="", label=_("Second model"),
        allow_custom_value=page.settings.mode == "local", min_width=0,
    )  # fmt: skip
