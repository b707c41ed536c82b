"""One number of a run as a function of the token embeddings, through which gradients flow.

The network's weights never carry gradients, and what is read on the way belongs to this call alone: runs of other
visitors are neither changed nor held up longer than for one pass.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from inspect import signature
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from models.attribution.question import Question
from models.engine.cache import derived
from models.engine.exact import exact
from models.engine.language_model import LanguageModel
from models.engine.points import Edit, Point, editing
from models.engine.trace import Trace
from models.errors import Unsupported
from models.text.tokens import Token
from models.translation import _

PASS_TOKENS = 512  # tokens in one pass: more are no faster on a processor, and a pass cannot be stopped
TABLE_ROWS = 8_192  # rows of an embedding table read at once

# The token embeddings of each text the model reads: (source,), or (source, target) of an encoder-decoder.
Embeddings = tuple[Float[Tensor, "*batch position width"], ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class Output:
    """The logit, or difference of two, that a question asks about."""

    model: LanguageModel
    trace: Trace
    question: Question

    @property
    def tokens(self) -> tuple[Token, ...]:
        """All tokens the model read: those of the source, then those of the target."""
        return (*self.trace.tokens, *self.trace.target_tokens)

    @property
    def lengths(self) -> tuple[int, ...]:
        """How many tokens each text has."""
        return tuple(len(read) for read in (self.trace.tokens, self.trace.target_tokens) if read)

    @property
    def asked(self) -> int:
        """The place of the position asked about among `tokens`."""
        return self.question.position + (len(self.trace.tokens) if self.trace.target_tokens else 0)

    @property
    def read(self) -> tuple[int, ...]:
        """The places of the tokens that can matter: a causal stack has read none after the position asked about."""
        causal = self.model.kind != "encoder"
        return tuple(token for token in range(len(self.tokens)) if not causal or token <= self.asked)

    @property
    def together(self) -> int:
        """How many copies of the text go through the network in one pass."""
        return max(1, PASS_TOKENS // len(self.tokens))

    def split(self, values: Tensor) -> tuple[Tensor, ...]:
        """What belongs to each text, of a tensor whose second to last dimension runs over all tokens."""
        return torch.split(values, list(self.lengths), dim=-2)

    @cached_property
    def embeddings(self) -> Float[Tensor, "token width"]:
        """The embedding of each token, float32, before positions are added."""
        with torch.no_grad():
            read = (self.trace.tokens, self.trace.target_tokens)
            return torch.cat(
                [table(self._ids(tokens)).float() for table, tokens in zip(self._tables, read, strict=False)]
            )

    def baseline(self, name: str) -> Float[Tensor, "token width"]:
        """What stands for "no token here": "mean" of all embeddings of the vocabulary, or "zero"."""
        if name == "zero":
            return torch.zeros_like(self.embeddings)
        means = [self._mean(stack, table) for stack, table in enumerate(self._tables)]
        return torch.cat([mean.expand(count, -1) for mean, count in zip(means, self.lengths, strict=True)])

    def __call__(
        self, embeddings: Float[Tensor, "copy token width"], edits: Mapping[Point, Edit] | None = None
    ) -> Float[Tensor, " copy"]:
        """The number asked about for each copy of the text, its tokens' embeddings replaced by these."""
        names = ("inputs_embeds", "decoder_inputs_embeds")
        given = dict(zip(names, self.split(embeddings.to(self._dtype)), strict=False))
        return self._run(given, [self.question.position] * len(embeddings), edits)

    def of_ids(self, ids: Sequence[Int[Tensor, "copy _"]], positions: Sequence[int]) -> Float[Tensor, " copy"]:
        """The same for other texts, as token ids, each read at a position of its own."""
        return self._run(dict(zip(("input_ids", "decoder_input_ids"), ids, strict=False)), positions, None)

    def check(self) -> None:
        """Raises Unsupported unless the run from embeddings gives the model's own number."""
        parameters = signature(self.model.network.forward).parameters
        wanted = ("inputs_embeds", "decoder_inputs_embeds")[: len(self.lengths)]
        if not all(name in parameters for name in wanted):
            raise Unsupported(
                _("{model} takes no embeddings in place of tokens: leave tokens out instead.", model=self.model.name)
            )
        derived(self.trace, ("attribution", "checked", self.question), self._checked)

    def _checked(self) -> bool:
        with torch.no_grad():
            found = float(self(self.embeddings[None])[0])
        logits = self.trace.logits_at(self.question.position)
        tolerance = 1e-3 if self._dtype == torch.float32 else 5e-2
        if abs(found - self.question.of(self.trace)) > tolerance * max(1.0, float(abs(logits).max())):
            raise Unsupported(
                _(
                    "{model} reads embeddings in another way than its tokens: leave tokens out instead.",
                    model=self.model.name,
                )
            )
        return True

    def _run(
        self, given: dict[str, Tensor], positions: Sequence[int], edits: Mapping[Point, Edit] | None
    ) -> Float[Tensor, " copy"]:
        network, unembedding = self.model.network, self.model.architecture.unembedding
        headless = unembedding is not None and network.base_model is not network
        last: list[Tensor] = []

        def keep(value: Tensor) -> Tensor:
            last.append(value)
            return value

        end = Point(stack="decoder", layer=self.model.architecture.depths["decoder"] - 2, part="output")
        with self.model.lock, editing({**(edits or {}), end: keep}):
            output = (network.base_model if headless else network)(**self._settings, **given)
        copies = torch.arange(len(positions))
        if unembedding is not None and not last:
            raise Unsupported(
                _(
                    "The blocks of {model} cannot be told apart, so nothing is attributed to them.",
                    model=self.model.name,
                )
            )
        if unembedding is None:
            logits = output.logits[copies, positions].float()
        else:
            logits = unembedding(last[-1][copies, positions][:, None])[:, 0].float()
        chosen = logits[:, self.question.token]
        return chosen if self.question.against is None else chosen - logits[:, self.question.against]

    @cached_property
    def _settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = {"return_dict": True}
        if hasattr(self.model.network.config, "use_cache"):
            settings["use_cache"] = False
        return settings

    @cached_property
    def _tables(self) -> tuple[nn.Embedding, ...]:
        """The modules that turn ids into embeddings, one for each text; some of them scale."""
        network = self.model.network
        if not self.trace.target_tokens:
            return (network.get_input_embeddings(),)
        return (network.get_encoder().get_input_embeddings(), network.get_decoder().get_input_embeddings())

    @property
    def _dtype(self) -> torch.dtype:
        return self.model.network.get_input_embeddings().weight.dtype

    def _ids(self, tokens: Sequence[Token]) -> Int[Tensor, " position"]:
        return torch.tensor(
            [token.id for token in tokens], device=self.model.network.get_input_embeddings().weight.device
        )

    def _mean(self, stack: int, table: nn.Embedding) -> Float[Tensor, " width"]:
        def compute() -> Tensor:
            rows = int(table.weight.shape[0])
            total = torch.zeros(self.embeddings.shape[-1], dtype=torch.float64)
            with torch.no_grad():
                for first in range(0, rows, TABLE_ROWS):
                    ids = torch.arange(first, min(first + TABLE_ROWS, rows), device=table.weight.device)
                    total += exact(table(ids)).sum(0).cpu()
            return (total / rows).float()

        return derived(self.model, ("mean embedding", stack), compute).to(self.embeddings.device)


def chunks(count: int, size: int) -> Iterator[slice]:
    """Slices of at most `size` that cover `count`."""
    return (slice(first, min(first + size, count)) for first in range(0, count, size))
