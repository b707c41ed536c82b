"""The Why tab: why the model says a token rather than another, part by part."""

from explorer.features import Page, Tab
from explorer.features.why.endpoints import ORDER as METHODS
from explorer.shell.view import view
from models.translation import _

STEPS = ("50", "200", "1000")
"""Of integrated gradients: where 50 do not reach the whole difference, more often do."""


def _build(page: Page) -> None:
    page.choice("why_token", "")
    page.choice("why_against", "")
    page.parts(
        "why_view",
        [
            ("contributions", _("Contributions"), _contributions),
            ("attribution", _("Attribution"), _attribution),
            ("neurons", _("Neurons"), _neurons),
        ],
    )


def _contributions(page: Page) -> None:
    page.note(
        _(
            "A logit is a sum: every part of the model writes into the residual stream, and the token's row of the "
            "unembedding reads the stream along one direction. Each bar is what one part adds along it, from top to "
            "bottom; open a bar to see what it is made of. The final norm divides by a number that depends on all "
            "parts; it is kept as it was in this run (frozen), so that the parts add up (Elhage et al. 2021).\n\n"
            "**Look for** the few parts that carry the answer, and the words that a head brings it from. Compare with "
            "a second token: what raises all tokens alike falls out of the difference.\n\n"
            "**It does not prove** that the answer would be gone without a part: later parts read what earlier ones "
            "wrote, and could make up for it. That is measured by switching it off (see Attention)."
        )
    )
    page.choice("why_opened", "")
    view("features/why/contributions", label=_("Contributions to the logit"), picture=True)


def _attribution(page: Page) -> None:
    page.note(
        _(
            "Seven ways to say which tokens made the difference to this logit; each row is shaded on a scale of its "
            "own, zero in the colour of the page. Gradients say what a small step would change; integrated gradients "
            "add them up on the way from nothing (the mean embedding) to the text, so that they sum to the whole "
            "difference; leaving a token out says what one large step changes, and hiding, replacing and deleting it "
            "are three different steps.\n\n"
            "**Look for** tokens that all rows agree on, and a curve that falls faster than the random one: then the "
            "order has found what the logit rests on.\n\n"
            "**It does not prove** how the model came to its word. The rows answer different questions, and where "
            "they disagree none of them is the truth; attention rollout does not even know which token is asked about."
        )
    )
    page.choice("why_method", METHODS[0], METHODS)
    page.choice("why_baseline", "mean", ("mean", "zero"))
    page.choice("why_steps", STEPS[0], STEPS)
    view("features/why/attribution", label=_("Attribution to the tokens"), picture=True)


def _neurons(page: Page) -> None:
    page.note(
        _(
            "A feed-forward layer is a memory of neurons: each is active when it reads something it knows, and then "
            "writes its own fixed vector into the residual stream. The grid shows, layer by layer, those that write "
            "most at the chosen token, with the word each raises most; choose one to see what it reads and writes.\n\n"
            "**Look for** words of one kind among what a neuron raises, and passages that have something in common.\n\n"
            "**It does not prove** that a neuron means one thing: most take part in many, and later layers may use "
            "what it writes for something else than words. What it reads is measured on single embeddings, which only "
            "the first layer sees as they are. Passages come from eight old books; another text may move it more."
        )
    )
    page.choice("why_neuron", "")
    page.choice("why_search", "")
    view("features/why/neurons", label=_("Neurons"), picture=True)


def _compare(page: Page) -> None:
    parts = [
        ("contributions", _("Contributions"), _both_contributions),
        ("attribution", _("Attribution"), _both_attributions),
    ]
    page.parts("why_view", parts, of_both=True)


def _both_contributions(page: Page) -> None:
    page.note(
        _(
            "The logit of the same word on both sides, each as the sum of what its parts add to it: A's bar over B's, "
            "all on one scale. Parts of one model pair by name; those of two models stand beside each other at the "
            "same fraction of the way, and what the deeper one has in between stands alone.\n\n"
            "**Look for** the rows with the largest A − B: there the two runs come to see the word differently. Across "
            "two models compare with a second token: a logit has no zero of its own, only its lead over another has "
            "a meaning that both share.\n\n"
            "**It does not prove** that parts in one row do the same work, nor that a difference is made there: a part "
            "may only pass on what differed before it. What a part causes is measured by patching (see Layers)."
        )
    )
    view("features/why/compare_parts", label=_("Contributions of both sides"), picture=True)


def _both_attributions(page: Page) -> None:
    page.note(
        _(
            "The logit of the same word on both sides, and what each stretch of text counts for it: A's bar over B's, "
            "in logits on one scale (rollout in shares of attention). One text is cut where the tokens of both sides "
            "end, two texts into words; a stretch counts the sum of its tokens. Rank agreement is Spearman's ρ over "
            "the stretches that both sides have.\n\n"
            "**Look for** the rows with the largest A − B, and methods that agree about both sides: a high ρ by all of "
            "them says that the two runs lean on the same words.\n\n"
            "**It does not prove** that they do so for the same reason. Logits of two models have scales of their own: "
            "compare the order, not the height of the bars. Leaving out is measured token by token, which is not what "
            "leaving out several together would give."
        )
    )
    view("features/why/compare_attribution", label=_("Attribution of both sides"), picture=True)


TAB = Tab(
    title=_("Why"),
    question=_("Why this token?"),
    order=45,
    build=_build,
    compare=_compare,
    name="why",
    needs=("words",),
)
