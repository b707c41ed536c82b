"""The calls about the next token: its distribution before and after the rules, and how likely a whole word is."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, Whole, call
from explorer.calls.answers import CandidateAnswer, candidate
from explorer.calls.sampling_request import SamplingRequest
from explorer.features.completion.presets import ROWS
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.generation.mass import mass_curve
from models.generation.next_token import next_token_distribution
from models.generation.sampling import RULES, Candidate, Distribution, largest
from models.generation.word_probability import WORD_CHARACTERS
from models.generation.word_probability import word_probability as probability_of

MAX_ROWS = 500
CONTEXT_CHARACTERS = 24  # of the text on each side of a mask


class DistributionRequest(SamplingRequest):
    """The rules, and which rows to list in which order; `mask` counts a masked model's masks from 0."""

    limit: Whole = Field(ROWS, ge=1, le=MAX_ROWS, description="How many candidates to list.")
    order: Literal["probability", "final_probability"] = Field("probability", description="Which one sorts them.")
    mask: Whole = Field(0, ge=0, description="Which mask, counted from 0.")


class MaskAnswer(TypedDict):
    """One mask of the text and what stands on either side of it."""

    position: int
    before: str
    after: str


class RuleAnswer(TypedDict):
    """A rule in force and how many tokens it removed."""

    name: str
    cut: int


class MassAnswer(TypedDict):
    """The probability of the first `ranks` tokens together; `kept` is how many top-p keeps."""

    ranks: list[int]
    cumulative: list[float]
    top_p: float
    kept: int


class FoundAnswer(TypedDict):
    """A distribution: entropies in bits; `kept_mass` is what the kept tokens had before the rules.

    `drawn` is the token that a completion with this seed begins with, null where the model writes no text.
    """

    candidates: list[CandidateAnswer]
    drawn: CandidateAnswer | None
    mass: MassAnswer
    rules: list[RuleAnswer]
    entropy: float
    final_entropy: float
    kept: int
    kept_mass: float
    vocab: int


class DistributionAnswer(TypedDict):
    """What may come next; nothing is found in a text without a mask where the model fills in masks."""

    masks: list[MaskAnswer]
    mask_token: str
    found: FoundAnswer | None


class WordRequest(SamplingRequest):
    """A word that may come next; `mask` counts a masked model's masks from 0."""

    word: str = Field(max_length=WORD_CHARACTERS, description="The word.")
    mask: Whole = Field(0, ge=0, description="Which mask, counted from 0.")


class WordAnswer(TypedDict):
    """The word's tokens, and their joint probability before and after the rules."""

    steps: list[CandidateAnswer]
    probability: float
    final_probability: float


@call
def distribution(context: Context, request: DistributionRequest) -> DistributionAnswer:
    """Filter the trace's logits at the end of the text, or at a mask, anew; the model does not run again."""
    sampling = request.sampling
    model, trace = context.model(request), context.trace(request)
    masks = [_mask(trace, place) for place in trace.mask_positions]
    answer: DistributionAnswer = {"masks": masks, "mask_token": str(model.tokenizer.mask_token or ""), "found": None}
    if trace.kind == "encoder" and not masks:
        return answer
    found = next_token_distribution(trace, sampling, mask=request.mask)
    return {**answer, "found": _found(model, trace, found, _listed(found, request))}


@call
def word_probability(context: Context, request: WordRequest) -> WordAnswer:
    """Say how likely this word is to come next; for a masked model, to stand at the mask."""
    model, sampling = context.model(request), request.sampling

    def trace(text: str, target: str) -> Trace:
        """Of a changed model not kept: what its changes take from the run's own text stays as it is there."""
        return model.trace(text, target) if request.changes else context.pool.trace(request.model, text, target)

    found = probability_of(model, context.trace(request), request.word, sampling, mask=request.mask, trace=trace)
    return {
        "steps": [candidate(model, one) for one in found.steps],
        "probability": found.probability,
        "final_probability": found.final_probability,
    }


def _listed(found: Distribution, request: DistributionRequest) -> tuple[Candidate, ...]:
    if request.order == "probability":
        return found.top(request.limit)
    return tuple(found.of(int(token)) for token in largest(found.final_probability, request.limit))


def _found(model: LanguageModel, trace: Trace, found: Distribution, listed: Sequence[Candidate]) -> FoundAnswer:
    drawn = None if trace.kind == "encoder" else found.of(found.draw(len(trace.target_tokens or trace.tokens)))
    return {
        "candidates": [candidate(model, one) for one in listed],
        "drawn": candidate(model, drawn) if drawn else None,
        "mass": _mass(found),
        "rules": [_rule(found, name) for name in found.sampling.rule_names()],
        "entropy": found.entropy,
        "final_entropy": found.final_entropy,
        "kept": int(found.kept.sum()),
        "kept_mass": float(found.probability[found.kept].sum(dtype=np.float64)),
        "vocab": len(found.logits),
    }


def _rule(found: Distribution, name: str) -> RuleAnswer:
    return {"name": name, "cut": int((found.cut_by_index == RULES.index(name)).sum())}


def _mass(found: Distribution) -> MassAnswer:
    curve = mass_curve(found)
    return {
        "ranks": curve.ranks.tolist(),
        "cumulative": np.round(curve.cumulative, 6).tolist(),
        "top_p": curve.top_p,
        "kept": curve.kept,
    }


def _mask(trace: Trace, place: int) -> MaskAnswer:
    token = trace.tokens[place]
    before, after = trace.text[: token.start], trace.text[token.end :]
    return {
        "position": place,
        "before": before if len(before) <= CONTEXT_CHARACTERS else "…" + before[-CONTEXT_CHARACTERS:],
        "after": after if len(after) <= CONTEXT_CHARACTERS else after[:CONTEXT_CHARACTERS] + "…",
    }
