"""Which token of one run stands for which token of another: by position, or by words through character spans."""

from collections.abc import Sequence

from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.text.tokens import Token
from models.text.word_alignment import aligned


def has_same_vocabulary(model: LanguageModel, other: LanguageModel) -> bool:
    """Whether a token id means the same to both, so that their distributions can be compared token by token."""
    if model.tokenizer is other.tokenizer:
        return True
    return model.vocab == other.vocab and model.tokenizer.get_vocab() == other.tokenizer.get_vocab()


def counterparts(trace: Trace, other: Trace, stack: str = "source", *, same_vocabulary: bool) -> tuple[int | None, ...]:
    """For each token of the one run the position of its counterpart in the other; None where there is none.

    `stack` is "source" (the text; the source of an encoder-decoder) or "target" (what the decoder has read).
    """
    here, there = (_stack(run, stack) for run in (trace, other))
    return aligned(*here, *there, by_position=same_vocabulary)


def read_counterparts(trace: Trace, other: Trace, *, same_vocabulary: bool) -> tuple[int | None, ...]:
    """The same for the tokens that each run predicts from: what its decoder has read, else its text."""
    return aligned(*read_by(trace), *read_by(other), by_position=same_vocabulary)


def read_by(trace: Trace) -> tuple[Sequence[Token], str]:
    """The tokens and the text of the stack that yields the logits."""
    return _stack(trace, "target" if trace.target_tokens else "source")


def _stack(trace: Trace, stack: str) -> tuple[Sequence[Token], str]:
    return (trace.target_tokens, trace.target) if stack == "target" else (trace.tokens, trace.text)
