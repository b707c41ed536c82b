"""LanguageModel: weights, tokenizer and anatomy of one model, and what can be asked of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from threading import RLock
from typing import Any

import numpy as np
import torch
from jaxtyping import Float32

from models.accelerator import execute
from models.anatomy import Anatomy
from models.attention import numpy_of
from models.completion import Step, complete
from models.errors import InputError, PromptTooLong, Unsupported
from models.run import read_logits
from models.sampling import Distribution, Sampling, distribution
from models.spelling import Spelling
from models.tokens import Token, check_text, tokens_of
from models.trace import Trace

MAX_CHARACTERS = 40_000  # 4,096 tokens of ordinary prose are about 20,000 characters


@dataclass(frozen=True, eq=False, kw_only=True)
class LanguageModel:
    """One loaded model: a "decoder", "encoder" (masked) or "encoder-decoder". `context` counts tokens, None no end.

    `lock` is held while the network runs; embeddings, spans and the like need no lock.
    """

    name: str
    revision: str
    kind: str
    family: str
    network: Any = field(repr=False)
    tokenizer: Any = field(repr=False)
    anatomy: Anatomy = field(repr=False)
    device: str
    precision: str
    context: int | None
    layers: int
    heads: int
    max_characters: int = MAX_CHARACTERS
    lock: RLock = field(default_factory=RLock, repr=False)

    @cached_property
    def spelling(self) -> Spelling:
        return Spelling(self.tokenizer)

    @cached_property
    def parameters(self) -> int:
        return sum(parameter.numel() for parameter in self.network.parameters())

    @cached_property
    def nbytes(self) -> int:
        """The bytes of the weights in memory."""
        tensors = [*self.network.parameters(), *self.network.buffers()]
        return sum(tensor.numel() * tensor.element_size() for tensor in tensors)

    @property
    def width(self) -> int:
        return self.anatomy.width

    @cached_property
    def vocab(self) -> int:
        """How many logits the model puts out; a little more than its tokenizer knows in some families."""
        table = self.anatomy.output_embedding or self.network.get_input_embeddings()
        return int(table.weight.shape[0])

    @cached_property
    def tied(self) -> bool:
        """Whether one table serves as input and output embedding."""
        output = self.anatomy.output_embedding
        weight = self.network.get_input_embeddings().weight
        return output is None or output.weight.data_ptr() == weight.data_ptr()

    def embedding(self, which: str = "input") -> Float32[np.ndarray, "vocab width"]:
        """The "input" or "output" embedding table, read-only."""
        if which not in {"input", "output"}:
            raise InputError(f"The embedding must be 'input' or 'output', not {which!r}.")
        return self._input_embedding if which == "input" or self.tied else self._output_embedding

    def piece_text(self, number: int) -> str:
        """What an entry of the vocabulary spells, fit to be shown."""
        return self.spelling.display(number)

    def tokenize(self, text: str, *, target: bool = False) -> tuple[Token, ...]:
        """The tokens the model would read; with `target` those its decoder would, beginning with its start token."""
        check_text(text, "target text" if target else "text")
        self._check_length(text)
        return self._target_tokens(text) if target else self._tokens(text)

    def trace(self, text: str, target: str = "") -> Trace:
        """Runs the model once over the text; an encoder-decoder also over what its decoder has said so far."""
        tokens, target_tokens = self._read(text, target)
        with self.lock:
            noted = execute(self.network, self.anatomy, self._inputs(tokens, target_tokens))
        return Trace(
            model=self.name,
            revision=self.revision,
            kind=self.kind,
            text=text,
            target=target if target_tokens else "",
            tokens=tokens,
            target_tokens=target_tokens,
            scores=noted.scores,
            residual=noted.residual["decoder"],
            encoder_residual=noted.residual.get("encoder"),
            last_logits=noted.last_logits,
            kept_logits=noted.logits,
            mask_positions=self._mask_positions(tokens),
            read_logits=None if self.anatomy.readout is None else partial(read_logits, self.network, self.anatomy),
        )

    def next_token(self, text: str, sampling: Sampling | None = None, target: str = "") -> Distribution:
        """How likely each token of the vocabulary is to come next, before and after the sampling rules."""
        trace = self.trace(text, target)
        read = trace.target_tokens or trace.tokens
        return distribution(trace.logits_at(-1), sampling or Sampling(), [token.id for token in read])

    def complete(
        self, text: str, sampling: Sampling | None = None, max_new_tokens: int = 40, target: str = ""
    ) -> Iterator[Step]:
        """Continues the text (an encoder-decoder its target) token by token; closing the iterator stops it."""
        return complete(self, text, sampling or Sampling(), max_new_tokens=max_new_tokens, target=target)

    @cached_property
    def _input_embedding(self) -> Float32[np.ndarray, "vocab width"]:
        return numpy_of(self.network.get_input_embeddings().weight)

    @cached_property
    def _output_embedding(self) -> Float32[np.ndarray, "vocab width"]:
        if self.anatomy.output_embedding is None:
            raise Unsupported(f"{self.name} has no output embedding.")
        return numpy_of(self.anatomy.output_embedding.weight)

    def _read(self, text: str, target: str) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
        if text == "":
            raise InputError("The text is empty. Type at least one character.")
        tokens = self.tokenize(text)
        target_tokens = self.tokenize(target, target=True) if self.kind == "encoder-decoder" else ()
        if not tokens:
            raise InputError(f"{self.name} sees no token in this text. Type at least one letter.")
        for read, name in ((tokens, "text"), (target_tokens, "target text")):
            self._check_ids(read)
            if self.context is not None and len(read) > self.context:
                raise PromptTooLong(
                    f"The {name} is {len(read):,} tokens long and {self.name} reads {self.context:,}; shorten it."
                )
        return tokens, target_tokens

    def _check_ids(self, tokens: tuple[Token, ...]) -> None:
        """Some tokenizers know tokens, for pictures say, that the weights have no row for."""
        rows = self.network.get_input_embeddings().num_embeddings
        strange = next((token for token in tokens if token.id >= rows), None)
        if strange is not None:
            raise InputError(f"{self.name} has no embedding for the token {strange.piece!r}; leave it out.")

    def _check_length(self, text: str) -> None:
        if len(text) > self.max_characters:
            raise PromptTooLong(
                f"The text has {len(text):,} characters and the limit is {self.max_characters:,}; shorten it."
            )

    def _tokens(self, text: str) -> tuple[Token, ...]:
        encoded = self._encode(text)
        return tokens_of(text, encoded["input_ids"], encoded.get("offset_mapping"), self.spelling)

    def _target_tokens(self, text: str) -> tuple[Token, ...]:
        """The decoder's input as in training: the labels moved right by one, behind the start token.

        The end of sequence that a tokenizer adds is left off, for what is being written has not ended yet.
        """
        encoded = self._encode(text, target=True)
        labels, offsets = list(encoded["input_ids"]), encoded.get("offset_mapping")
        spoken = tokens_of(text, labels, offsets, self.spelling)
        if not spoken or spoken[-1].text:  # no end was added: put one there, for moving right drops the last
            labels.append(self._end)
            offsets = None if offsets is None else [*offsets, (0, 0)]
        moved = self._moved_right(labels)
        spans = None if offsets is None else [(0, 0), *offsets[:-1]]
        tokens = tokens_of(text, moved, spans, self.spelling)
        ended = len(tokens) > 1 and tokens[-1].id == self._end and tokens[-1].text == ""
        return tokens[:-1] if ended else tokens

    @property
    def _end(self) -> int:
        """The token that ends a sequence."""
        of_tokenizer, of_network = self.tokenizer.eos_token_id, self.network.config.eos_token_id
        ends = of_network if of_tokenizer is None else of_tokenizer
        return int((ends[0] if isinstance(ends, list) else ends) or 0)

    def _moved_right(self, labels: list[int]) -> list[int]:
        """As the model's own code does it (MBart moves the language code to the front); else behind its start token."""
        own = getattr(self.network, "prepare_decoder_input_ids_from_labels", None)
        if own is not None and labels:
            return [int(number) for number in own(torch.tensor([labels]))[0]]
        start = self.network.config.decoder_start_token_id
        if start is None:
            raise Unsupported(f"{self.name} does not say which token its decoder starts with.")
        return [int(start), *labels[:-1]]

    def _encode(self, text: str, *, target: bool = False) -> dict[str, Any]:
        encoded = self.tokenizer(
            **({"text_target": text} if target else {"text": text}),
            return_offsets_mapping=self.tokenizer.is_fast,
            verbose=False,
        )
        return dict(encoded)

    def _inputs(self, tokens: tuple[Token, ...], target_tokens: tuple[Token, ...]) -> dict[str, torch.Tensor]:
        place = self.network.get_input_embeddings().weight.device
        inputs = {"input_ids": torch.tensor([[token.id for token in tokens]], device=place)}
        if target_tokens:
            inputs["decoder_input_ids"] = torch.tensor([[token.id for token in target_tokens]], device=place)
        return inputs

    def _mask_positions(self, tokens: tuple[Token, ...]) -> tuple[int, ...]:
        mask = self.tokenizer.mask_token_id
        if self.kind != "encoder" or mask is None:
            return ()
        return tuple(place for place, token in enumerate(tokens) if token.id == mask)
