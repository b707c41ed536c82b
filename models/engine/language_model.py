"""LanguageModel: weights, tokenizer and architecture of one model, and what can be asked of them."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from threading import RLock
from typing import Any

import numpy as np
import torch
from jaxtyping import Float32

from models.changes.kinds import Changes
from models.engine.architecture import Architecture
from models.engine.block_parts import BlockRun, block_runs
from models.engine.cache import Derived, derived
from models.engine.capture import numpy_of
from models.engine.cost import check_size
from models.engine.forward import read_logits
from models.engine.hooks import available
from models.engine.points import Point, reading
from models.engine.trace import Trace
from models.errors import InputError, PromptTooLong, Unsupported
from models.generation.completion import Step, complete
from models.generation.sampling import Distribution, Sampling, distribution
from models.lenses.reader import LensReader
from models.loading.zerogpu import execute
from models.text.text_tokenizer import MAX_CHARACTERS, TextTokenizer
from models.text.token_decoder import TokenDecoder
from models.text.tokens import Token, check_text, tokens_of
from models.translation import _


@dataclass(frozen=True, eq=False, kw_only=True)
class LanguageModel:
    """One loaded model: a "decoder", "encoder" (masked) or "encoder-decoder". `context` counts tokens, None no end.

    `closed` says in one sentence each why it has no "attention", or no "words" (no head that turns vectors into words).
    `max_tokens` and `max_bytes` bound what one run may cost here, whatever the context: some families have no end of
    it. `tables` says how much grows with the square of the length; see `models.engine.cost`.
    `lock` is held while the network runs; embeddings, spans and the like need no lock. `folder` holds the model's
    files, its fitted lenses among them; None for a network built in memory. `changes` are those of one run: see
    `changed`.
    """

    name: str
    revision: str
    kind: str
    family: str
    network: Any = field(repr=False)
    tokenizer: Any = field(repr=False)
    architecture: Architecture = field(repr=False)
    device: str
    precision: str
    context: int | None
    layers: int
    heads: int
    closed: dict[str, str] = field(default_factory=dict)
    max_characters: int = MAX_CHARACTERS
    folder: Path | None = None
    max_tokens: int | None = None
    max_bytes: int | None = None
    tables: int = 0
    changes: Changes = ()
    lock: AbstractContextManager[Any] = field(default_factory=RLock, repr=False)
    derived: Derived = field(default_factory=Derived, init=False, repr=False)

    @cached_property
    def text_tokenizer(self) -> TextTokenizer:
        """The tokenizer by itself: what a text becomes before the network reads it."""
        return TextTokenizer(
            name=self.name, revision=self.revision, tokenizer=self.tokenizer, max_characters=self.max_characters
        )

    @property
    def token_decoder(self) -> TokenDecoder:
        return self.text_tokenizer.token_decoder

    @cached_property
    def parameters(self) -> int:
        return sum(parameter.numel() for parameter in self.network.parameters())

    @property
    def nbytes(self) -> int:
        """The bytes of the weights in memory, and of all that was derived from them."""
        return self._weight_bytes + self.derived.nbytes

    @cached_property
    def _weight_bytes(self) -> int:
        tensors = [*self.network.parameters(), *self.network.buffers()]
        return sum(tensor.numel() * tensor.element_size() for tensor in tensors)

    @property
    def width(self) -> int:
        return self.architecture.width

    @cached_property
    def vocab(self) -> int:
        """The number of logits the model puts out: a little more than its tokenizer knows in some families."""
        table = self.architecture.output_embedding or self.network.get_input_embeddings()
        return int(table.weight.shape[0])

    @cached_property
    def tied(self) -> bool:
        """True if one table serves as input and output embedding."""
        output = self.architecture.output_embedding
        weight = self.network.get_input_embeddings().weight
        return output is None or output.weight.data_ptr() == weight.data_ptr()

    def embedding(self, which: str = "input") -> Float32[np.ndarray, "vocab width"]:
        """The "input" or "output" embedding table, read-only; Unsupported for the "output" of a model without words."""
        if which not in {"input", "output"}:
            raise InputError(_("The embedding must be 'input' or 'output', not {which}.", which=repr(which)))
        if which == "output" and "words" in self.closed:
            raise Unsupported(self.closed.get("words", ""))
        if which == "input" or self.tied:
            return derived(self, "input embedding", lambda: numpy_of(self.network.get_input_embeddings().weight))
        if self.architecture.output_embedding is None:
            raise Unsupported(_("{model} has no output embedding.", model=self.name))
        return derived(self, "output embedding", lambda: numpy_of(self.architecture.output_embedding.weight))

    def token_text(self, token_id: int) -> str:
        """The text of a vocabulary entry, fit to be shown."""
        return self.token_decoder.display(token_id)

    def tokenize(self, text: str, *, target: bool = False) -> tuple[Token, ...]:
        """The tokens the model would read; with `target` those its decoder would, beginning with its start token."""
        if not target:
            return self.text_tokenizer.tokenize(text)
        self.text_tokenizer.check_length(text)
        check_text(text, _("target text"))
        return self._target_tokens(text)

    def changed(self, changes: Iterable[Any], text: str, target: str = "") -> "LanguageModel":
        """The same model with changes made to it, for runs about one text: weights, lock and vocabulary are shared.

        `changes` are those of `models.changes.kinds`, as objects or plain dictionaries; what they call this run's mean
        is over `text` and `target`. All that the changed model is asked is answered under them, a completion at every
        token it writes; this model and what others ask of it stay as they are. Raises InputError for a place the model
        does not have, Unsupported for one that cannot be reached.
        """
        from models.changes.changed_model import changed_model  # noqa: PLC0415 - built on models itself

        return changed_model(self, changes, text, target)

    def trace(self, text: str, target: str = "", changes: Iterable[Any] = ()) -> Trace:
        """Runs the model once over the text; an encoder-decoder also over what its decoder has said so far.

        With `changes` it is the run of the model so `changed`.
        """
        if changes:
            return self.changed(changes, text, target).trace(text, target)
        tokens, target_tokens = self._tokens_to_read(text, target)
        with self.lock:
            try:
                record = execute(self.network, self.architecture, self._inputs(tokens, target_tokens))
            except IndexError as error:  # a table that ends before the context that the configuration promises
                raise PromptTooLong(
                    _("The text does not fit into a table of {model}; shorten it.", model=self.name)
                ) from error
        return Trace(
            closed=self.closed,
            model=self.name,
            revision=self.revision,
            kind=self.kind,
            text=text,
            target=target if target_tokens else "",
            tokens=tokens,
            target_tokens=target_tokens,
            layer_attention=record.layer_attention,
            residual=record.residual["decoder"],
            encoder_residual=record.residual.get("encoder"),
            last_logits=record.last_logits,
            kept_logits=record.logits,
            mask_positions=self._mask_positions(tokens),
            read_logits=None
            if self.architecture.unembedding is None
            else partial(read_logits, self.network, self.architecture),
            language_model=self,
            changes=self.changes,
        )

    @cached_property
    def lenses(self) -> LensReader:
        """What reads this model's residual stream at an earlier depth as if it were the last."""
        return LensReader(
            name=self.name,
            folder=self.folder,
            network=self.network,
            architecture=self.architecture,
            lock=self.lock,
            derived=self.derived,
        )

    @property
    def points(self) -> frozenset[Point]:
        """The points inside the network that can be read and edited."""
        return available(self.network, self.architecture)

    def read(self, points: Iterable[Point], text: str, target: str = "") -> dict[Point, np.ndarray]:
        """The values at these points in one run: as `Point` says, without the batch. Edits in force apply."""
        tokens, target_tokens = self._tokens_to_read(text, target)
        with self.lock, reading(points) as values:
            execute(self.network, self.architecture, self._inputs(tokens, target_tokens))
        return {point: numpy_of(value[0]) for point, value in values.items()}

    def forward_parts(self, text: str, target: str = "", stack: str = "decoder") -> tuple[BlockRun, ...]:
        """What each block of a stack reads and adds to the residual stream, in one run over the text."""
        read = ("input", "attention", "feed_forward", "output")
        wanted = {point for point in self.points if point.stack == stack and point.part in read}
        return block_runs(self.architecture.parts.get(stack, ()), stack, self.read(wanted, text, target))

    def next_token(
        self, text: str, sampling: Sampling | None = None, target: str = "", changes: Iterable[Any] = ()
    ) -> Distribution:
        """The probability of each token of the vocabulary to come next, before and after the sampling rules."""
        trace = self.trace(text, target, changes)
        read = trace.target_tokens or trace.tokens
        return distribution(trace.logits_at(-1), sampling or Sampling(), [token.id for token in read])

    def complete(
        self,
        text: str,
        sampling: Sampling | None = None,
        max_new_tokens: int = 40,
        target: str = "",
        changes: Iterable[Any] = (),
    ) -> Iterator[Step]:
        """Continues the text (an encoder-decoder its target) token by token; closing the iterator stops it.

        `changes` hold for every token it writes; positions named in them stay where they are in the text.
        """
        model = self.changed(changes, text, target) if changes else self
        return complete(model, text, sampling or Sampling(), max_new_tokens=max_new_tokens, target=target)

    def _tokens_to_read(self, text: str, target: str) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
        if text == "":
            raise InputError(_("The text is empty. Type at least one character."))
        tokens = self.tokenize(text)
        target_tokens = self.tokenize(target, target=True) if self.kind == "encoder-decoder" else ()
        if not tokens:
            raise InputError(_("{model} sees no token in this text. Type at least one letter.", model=self.name))
        for read, name in ((tokens, _("text")), (target_tokens, _("target text"))):
            self._check_ids(read)
            if self.context is not None and len(read) > self.context:
                raise PromptTooLong(
                    _(
                        "The {name} is {count} tokens long and {model} reads {context}; shorten it.",
                        name=name,
                        count=len(read),
                        model=self.name,
                        context=self.context,
                    )
                )
        self.check_size(len(tokens), len(target_tokens))
        return tokens, target_tokens

    def check_size(self, source: int, target: int = 0) -> None:
        """Raises PromptTooLong if a run over so many tokens may not be had here; see `models.engine.cost`."""
        check_size(self, source, target)

    def _check_ids(self, tokens: tuple[Token, ...]) -> None:
        """Some tokenizers know tokens, for pictures say, that the weights have no row for."""
        rows = len(self.network.get_input_embeddings().weight)
        strange = next((token for token in tokens if token.id >= rows), None)
        if strange is not None:
            piece = repr(strange.piece)
            raise InputError(
                _("{model} has no embedding for the token {token}; leave it out.", model=self.name, token=piece)
            )

    def _target_tokens(self, text: str) -> tuple[Token, ...]:
        """The decoder's input as in training: the labels moved right by one, behind the start token.

        The end of sequence that a tokenizer adds is left off, for what is being written has not ended yet.
        """
        found = self.text_tokenizer.encode(text, target=True)
        labels, offsets = list(found["input_ids"]), found.get("offset_mapping")
        spoken = tokens_of(text, labels, offsets, self.token_decoder)
        if not spoken or spoken[-1].text:  # no end was added: put one there, for moving right drops the last
            labels.append(self._end)
            offsets = None if offsets is None else [*offsets, (0, 0)]
        moved = self._moved_right(labels)
        spans = None if offsets is None else [(0, 0), *offsets[:-1]]
        tokens = tokens_of(text, moved, spans, self.token_decoder)
        ended = len(tokens) > 1 and tokens[-1].id == self._end and tokens[-1].text == ""
        return tokens[:-1] if ended else tokens

    @property
    def _end(self) -> int:
        """The token that ends a sequence."""
        of_tokenizer, of_network = self.tokenizer.eos_token_id, getattr(self.network.config, "eos_token_id", None)
        ends = of_network if of_tokenizer is None else of_tokenizer
        return int((ends[0] if isinstance(ends, list) else ends) or 0)

    def _moved_right(self, labels: list[int]) -> list[int]:
        """As the model's own code does it (MBart moves the language code to the front); else behind its start token."""
        own = getattr(self.network, "prepare_decoder_input_ids_from_labels", None)
        start = getattr(self.network.config, "decoder_start_token_id", None)
        nothing_told = Unsupported(_("{model} does not say which token its decoder starts with.", model=self.name))
        if own is not None and labels:
            try:
                return [int(token_id) for token_id in own(torch.tensor([labels]))[0]]
            except (TypeError, ValueError) as error:
                raise nothing_told from error
        if start is None:
            raise nothing_told
        return [int(start), *labels[:-1]]

    def _inputs(self, tokens: tuple[Token, ...], target_tokens: tuple[Token, ...]) -> dict[str, torch.Tensor]:
        device = self.network.get_input_embeddings().weight.device
        inputs = {"input_ids": torch.tensor([[token.id for token in tokens]], device=device)}
        if target_tokens:
            inputs["decoder_input_ids"] = torch.tensor([[token.id for token in target_tokens]], device=device)
        return inputs

    def _mask_positions(self, tokens: tuple[Token, ...]) -> tuple[int, ...]:
        mask = self.tokenizer.mask_token_id
        if self.kind != "encoder" or mask is None:
            return ()
        return tuple(position for position, token in enumerate(tokens) if token.id == mask)
