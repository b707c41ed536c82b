"""A request to continue a text, checked: what the model reads, how it samples, and where it stops."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from models.changes.kinds import Changes
from models.engine.cache import Derived
from models.errors import InputError, PromptTooLong, Unsupported
from models.generation.sampling import Sampling
from models.text.token_decoder import TokenDecoder
from models.text.tokens import Token
from models.translation import _

MAX_NEW_TOKENS = 2_000  # in one completion
MAX_STOP_CHARACTERS = 200
NO_LIMIT = 2**31  # for models whose context has no end


@runtime_checkable
class GenerativeModel(Protocol):
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
    def closed(self) -> Mapping[str, str]: ...

    @property
    def derived(self) -> Derived: ...

    @property
    def changes(self) -> Changes: ...

    @property
    def token_decoder(self) -> TokenDecoder: ...

    def tokenize(self, text: str, *, target: bool = False) -> tuple[Token, ...]: ...

    def check_size(self, source: int, target: int = 0) -> None: ...


@dataclass(frozen=True, kw_only=True)
class GenerationRequest:
    """A text to continue, as token ids: `ids` is the prompt of the model that generates, with its `prefix_ids`.

    `source` is what an encoder reads; the last `prefix_length` ids count as completion already. At most
    `max_tokens_left` are generated; `length_reason` is the finish reason when they are: "length" or "context".
    Requests of one `session_id` share their turns in the queue.
    """

    ids: tuple[int, ...]
    source: tuple[int, ...] | None
    sampling: Sampling
    max_tokens_left: int
    length_reason: str
    stop: str = ""
    prefix_length: int = 0
    session_id: str = ""

    @property
    def prefix_ids(self) -> tuple[int, ...]:
        """The ids that the completion begins with."""
        return self.ids[len(self.ids) - self.prefix_length :]


def prepare_request(  # noqa: PLR0913 - what one completion may differ in, all by keyword
    model: GenerativeModel,
    text: str,
    sampling: Sampling,
    *,
    max_new_tokens: int = 40,
    target: str = "",
    stop: str = "",
    prefix_ids: Sequence[int] = (),
    session_id: str = "",
) -> GenerationRequest:
    """Check and tokenize a request. The completion begins with exactly `prefix_ids`, which makes it a branch.

    Raises InputError or PromptTooLong with the sentence to show, Unsupported for a model that does not generate.
    """
    _check_options(model, max_new_tokens, stop)
    source = _ids(model.tokenize(text))
    if not source:
        raise InputError(_("There is no text to continue: type at least one character."))
    both = model.kind == "encoder-decoder"
    start = _ids(model.tokenize(target, target=True)) if both else source
    if model.context is None:  # else the context bounds what it costs
        model.check_size(len(source), len(start) + len(prefix_ids) if both else 0)
    wanted = int(max_new_tokens) - len(prefix_ids)
    space = _space(model.context or NO_LIMIT, len(source), len(start) + len(prefix_ids))
    return GenerationRequest(
        ids=(*start, *prefix_ids),
        source=source if both else None,
        sampling=sampling,
        max_tokens_left=max(1, min(wanted, space)),
        length_reason="length" if wanted <= space else "context",
        stop=stop,
        prefix_length=len(prefix_ids),
        session_id=session_id,
    )


def end_tokens(network: Any) -> frozenset[int]:
    """The end-of-sequence ids of this model."""
    for settings in (getattr(network, "generation_config", None), network.config):
        ends = getattr(settings, "eos_token_id", None)
        if ends is not None:
            return frozenset([ends] if isinstance(ends, int) else ends)
    return frozenset()


def _check_options(model: GenerativeModel, max_new_tokens: int, stop: str) -> None:
    if "words" in model.closed:
        raise Unsupported(model.closed.get("words", ""))
    if model.kind == "encoder":
        raise Unsupported(
            _(
                "{model} is a masked language model: it fills in masks and does not generate. "
                "Choose a decoder or an encoder-decoder.",
                model=model.name,
            )
        )
    in_range = not isinstance(max_new_tokens, bool) and 1 <= max_new_tokens <= MAX_NEW_TOKENS
    if not in_range or max_new_tokens != int(max_new_tokens):
        raise InputError(_("max_new_tokens must be a whole number from 1 to {most}.", most=MAX_NEW_TOKENS))
    if len(stop) > MAX_STOP_CHARACTERS:
        raise InputError(
            _("The stop text has {count} characters; use at most {most}.", count=len(stop), most=MAX_STOP_CHARACTERS)
        )


def _space(context: int, source_length: int, length: int) -> int:
    """How many tokens still fit into the context behind `length` ids."""
    if length >= context or source_length > context:
        raise PromptTooLong(
            _("The text fills the whole context of {count} tokens; shorten it to leave room to write.", count=context)
        )
    return context - length


def _ids(tokens: Sequence[Token]) -> tuple[int, ...]:
    return tuple(token.id for token in tokens)
