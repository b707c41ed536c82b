"""How close completions come to a reference text: BLEU and chrF as sacrebleu defines them, and what the model gives it.

BLEU (Papineni et al. 2002) and chrF (Popović 2015) are sacrebleu's sentence scores (Post 2018), 0 to 100; its
signatures say how they are computed: BLEU's with exponential smoothing and effective order, as a single sentence needs.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from models.engine.language_model import LanguageModel
from models.errors import InputError
from models.generation.beam_search import beam_search
from models.generation.detokenizer import IncrementalDetokenizer
from models.generation.sampling import Sampling
from models.generation.scoring import score
from models.translation import _

SPACED = "\u0e00"  # from here on scripts put no spaces between words


@dataclass(frozen=True, kw_only=True)
class Scored:
    """One text against the reference: `how` it was written, BLEU and chrF from 0 to 100, whether it is the same."""

    how: str
    text: str
    bleu: float
    chrf: float
    exact: bool


@dataclass(frozen=True, kw_only=True)
class Given:
    """What the model gives the reference itself: bits over its tokens, and per UTF-8 byte; its end is not counted."""

    bits: float
    bits_per_byte: float
    tokens: int


def scores(
    model: LanguageModel,
    text: str,
    reference: str,
    sampling: Sampling | None = None,
    *,
    target: str = "",
    max_new_tokens: int = 40,
    beams: int = 0,
) -> Iterator[Given | Scored]:
    """What the model gives the reference, then its completions against it: sampled, greedy, with beams if asked for.

    A decoder writes as many tokens as the reference has, an encoder-decoder until it ends its text, and neither more
    than `max_new_tokens`. Spaces at either end play no part in a comparison. Raises InputError for an empty reference,
    or one that does not begin where a token does.
    """
    reference = joined_to(target if model.kind == "encoder-decoder" else text, reference)
    given = what_it_gives(model, text, reference, target=target)
    yield given
    length = max_new_tokens if model.kind == "encoder-decoder" else min(max_new_tokens, given.tokens)
    sampling = sampling or Sampling()
    ways = (
        {"greedy": Sampling(greedy=True)}
        if sampling.is_greedy
        else {"sampled": sampling, "greedy": Sampling(greedy=True)}
    )
    for how, settings in ways.items():
        *_steps, last = model.complete(text, settings, max_new_tokens=length, target=target)
        yield scored(how, last.completion, reference)
    if beams:
        *_trees, tree = beam_search(model, text, width=beams, max_new_tokens=length, target=target)
        written = IncrementalDetokenizer(model.token_decoder, tree.ids(tree.finished[0]))
        written.close()
        yield scored("beams", written.text, reference)


def joined_to(start: str, reference: str) -> str:
    """The reference as it continues a text: with a space where two words would run into each other."""
    if not reference.strip():
        raise InputError(_("Type a reference text."))
    runs_on = bool(start) and start[-1].isalnum() and reference[0].isalnum()
    return f" {reference}" if runs_on and max(start[-1], reference[0]) < SPACED else reference


def what_it_gives(model: LanguageModel, text: str, reference: str, *, target: str = "") -> Given:
    """The surprisal of the reference, as it stands behind the text, or behind what the decoder has written."""
    both = model.kind == "encoder-decoder"
    start = model.tokenize(target, target=True) if both else model.tokenize(text)
    trace = model.trace(text, target + reference) if both else model.trace(text + reference)
    found = score(trace)
    if [token.id for token in found.tokens[: len(start)]] != [token.id for token in start]:
        raise InputError(_("The reference does not begin where a token does: begin it with a space, or a whole word."))
    counted = [
        bits
        for position, bits in zip(found.positions.tolist(), found.surprisal.tolist(), strict=True)
        if position >= len(start) and not found.tokens[position].special
    ]
    bits = float(sum(counted))
    return Given(bits=bits, bits_per_byte=bits / len(reference.encode("utf-8", "surrogatepass")), tokens=len(counted))


def scored(how: str, written: str, reference: str) -> Scored:
    """A text against the reference, as sacrebleu scores a sentence."""
    one, other = written.strip(), reference.strip()
    return Scored(
        how=how,
        text=written,
        bleu=BLEU(effective_order=True).sentence_score(one, [other]).score,
        chrf=CHRF().sentence_score(one, [other]).score,
        exact=one == other,
    )


def signatures() -> dict[str, str]:
    """How sacrebleu computes both, in its own notation."""
    found = {}
    for name, metric in {"BLEU": BLEU(effective_order=True), "chrF": CHRF()}.items():
        metric.sentence_score("a", ["a"])  # the signature names the number of references, known once one was given
        found[name] = str(metric.get_signature())
    return found
