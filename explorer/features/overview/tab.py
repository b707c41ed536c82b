"""The Overview tab: the whole model on one screen, and every part of it a way into the other tabs."""

from explorer.features import Page, Tab
from explorer.shell.view import view
from models.translation import _


def _build(page: Page) -> None:
    page.choice("overview_depth", -1)
    page.choice("overview_begin", -1)
    page.choice("overview_counts", False)
    page.note(
        _(
            "Rows are tokens, columns are layers. The thick line is the chosen token's residual stream: every curve "
            "leaves a token that is looked at and lands on it, as wide as the weight. Under each ring stands what the "
            "model would say if it stopped there (the logit lens: nostalgebraist 2020). **Look for** amber: the word "
            "that will be said, where it already stands in the text, and the layer from which on it leads.\n\n"
            "**It does not prove** that a thick curve matters: attention says where information could flow. What "
            "“without this head” says beside it is measured: the head's output is set to zero and the model runs "
            "again. “What counts” draws what every head and feed-forward part adds to the logit of one token: orange "
            "raises it, purple lowers it, and with the embedding they add up to it (see Why); it is no measurement "
            "of what would happen without them."
        )
    )
    view("features/overview/overview", label=_("Overview"), picture=True)


def _compare(page: Page) -> None:
    page.note(
        _(
            "Both texts word by word; under them, for one model, how far the residual streams are apart at each depth; "
            "then what each side would say if it stopped there (the logit lens: nostalgebraist 2020), and at the end "
            "what it says. **Look for** the bar at the left of a guess: there the two first differ. **It does not "
            "prove** that the layer where they part is the cause: switch it off (What if?) to see that."
        )
    )
    view("features/overview/both_ways", label=_("Overview of both sides"), picture=True)


TAB = Tab(
    title=_("Overview"),
    question=_("How does the model come to its next word?"),
    order=5,
    build=_build,
    compare=_compare,
    name="overview",
    needs=("words", "attention"),
)
