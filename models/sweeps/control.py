"""A text that has nothing to do with the others, as long as they are: what its activations restore, any would."""

from itertools import chain, repeat

from models.engine.cache import derived
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.sweeps.pair import Side

# The Little Mermaid, as Mrs. H. B. Paull translated it in 1872.
PASSAGE = (
    "Far out in the ocean, where the water is as blue as the prettiest cornflower, and as clear as crystal, it is "
    "very, very deep; so deep, indeed, that no cable could fathom it: many church steeples, piled one upon another, "
    "would not reach from the ground beneath to the surface of the water above. "
)
NEAREST = 4  # tokens by which a text may be cut shorter to come out as long as another


def control_side(model: LanguageModel, patched: Side) -> Side:
    """A run over an unrelated text of as many tokens, or, where none comes out so long, nearly as many."""
    target = patched.trace.target

    def compute() -> Trace:
        return model.trace(control_text(model, len(patched.trace.tokens)), target)

    trace = derived(patched.trace, "sweep control", compute)
    return Side(trace=trace, position=len(trace.target_tokens or trace.tokens) - 1)


def control_text(model: LanguageModel, count: int) -> str:
    """The beginning of a passage that is `count` tokens long."""
    text = "".join(chain.from_iterable(repeat(PASSAGE, 1 + count // 40)))
    ends = [token.end for token in model.tokenize(text)]
    nearest = text
    for length in range(min(count, len(ends)), max(0, count - NEAREST), -1):
        nearest = text[: ends[length - 1]] or nearest
        if len(model.tokenize(nearest)) == count:
            return nearest
    return nearest
