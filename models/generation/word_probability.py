"""How likely a whole word is to come next: the probabilities of its tokens, each after those before it, multiplied."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.errors import InputError, PromptTooLong
from models.generation.next_token import mask_position, next_token_distribution
from models.generation.sampling import Candidate, Sampling, distribution
from models.translation import _

WORD_CHARACTERS = 200
TraceOf = Callable[[str, str], Trace]


@dataclass(frozen=True, kw_only=True)
class WordProbability:
    """A word as its tokens, and their joint probability before and after the sampling rules."""

    steps: tuple[Candidate, ...]

    @property
    def probability(self) -> float:
        """The model's own probability of the whole word."""
        return joint_probability([step.probability for step in self.steps])

    @property
    def final_probability(self) -> float:
        """The probability with which these rules would draw the whole word."""
        return joint_probability([step.final_probability for step in self.steps])


def word_probability(
    model: LanguageModel,
    before: Trace,
    word: str,
    sampling: Sampling | None = None,
    *,
    mask: int = 0,
    trace: TraceOf | None = None,
) -> WordProbability:
    """How likely `word` comes next after the text of `before`; for a masked model, stands at mask number `mask`.

    `trace` gives the trace of a text and a target, by default `model.trace`. Raises InputError for a word whose
    probability cannot be read off.
    """
    sampling = sampling or Sampling()
    if not word.strip():
        raise InputError(_("Type a word first."))
    if len(word) > WORD_CHARACTERS:
        raise PromptTooLong(_("Type at most {count} characters here.", count=WORD_CHARACTERS))
    if before.kind == "encoder":
        token = _token_at_mask(model, before, mask_position(before, mask), word)
        return WordProbability(steps=(next_token_distribution(before, sampling, mask=mask).of(token),))
    return WordProbability(steps=_steps(before, _with_word(before, word, trace or model.trace), sampling))


def joint_probability(chances: Sequence[float]) -> float:
    """The product, added up as logarithms so that many small factors do not vanish."""
    return float(np.exp(np.log(np.maximum(chances, 1e-300)).sum())) if min(chances) > 0 else 0.0


def _with_word(before: Trace, word: str, trace: TraceOf) -> Trace:
    """The trace of the text with the word behind it."""
    both = before.kind == "encoder-decoder"
    written = before.target if both else before.text
    joined = written + (" " if _starts_word(written, word) else "") + word
    return trace(before.text, joined) if both else trace(joined, before.target)


def _steps(before: Trace, after: Trace, sampling: Sampling) -> tuple[Candidate, ...]:
    ids, all_ids = ([token.id for token in found.target_tokens or found.tokens] for found in (before, after))
    if all_ids[: len(ids)] != ids:
        raise InputError(
            _(
                "With this word behind it the text itself splits into other tokens, so the word's probability cannot "
                "be read off; end the text before a space."
            )
        )
    places = range(len(ids), len(all_ids))
    found = (distribution(after.logits_at(place - 1), sampling, all_ids[:place]) for place in places)
    return tuple(one.of(all_ids[place]) for one, place in zip(found, places, strict=True))


def _token_at_mask(model: LanguageModel, trace: Trace, place: int, word: str) -> int:
    """The token this word would be in place of the mask; how a word splits depends on what stands around it."""
    mask = trace.tokens[place]
    gap = trace.text[mask.start : mask.end]
    space = gap[: len(gap) - len(gap.lstrip())]  # some masks take the space before them along
    filled = model.tokenize(f"{trace.text[: mask.start]}{space}{word.strip()}{trace.text[mask.end :]}")
    count = 1 + len(filled) - len(trace.tokens)
    if count != 1:
        raise InputError(
            _(
                "{model} writes “{word}” with {count} tokens here, and a mask holds one.",
                model=model.name,
                word=word.strip(),
                count=count,
            )
        )
    return filled[place].id


def _starts_word(written: str, word: str) -> bool:
    return word[0].isalnum() and written != "" and not written[-1].isspace()
