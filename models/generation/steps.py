"""What a completion yields: steps, each a token with its probability, and the place in the queue before the first."""

from dataclasses import dataclass, field

from models.generation.detokenizer import IncrementalDetokenizer
from models.generation.sampling import Candidate, Distribution
from models.text.tokens import Token

ALTERNATIVES = 10


@dataclass(frozen=True, kw_only=True)
class Step:
    """One token that was added.

    `probability` is the model's own, `final_probability` the one it was sampled with, `rank` its rank among all tokens
    before any rule (1 is the likeliest), `entropy` and `final_entropy` the entropy at this position in bits.
    `alternatives` are the likeliest tokens here. `completion` is all the text so far; `finish_reason` tells why this
    step is the last: "end" (the model's own end token), "stop text", "length" or "context", "" while it goes on.
    """

    token: Token
    probability: float
    final_probability: float
    rank: int
    entropy: float
    final_entropy: float
    alternatives: tuple[Candidate, ...] = field(repr=False)
    completion: str
    finish_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """The batch is full; `before` other requests are admitted first."""

    before: int


def step_of(found: Distribution, token_id: int, detokenizer: IncrementalDetokenizer, finish_reason: str) -> Step:
    """Append the sampled token to the text; the step it makes."""
    sampled = found.of(token_id)
    token = detokenizer.add(token_id)
    finish_reason = "stop text" if detokenizer.stopped else finish_reason
    if finish_reason:
        detokenizer.close()
    return Step(
        token=token,
        probability=sampled.probability,
        final_probability=sampled.final_probability,
        rank=sampled.rank,
        entropy=found.entropy,
        final_entropy=found.final_entropy,
        alternatives=found.top(ALTERNATIVES),
        completion=detokenizer.text,
        finish_reason=finish_reason,
    )
