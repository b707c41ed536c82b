"""The Surprisal tab: how well the model expected a text, token by token."""

from explorer.features import Page, Tab
from explorer.shell.view import view
from models.translation import _

MEASURES = ("surprisal", "probability", "rank")


def _build(page: Page) -> None:
    page.choice("surprisal_by", MEASURES[0], MEASURES)
    page.note(
        _(
            "**Look for** bits that pile up at the start of words and sentences, and drop inside a word once its first "
            "piece is known. **It does not prove** that a surprising text is wrong, or that a person would be "
            "surprised: the numbers say what this model learned to expect."
        )
    )
    view("features/surprisal/surprisal", label=_("Surprisal"), picture=True)


def _compare(page: Page) -> None:
    page.note(
        _(
            "**Look for** stretches in strong colour: there one side was surprised and the other was not; the numbers "
            "under each are the bits of A and of B. **It does not prove** that the cheaper side knows more: it may "
            "have seen such texts more often, and a total hides where it was worse."
        )
    )
    view("features/surprisal/both", label=_("Surprisal of both sides"), picture=True)


TAB = Tab(
    title=_("Surprisal"),
    question=_("How well did the model expect each word of this text?"),
    order=50,
    build=_build,
    compare=_compare,
    name="surprisal",
    needs=("words",),
)
