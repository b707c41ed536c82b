"""The Completion tab: the next token's distribution, a text as it is written, two sides at once, and beam search.

One strip chooses the part; the rules stand beside what they change. Which part shows is `completion_part` of the store,
which `parts.js` writes on the body; `completion.css` lays out the rest by it. While two runs are compared their rules
stand on either side of what both say; so this tab lays out its comparison itself, between its own controls.
"""

import gradio as gr

from explorer.features import Page, Tab
from explorer.features.completion import presets, second_side
from explorer.features.completion.presets import ROWS
from explorer.shell.view import view
from models.translation import _

PARTS = ["next", "two", "reference", "beams"]


def _build(page: Page) -> None:
    _more(page)
    _notes(page)
    page.choice("completion_part", "next", PARTS)
    with gr.Row(elem_classes=["completion-strip", "not-encoder"]):
        view("features/completion/parts", label=_("Parts of this tab"))
        presets.build()
    with gr.Row(elem_classes="completion-desk"):
        with gr.Column(elem_classes=["completion-rules", "completion-slim", "not-encoder", "part-rules"], min_width=0):
            _rules(page)
        with gr.Column(elem_classes=["completion-bars", "part-next"], min_width=0):
            _next(page)
        with gr.Column(elem_classes=["completion-text", "part-next", "not-encoder"], min_width=0):
            view("features/completion/writing", label=_("Completion"))
            view("features/completion/branch_tree", label=_("Branches"))
        with gr.Column(elem_classes=["completion-sides", "part-sides"], min_width=0):
            second_side.sides(page)
        with gr.Column(elem_classes=["completion-rules", "completion-slim", "part-sides", "of-b"], min_width=0):
            second_side.rules(page)
        with gr.Column(elem_classes=["completion-reference", "part-reference", "not-encoder"], min_width=0):
            page.choice("reference_text", "")
            page.choice("reference_beam", False)
            view("features/completion/reference", label=_("Reference text"), picture=True)
        with gr.Column(elem_classes=["completion-beams", "part-beams", "not-encoder"], min_width=0):
            _beams(page)


def _rules(page: Page) -> None:
    slider = gr.Slider(0, 2, 1, step=0.05, label=_("Temperature"), info=_("0 is greedy, 1 is off"))
    page.control("temperature", slider)
    slider = gr.Slider(0, 200, 0, step=1, label=_("Top-k"), info=_("keep the k likeliest; 0 is off"))
    page.control("top_k", slider)
    slider = gr.Slider(0.01, 1, 1, step=0.01, label=_("Top-p"), info=_("keep this much probability; 1 is off"))
    page.control("top_p", slider)
    with gr.Row(elem_classes="completion-pair"):
        page.control("seed", second_side.seed(_("Seed")))
        box = gr.Number(40, label=_("Length, tokens"), precision=0, minimum=1, maximum=2000, min_width=0)
        page.control("length", box)


def _more(page: Page) -> None:
    with page.drawer(_("More")):
        with gr.Column(elem_classes="not-encoder"):
            slider = gr.Slider(0, 1, 0, step=0.01, label=_("Min-p"), info=_("× the likeliest; 0 is off"))
            page.control("min_p", slider)
            slider = gr.Slider(0.01, 1, 1, step=0.01, label=_("Typical-p"), info=_("1 is off"))
            page.control("typical_p", slider)
            info = _("above 1 avoids words already there")
            slider = gr.Slider(0.5, 2, 1, step=0.05, label=_("Repetition penalty"), info=info)
            page.control("repetition_penalty", slider)
            page.control("greedy", gr.Checkbox(label=_("Greedy: always the likeliest"), container=False))
            info = _("writing ends when it appears")
            page.control("stop", gr.Textbox("", label=_("Stop text"), info=info, max_lines=1))
            measures = [(_("probability"), "probability"), (_("rank"), "rank"), (_("entropy"), "entropy")]
            page.control("colour_by", gr.Radio(measures, value="probability", label=_("Colour the text by")))
        with gr.Column(elem_classes=["part-sides", "of-b"]):
            second_side.more(page)
        view("features/completion/numbers", label=_("The distribution in numbers"))


def _notes(page: Page) -> None:
    """A note for each part, all in one place."""
    with gr.Column(elem_classes=["completion-note", "part-next"]):
        page.note(
            _(
                "**Look for** how a lower temperature, a smaller top-k or top-p moves probability from unlikely tokens "
                "to likely ones; point at a token of the text to see what else was weighed there, click an alternative "
                "to go on from it. **It does not prove** what is true: a probable word is what texts like this went on "
                "with. Nor does it prove planning: every token was drawn before the next was thought of."
            )
        )
    with gr.Column(elem_classes=["completion-note", "part-sides"]):
        page.note(
            _(
                "Side A uses the rules on the left, side B those on the right. **Look for** tokens that one side finds "
                "likely and the other does not, and in the texts for the first token where the two part: what each "
                "side gave both candidates there says whether it was a close call. With one vocabulary, one seed and "
                "prompts of as many tokens, both draw with the same random numbers. **It does not prove** which side "
                "is better; that takes many texts."
            )
        )
    with gr.Column(elem_classes=["completion-note", "part-reference"]):
        page.note(
            _(
                "A text that should follow, such as a translation made by a person. **Look for** how BLEU and chrF of "
                "the completions compare with the bits the model gives the reference itself: a model may find it "
                "likely and write another. A decoder writes as many tokens as the reference has. **It does not prove** "
                "that a text with a low score is bad: it may say the same in other words."
            )
        )
    with gr.Column(elem_classes=["completion-note", "part-beams"]):
        page.note(
            _(
                "Each column is one token further. Amber: the best text. Struck through: the best of those dropped "
                "there. Per cent: how likely the tokens so far are on average; point at one for more.\n\n**Look for** "
                "a beam that starts behind and wins, and one dropped just before it would have paid off. **It does not "
                "prove** quality: the likeliest text is often the dullest. Temperature, top-k and top-p "
                "play no part here."
            )
        )


def _next(page: Page) -> None:
    page.choice("next_log", False)
    page.choice("next_order", "probability", ["probability", "final_probability"])
    page.choice("next_rows", ROWS)
    page.choice("next_word", "")
    for key, first in (("next_mask", 0), ("written_token", -1)):
        page.choice(key, first, of_run=True)
    for key in ("next_filled", "written_ids", "written_branches"):
        page.choice(key, [], of_run=True)
    with gr.Column(elem_classes=["only-encoder", "completion-gaps"], min_width=0):
        view("features/completion/gap_sentence", label=_("The text with its gaps filled"), picture=True)
    view("features/completion/distribution", label=_("What comes next"), picture=True)


def _beams(page: Page) -> None:
    page.choice("beams_drawn", False)
    with gr.Row(elem_classes=["completion-pair", "completion-slim"]):
        page.control("beams", gr.Slider(1, 10, 3, step=1, label=_("Beam width, texts")))
        page.control("beam_length", gr.Slider(1, 60, 12, step=1, label=_("Longest text, tokens")))
    view("features/completion/beams", label=_("Beam search"), picture=True)


TAB = Tab(
    title=_("Completion"),
    question=_("How does the model choose the next token?"),
    order=40,
    build=_build,
    name="completion",
    needs=("words",),
)
