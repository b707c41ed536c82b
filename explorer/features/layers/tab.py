"""The Layers tab: what the model would say at every depth and position, through a lens."""

from explorer.features import Page, Tab
from explorer.shell.view import view
from models.lenses.names import LENSES
from models.translation import _

MEASURES = ("probability", "entropy", "rank", "kl")


def _build(page: Page) -> None:
    page.choice("lens", LENSES[0], LENSES)
    page.choice("lens_by", MEASURES[0], MEASURES)
    page.choice("lens_only_words", False)
    page.choice("lens_down", False)
    page.choice("lens_every", False)
    page.choice("lens_depth", -1)
    page.choice("lens_words", [])
    page.note(
        _(
            "**Look for** the depth where the answer first takes the lead, and for what stood there before it. "
            "The logit lens applies the final norm, its statistics computed anew at each depth, and the output "
            "embedding; the tuned and the Jacobian lens first carry the residual to where the last depth would have "
            "it. **It does not prove** that the model “thinks” these words: every lens is exact at the last depth "
            "only, and the column “agrees” says how often its first guess was the model's own on held-out text.\n\n"
            "The Jacobian lens multiplies by the average change of the last depth with a depth before it: a decoder's "
            "over this position and those after it (Gurnee et al. 2026). For an encoder, and for the short texts an "
            "encoder-decoder writes, it is over all positions, those before it too: a convention of ours. It is the "
            "decoder's residual that is read then; the encoder's depths are read by the DecoderLens."
        )
    )
    view("features/layers/layers", label=_("Layers"), picture=True)


def _compare(page: Page) -> None:
    page.choice("lens_distance", "kl", ("kl", "js"))
    page.note(
        _(
            "**Look for** the depth where the two sides begin to say different words, and for the tokens where they "
            "part first. Each depth of A stands beside the depth of B at the same fraction of its way. KL(A ‖ B) is "
            "how many bits too many one would pay who expected B where A is right; the Jensen–Shannon divergence is "
            "the same both ways and 1 bit at most. Two vocabularies have no such distance: there each cell holds the "
            "probability of A's last word on both sides, found in B by what it spells.\n\n"
            "**It does not prove** that depths of two models do the same work, nor that a model “thinks” these words: "
            "every lens is exact at the last depth only."
        )
    )
    view("features/layers/compare_layers", label=_("Layers of both sides"), picture=True)


TAB = Tab(
    title=_("Layers"),
    question=_("What would the model say if it stopped here?"),
    order=25,
    build=_build,
    compare=_compare,
    name="layers",
    needs=("words",),
)
