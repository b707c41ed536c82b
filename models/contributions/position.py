"""Which position a question about a logit means."""

from models.engine.trace import Trace
from models.errors import InputError
from models.translation import _


def position_of(trace: Trace, position: int) -> int:
    """The position counted from 0; below 0 it counts from the end, and −1 is a masked model's first mask, if any.

    Raises InputError where the text, an encoder-decoder's target, has no such position.
    """
    count = len(trace.target_tokens or trace.tokens)
    if isinstance(position, bool) or not -count <= position < count:
        raise InputError(
            _("position must be from {low} to {high}, not {value}.", low=-count, high=count - 1, value=position)
        )
    if position == -1 and trace.mask_positions:
        return trace.mask_positions[0]
    return position % count
