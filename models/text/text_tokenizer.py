"""TextTokenizer: the tokenizer of a model without the model, enough to cut a text and to count what it costs."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from models.errors import CorruptModel, PromptTooLong
from models.text.token_decoder import TokenDecoder
from models.text.tokens import Token, check_text, tokens_of
from models.translation import _

MAX_CHARACTERS = 40_000  # 4,096 tokens of ordinary prose are about 20,000 characters
ENTRY_BYTES = 500  # what an entry of a vocabulary takes with its merges, roughly


@dataclass(frozen=True, eq=False, kw_only=True)
class TextTokenizer:
    """Cuts texts as the model called `name` reads them; no context window ends here, only `max_characters`."""

    name: str
    revision: str
    tokenizer: Any = field(repr=False)
    max_characters: int = MAX_CHARACTERS

    @cached_property
    def token_decoder(self) -> TokenDecoder:
        return TokenDecoder(self.tokenizer)

    @property
    def nbytes(self) -> int:
        """Roughly the bytes in memory."""
        return ENTRY_BYTES * len(self.tokenizer)

    def tokenize(self, text: str) -> tuple[Token, ...]:
        """The tokens of a text; raises InputError for half a character, PromptTooLong for too many characters."""
        self.check_length(text)  # before the text is searched: a long one takes its time
        check_text(text, _("text"))
        found = self.encode(text)
        return tokens_of(text, found["input_ids"], found.get("offset_mapping"), self.token_decoder)

    def check_length(self, text: str) -> None:
        """Raise PromptTooLong for a text of too many characters."""
        if len(text) > self.max_characters:
            raise PromptTooLong(
                _(
                    "The text has {count} characters and the limit is {limit}; shorten it.",
                    count=len(text),
                    limit=self.max_characters,
                )
            )

    def encode(self, text: str, *, target: bool = False) -> dict[str, Any]:
        """What the tokenizer makes of a text: `input_ids`, and `offset_mapping` where it knows characters' spans."""
        try:
            found = self.tokenizer(
                **({"text_target": text} if target else {"text": text}),
                return_offsets_mapping=self.tokenizer.is_fast,
                verbose=False,
            )
        except BaseException as error:
            # A panic of the tokenizers library is no Exception: nothing would answer the visitor.
            if type(error).__name__ != "PanicException":
                raise
            raise CorruptModel(
                _("The tokenizer of {model} breaks on this text; try another text or model.", model=self.name)
            ) from error
        return dict(found)
