"""The ten ordinary openings of the model cards, and what a model makes of them: its first try, not its best."""

from collections import Counter
from collections.abc import Sequence

from tokenizers import Tokenizer

from models.training.presets import Network, Objective
from models.training.samples import completion, filled, missing

SEED = 2026
TOKENS = 80

OPENINGS = (
    "Once upon a time there was",
    "The little boy ran down the hill and",
    '"Where are you going?" asked the',
    "It was a cold morning, and the snow",
    "The old woman opened the door and said,",
    "Far away in the forest there lived",
    "When Mary woke up the next day, she",
    "The king had three daughters, and",
    "The rabbit looked at the fox and",
    "They sat down by the fire, and grandfather began to",
)

MASKED = (
    "Once upon a time there was a little [MASK] who lived in the forest.",
    "The little boy ran down the [MASK] as fast as he could.",
    '"Where are you [MASK]?" asked the old man.',
    "It was a cold morning, and the [MASK] lay deep on the ground.",
    "The old woman opened the [MASK] and looked out.",
    "The king had three [MASK], and the youngest was the fairest of all.",
    "She put on her hat and [MASK] and went out into the garden.",
    "The rabbit looked [MASK] the fox and ran away.",
    "They sat down by the [MASK] to warm their hands.",
    "He opened his [MASK] and began to read.",
)

GAPS = (
    "Once upon a time <extra_id_0> a little girl who lived <extra_id_1> the forest.",
    "The little boy ran down <extra_id_0> as fast as <extra_id_1> could.",
    '"Where are <extra_id_0> going?" asked the old man. "I am going <extra_id_1>," said the boy.',
    "It was a cold <extra_id_0>, and the snow lay deep on <extra_id_1>.",
    "The old woman opened <extra_id_0> and looked <extra_id_1>.",
    "The king had <extra_id_0> daughters, and the youngest was <extra_id_1> of all.",
    "She put on <extra_id_0> and went out <extra_id_1> garden.",
    "The rabbit looked at <extra_id_0> and ran away as <extra_id_1> as he could.",
    "They sat down <extra_id_0> the fire to warm <extra_id_1> hands.",
    "He opened his book and <extra_id_0> to <extra_id_1>.",
)


COMPLETIONS_PER_OPENING = 8
"""Completions of each opening that are searched for loops."""


def looping(network: Network, tokenizer: Tokenizer) -> tuple[int, int]:
    """How many completions contain the same four tokens three times, and of how many."""
    written = [
        tokenizer.encode(completion(network, tokenizer, text, SEED + 100 * again + number, TOKENS)[len(text) :]).ids
        for number, text in enumerate(OPENINGS)
        for again in range(COMPLETIONS_PER_OPENING)
    ]
    return sum(map(loops, written)), len(written)


def loops(ids: Sequence[int]) -> bool:
    """Whether four tokens in a row stand three times or more in `ids`."""
    fours = Counter(zip(ids, ids[1:], ids[2:], ids[3:], strict=False))
    return max(fours.values(), default=0) > 2


def ten(objective: Objective, network: Network, tokenizer: Tokenizer) -> list[tuple[str, str]]:
    """Each opening with what the model makes of it."""
    if objective == "masked":
        return [(text, filled(network, tokenizer, text)) for text in MASKED]
    if objective == "gaps":
        return [(text, missing(network, tokenizer, text)) for text in GAPS]
    return [
        (text, completion(network, tokenizer, text, SEED + number, TOKENS)[len(text) :])
        for number, text in enumerate(OPENINGS)
    ]
