"""What the Completion tab asks: what may come next, and how the text goes on."""

from explorer.features.completion.beams import beams
from explorer.features.completion.gaps import filled
from explorer.features.completion.next_token import distribution, word_probability
from explorer.features.completion.reference import reference
from explorer.features.completion.sides import next_of_both, parting, write_two
from explorer.features.completion.writing import replay, write

__all__ = [
    "beams",
    "distribution",
    "filled",
    "next_of_both",
    "parting",
    "reference",
    "replay",
    "word_probability",
    "write",
    "write_two",
]
