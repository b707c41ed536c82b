"""Which vectors a view shows, what each is called, and which of them are tokens of the text."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, RunRequest, Whole
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.errors import InputError
from models.limits import MAX_QUERY_LENGTH
from models.text.tokens import Token
from models.text.vocabulary import Vocabulary, kind_names, vocabulary
from models.translation import _
from models.vectors.embedding_tables import contextual, table, tokens_of_stack
from models.vectors.similarity import Neighbour, Vectors

MAX_DEPTH = 1000
Stack = Literal["decoder", "encoder"]
TableName = Literal["input", "output"]


class VectorsRequest(RunRequest):
    """A question about one set of vectors; `depth` and `stack` matter for the text's own."""

    space: Literal["input", "output", "positions", "text"] = Field("input")
    depth: Whole = Field(0, ge=0, le=MAX_DEPTH)
    stack: Stack = Field("decoder")


class VectorAnswer(TypedDict):
    """One vector, by its row, and what it is called: raw text, in which the page makes spaces visible."""

    row: int
    text: str


class NearAnswer(VectorAnswer):
    """A vector near another, in the full space; null where there is no direction."""

    cosine: float | None
    distance: float | None


@dataclass(frozen=True, eq=False, kw_only=True)
class VectorSet:
    """The vectors of one map. `vocabulary` names the rows of an embedding table, `tokens` those of a text."""

    title: str
    vectors: Vectors
    vocabulary: Vocabulary | None = None
    tokens: tuple[Token, ...] = ()

    def __len__(self) -> int:
        return len(self.vectors)

    def name(self, row: int) -> str:
        """What a row is called, as raw text."""
        if self.vocabulary is not None:
            return self.vocabulary.texts[row]
        return token_name(self.tokens[row]) if self.tokens else str(row)

    def kind(self, row: int) -> str | None:
        """What kind of entry of the vocabulary a row is, in words."""
        return None if self.vocabulary is None else kind_names()[self.vocabulary.kinds[row]]

    def search(self, query: str) -> list[int]:
        """The rows whose name holds `query`, the best first."""
        if self.vocabulary is not None:
            return [row for row in self.vocabulary.search(query) if row < len(self)]
        if not query or len(query) > MAX_QUERY_LENGTH:
            raise InputError(_("Search for 1 to {most} characters.", most=MAX_QUERY_LENGTH))
        wanted = query.casefold()
        return [row for row in range(len(self)) if wanted in self.name(row).casefold()]

    def near(self, found: tuple[Neighbour, ...]) -> list[NearAnswer]:
        """Neighbours with their names."""
        return [
            {"row": n.row, "text": self.name(n.row), "cosine": rounded(n.cosine), "distance": rounded(n.distance)}
            for n in found
        ]


def vector_set(context: Context, request: VectorsRequest) -> VectorSet:
    """The vectors a request is about."""
    if request.space == "text":
        return _of_text(context.trace(request), request)
    model = context.model(request)
    if request.space == "positions":
        title = _("Position table of {model}", model=model.name)
        return VectorSet(title=title, vectors=table(model, "positions"))
    return table_set(model, request.space)


def table_set(model: LanguageModel, name: TableName) -> VectorSet:
    """An embedding table, with a name for every row."""
    vectors = table(model, name)
    return VectorSet(title=_table_title(model, name), vectors=vectors, vocabulary=_entries(model, vectors))


def token_name(token: Token) -> str:
    """A token's text, or its piece of the vocabulary where it stands for none."""
    return token.piece if token.special or token.text == "" else token.text


def marks(trace: Trace) -> list[VectorAnswer]:
    """The text's tokens as rows of the vocabulary, each once: where a target text is given, its tokens too."""
    named: dict[int, VectorAnswer] = {}
    for token in (*trace.tokens, *trace.target_tokens):
        named.setdefault(token.id, {"row": token.id, "text": token_name(token)})
    return list(named.values())


def checked_row(row: int, vectors: VectorSet) -> int:
    """The row, or an InputError where these vectors end before it."""
    if row >= len(vectors):
        raise InputError(_("row must be from 0 to {last}, not {row}.", last=str(len(vectors) - 1), row=str(row)))
    return row


def rounded(value: float | np.floating, digits: int = 4) -> float | None:
    """A number fit for JSON; what is no number becomes null, and is not shown."""
    return round(float(value), digits) if math.isfinite(value) else None


def _of_text(trace: Trace, request: VectorsRequest) -> VectorSet:
    encoder = request.stack == "encoder" and trace.encoder_residual is not None
    stream = trace.encoder_residual if encoder and trace.encoder_residual is not None else trace.residual
    # The page may ask with the depth of a deeper model it has just left.
    depth = min(request.depth, len(stream) - 1)
    return VectorSet(
        title=_text_title(trace, depth, request.stack),
        vectors=contextual(trace, depth, request.stack),
        tokens=tokens_of_stack(trace, request.stack),
    )


def _text_title(trace: Trace, depth: int, stack: Stack) -> str:
    where = _("embedding, before the first block") if depth == 0 else _("after block {block}", block=str(depth - 1))
    named = {"depth": str(depth), "where": where}
    if trace.kind != "encoder-decoder":
        return _("This text at depth {depth} ({where})", **named)
    if stack == "encoder":
        return _("This text at depth {depth} of the encoder ({where})", **named)
    return _("This text at depth {depth} of the decoder ({where})", **named)


def _table_title(model: LanguageModel, name: TableName) -> str:
    if model.tied:
        return _("Embedding of {model}, one table for input and output", model=model.name)
    if name == "input":
        return _("Input embedding of {model}, one table of two", model=model.name)
    return _("Output embedding of {model}, one table of two", model=model.name)


def _entries(model: LanguageModel, vectors: Vectors) -> Vocabulary:
    """The vocabulary with a name for every row: an output table may have a few rows more than the input has."""
    known = vocabulary(model)
    return known if len(known) >= len(vectors) else known.extended(len(vectors))
