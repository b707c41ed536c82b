"""What the Completion tab asks: what may come next, and how the text goes on."""

from explorer.features.completion.beams import beams
from explorer.features.completion.gaps import filled
from explorer.features.completion.next_token import distribution, next_token, word_probability
from explorer.features.completion.writing import compare, complete, replay, write

__all__ = [
    "beams",
    "compare",
    "complete",
    "distribution",
    "filled",
    "next_token",
    "replay",
    "word_probability",
    "write",
]
