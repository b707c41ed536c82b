"""What a run will cost, told before it begins: some families have no end of context, and their squares fill a machine.

A run keeps the residual stream, queries and keys, which grow with the text; and some families hold whole tables of a
number for each query and key besides, which grow with its square, in memory and in time.
"""

from typing import TYPE_CHECKING

from models.attention.captured import CapturedAttention, LayerAttention
from models.errors import PromptTooLong
from models.limits import MOST_SECONDS
from models.translation import _, number

if TYPE_CHECKING:
    from models.engine.language_model import LanguageModel

NUMBER = 4  # bytes
AT_ONCE = 5
"""Tables held at once by one layer: scores, biases, mask and their copies (measured on T5: 3 to 5)."""

SECONDS_A_MILLION = 0.01
"""Of one processor for a million numbers of such a table in each layer: storybook-t5, 0.6 s for 1,000 tokens, 2.7 s for
2,000, growing a little faster than the square."""


def tables_of(layers: list[LayerAttention]) -> int:
    """How many tables of a number for each head, query and key a run of these layers holds at its fullest."""
    whole = [layer for layer in layers if layer.shape[0] and not isinstance(layer, CapturedAttention)]
    biased = any(isinstance(layer, CapturedAttention) and layer.bias is not None for layer in layers)
    return len(whole) + (AT_ONCE if whole or biased else 0)


def run_bytes(model: "LanguageModel", source: int, target: int) -> int:
    """About how many bytes a run over so many tokens needs at its fullest; an encoder-decoder reads two texts."""
    longest, along = max(source, target), source + target
    kept = along * (model.layers + 1) * model.width * NUMBER * (1 if not model.heads else 3)
    return kept + model.tables * model.heads * longest * longest * NUMBER


def run_seconds(model: "LanguageModel", longest: int) -> float:
    """About how many seconds the tables of one run take on a processor, which is most of a long run with tables."""
    if not model.tables or model.network.device.type != "cpu":
        return 0.0
    stacks = 2 if model.kind == "encoder-decoder" else 1
    return SECONDS_A_MILLION * stacks * model.layers * model.heads * longest**2 / 1e6


def check_size(model: "LanguageModel", source: int, target: int = 0) -> None:
    """Refuse a run over more tokens, of more bytes or of more time than one may have here."""
    for name, count in ((_("text"), source), (_("target text"), target)):
        if model.max_tokens is not None and count > model.max_tokens:
            raise PromptTooLong(
                _(
                    "The {name} is {count} tokens long and this page runs at most {limit} at once; shorten it.",
                    name=name,
                    count=count,
                    limit=model.max_tokens,
                )
            )
    needed = run_bytes(model, source, target)
    if model.max_bytes is not None and needed > model.max_bytes:
        raise PromptTooLong(
            _(
                "A run of {model} over {count} tokens takes about {needed} GB of memory, and one may take {limit} "
                "here; shorten the text.",
                model=model.name,
                count=source + target,
                needed=number(needed / 1e9, 1),
                limit=number(model.max_bytes / 1e9, 1),
            )
        )
    seconds = run_seconds(model, max(source, target))
    if model.max_bytes is not None and seconds > MOST_SECONDS:
        raise PromptTooLong(
            _(
                "A run of {model} over {count} tokens takes about {seconds} seconds, and one may take {limit} here; "
                "shorten the text.",
                model=model.name,
                count=source + target,
                seconds=round(seconds),
                limit=MOST_SECONDS,
            )
        )
