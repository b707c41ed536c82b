"""A text being continued: what is asked for, each step with its odds, and the text as it is written."""

import codecs
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from models.errors import InputError, PromptTooLong, Unsupported
from models.sampling import Candidate, Distribution, Sampling
from models.spelling import Spelling
from models.tokens import Token

ALTERNATIVES = 10
LONGEST = 2_000  # new tokens in one completion
STOP_CHARACTERS = 200


@runtime_checkable
class Writer(Protocol):
    """What a model must offer to continue a text."""

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def network(self) -> Any: ...

    @property
    def lock(self) -> Any: ...

    @property
    def context(self) -> int | None: ...

    @property
    def layers(self) -> int: ...

    @property
    def width(self) -> int: ...

    @property
    def spelling(self) -> Spelling: ...

    def tokenize(self, text: str, *, target: bool = False) -> tuple[Token, ...]: ...


@dataclass(frozen=True, kw_only=True)
class Step:
    """One token that was added.

    `probability` is the model's own, `final_probability` the one it was drawn with, `rank` its place among all tokens
    before any rule (1 is the likeliest), `entropy` and `final_entropy` the uncertainty at this place in bits.
    `alternatives` are the likeliest tokens here. `completion` is all the text so far; `finished` tells why this step is
    the last: "end" (the model's own end token), "stop text", "length" or "context", "" while it goes on.
    """

    token: Token
    probability: float
    final_probability: float
    rank: int
    entropy: float
    final_entropy: float
    alternatives: tuple[Candidate, ...] = field(repr=False)
    completion: str
    finished: str = ""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """No place is free yet; `before` others will be let in first."""

    before: int


@dataclass(frozen=True, kw_only=True)
class Request:
    """A text to continue, as ids: `ids` is what the model that writes reads (prompt and what is already chosen).

    `source` is what an encoder reads, `written` how many of the last ids count as completion already.
    """

    ids: tuple[int, ...]
    source: tuple[int, ...] | None
    sampling: Sampling
    room: int
    limit: str
    stop: str = ""
    written: int = 0
    visitor: str = ""


def request(  # noqa: PLR0913 - what one completion may differ in, all by keyword
    model: Writer,
    text: str,
    sampling: Sampling,
    *,
    max_new_tokens: int = 40,
    target: str = "",
    stop: str = "",
    chosen: Sequence[int] = (),
    visitor: str = "",
) -> Request:
    """Check what is asked for. `chosen` are ids the completion begins with, exactly these (a branch).

    Raises InputError or PromptTooLong with the sentence to show, Unsupported for a model that does not write.
    """
    if model.kind == "encoder":
        raise Unsupported(f"{model.name} fills in masked words and does not continue a text; choose a decoder model.")
    if isinstance(max_new_tokens, bool) or not 1 <= max_new_tokens <= LONGEST or max_new_tokens != int(max_new_tokens):
        raise InputError(f"max_new_tokens must be a whole number from 1 to {LONGEST:,}.")
    if len(stop) > STOP_CHARACTERS:
        raise InputError(f"The stop text has {len(stop):,} characters; use at most {STOP_CHARACTERS}.")
    source = tuple(token.id for token in model.tokenize(text))
    if not source:
        raise InputError("There is no text to continue: type at least one character.")
    both = model.kind == "encoder-decoder"
    start = tuple(token.id for token in model.tokenize(target, target=True)) if both else source
    context = model.context or 2**31
    space = context - len(start) - len(chosen)
    if space < 1 or len(source) > context:
        raise PromptTooLong(
            f"The text fills the whole context of {context:,} tokens; shorten it to leave room to write."
        )
    wanted = int(max_new_tokens) - len(chosen)
    return Request(
        ids=(*start, *chosen),
        source=source if both else None,
        sampling=sampling,
        room=max(1, min(wanted, space)),
        limit="length" if wanted <= space else "context",
        stop=stop,
        written=len(chosen),
        visitor=visitor,
    )


class Writing:
    """The text of one completion as its tokens arrive; a character spread over tokens appears when it is whole."""

    def __init__(self, spelling: Spelling, ids: Sequence[int] = (), stop: str = "") -> None:
        self.spelling = spelling
        self.stop = stop
        self.text = ""
        self.stopped = False
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        for number in ids:
            self.add(number)

    def add(self, number: int) -> Token:
        """Write one token; its span is in the completion."""
        start = len(self.text)
        special = number in self.spelling.special
        spelled = b"" if special else self._spelled(number)
        self._extend(self._decoder.decode(spelled))
        return Token(
            id=number,
            piece=self.spelling.piece(number),
            text=self.spelling.display(number),
            start=min(start, len(self.text)),
            end=len(self.text),
            special=special,
            group=-1,
            bytes=spelled,
        )

    def close(self) -> None:
        """Nothing more will come: half a character is shown as the replacement character."""
        if not self.stopped:
            self._extend(self._decoder.decode(b"", final=True))

    def _spelled(self, number: int) -> bytes:
        spelled = self.spelling.spell(number)
        begins_word = self.spelling.style == "wordpiece" and not self.spelling.piece(number).startswith("##")
        return b" " + spelled if begins_word and self.text else spelled

    def _extend(self, new: str) -> None:
        search_from = max(0, len(self.text) - len(self.stop))
        self.text += new
        found = self.text.find(self.stop, search_from) if self.stop else -1
        if found >= 0:
            self.text, self.stopped = self.text[:found], True


def step_of(found: Distribution, number: int, writing: Writing, finished: str) -> Step:
    """Write the token and tell its odds."""
    place = found.of(number)
    token = writing.add(number)
    finished = "stop text" if writing.stopped else finished
    if finished:
        writing.close()
    return Step(
        token=token,
        probability=place.probability,
        final_probability=place.final_probability,
        rank=place.rank,
        entropy=found.entropy,
        final_entropy=found.final_entropy,
        alternatives=found.top(ALTERNATIVES),
        completion=writing.text,
        finished=finished,
    )


def end_tokens(network: Any) -> frozenset[int]:
    """The ids with which this model says that it is done."""
    for settings in (getattr(network, "generation_config", None), network.config):
        ends = getattr(settings, "eos_token_id", None)
        if ends is not None:
            return frozenset([ends] if isinstance(ends, int) else ends)
    return frozenset()
