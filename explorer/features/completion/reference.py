"""The call that scores completions against a reference text."""

from collections.abc import Iterator
from typing import NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, Whole, call
from explorer.calls.sampling_request import SamplingRequest
from explorer.features.completion.endpoints import LengthRequest
from models.errors import Unsupported
from models.generation.beam_search import MAX_BEAMS
from models.generation.reference import Given, scores, signatures
from models.translation import _

CHARACTERS = 8_000


class ReferenceRequest(SamplingRequest, LengthRequest):
    """A reference text, and how completions are written to be scored against it."""

    reference: str = Field(max_length=CHARACTERS, description="What the continuation should be.")
    beams: Whole = Field(0, ge=0, le=MAX_BEAMS, description="Beams of a search; 0 is no search.")


class ScoredAnswer(TypedDict):
    """One completion (sampled, greedy or beams) against the reference: BLEU and chrF 0 to 100, exact match."""

    how: str
    text: str
    bleu: float
    chrf: float
    exact: bool


class GivenAnswer(TypedDict):
    """What the model gives the reference itself, in bits, over its tokens."""

    bits: float
    bits_per_byte: float
    tokens: int


class ReferenceMessage(TypedDict):
    """First what the model gives the reference, with sacrebleu's signatures; then each completion as it is written."""

    given: NotRequired[GivenAnswer]
    signatures: NotRequired[dict[str, str]]
    scored: NotRequired[ScoredAnswer]


@call
def reference(context: Context, request: ReferenceRequest) -> Iterator[ReferenceMessage]:
    """Score what the model writes against a reference text, and say what it gives that text itself."""
    model = context.model(request)
    if model.kind == "encoder":
        raise Unsupported(_("A masked model writes no text, so there is nothing to score against a reference."))
    found = scores(
        model, request.text, request.reference, request.sampling, target=request.target,
        max_new_tokens=request.max_new_tokens, beams=request.beams,
    )  # fmt: skip
    for one in found:
        if isinstance(one, Given):
            given: GivenAnswer = {"bits": one.bits, "bits_per_byte": one.bits_per_byte, "tokens": one.tokens}
            yield {"given": given, "signatures": signatures()}
        else:
            yield {
                "scored": {
                    "how": one.how,
                    "text": one.text,
                    "bleu": one.bleu,
                    "chrf": one.chrf,
                    "exact": one.exact,
                }
            }
