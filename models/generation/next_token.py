"""The distribution at the end of a text or at one of its masks, from a trace: the model does not run again."""

from models.engine.trace import Trace
from models.errors import InputError
from models.generation.sampling import Candidate, Distribution, Sampling, distribution
from models.translation import _, _n


def next_token_distribution(trace: Trace, sampling: Sampling | None = None, *, mask: int = 0) -> Distribution:
    """What may come next after the text, or, for a masked model, stand at its mask number `mask` (counted from 0)."""
    sampling = sampling or Sampling()
    if trace.kind == "encoder":
        return distribution(trace.logits_at(mask_position(trace, mask)), sampling)
    read = trace.target_tokens or trace.tokens
    return distribution(trace.logits_at(-1), sampling, [token.id for token in read])


def mask_position(trace: Trace, mask: int) -> int:
    """The position of mask number `mask`. Raises InputError where the text has fewer."""
    count = len(trace.mask_positions)
    if not 0 <= mask < count:
        raise InputError(
            _n("This text has {count} mask, counted from 0.", "This text has {count} masks, counted from 0.", count)
        )
    return trace.mask_positions[mask]


def expected_tokens(trace: Trace, position: int, count: int = 8) -> tuple[Candidate, ...]:
    """The likeliest tokens at a position that a decoder has read, likeliest first, given all tokens before it."""
    if not 1 <= position < len(trace.target_tokens or trace.tokens):
        raise InputError(_("Choose a token after the first."))
    return distribution(trace.logits_at(position - 1), Sampling()).top(count)
