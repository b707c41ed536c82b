"""Which vectors a map shows, what each is called, and which of them are tokens of the text."""

from dataclasses import dataclass

from explorer.embeddings.payload import Answer, Payload, choice, whole
from models.errors import InputError
from models.language_model import LanguageModel
from models.pool import Pool
from models.spaces import contextual, table, tokens_of_stack
from models.tokens import Token
from models.trace import Trace
from models.vectors import Vectors
from models.vocabulary import LONGEST_QUERY, Vocabulary, vocabulary

SPACES = {
    "input": "input embedding",
    "output": "output embedding",
    "positions": "positions",
    "text": "this text",
}
DEEPEST = 1000


@dataclass(frozen=True, eq=False, kw_only=True)
class Shown:
    """The vectors of one map. `vocabulary` names the rows of an embedding table, `tokens` those of a text."""

    space: str
    title: str
    vectors: Vectors
    vocabulary: Vocabulary | None = None
    tokens: tuple[Token, ...] = ()

    def name(self, row: int) -> str:
        """What a row is called, as raw text; the page makes spaces and line breaks visible."""
        if self.vocabulary is not None:
            return self.vocabulary.texts[row]
        return token_name(self.tokens[row]) if self.tokens else str(row)

    def search(self, query: str) -> list[int]:
        """The rows whose name holds `query`, the best first."""
        if self.vocabulary is not None:
            return self.vocabulary.search(query)
        if not query or len(query) > LONGEST_QUERY:
            raise InputError(f"Search for 1 to {LONGEST_QUERY} characters.")
        wanted = query.casefold()
        return [row for row in range(len(self.vectors)) if wanted in self.name(row).casefold()]


def shown_of(pool: Pool, payload: Payload) -> Shown:
    """The vectors a payload asks for; `space` is one of `SPACES`, `depth` and `stack` matter for the text's own."""
    space = choice(payload, "space", SPACES)
    model = pool.model(payload["model"])
    if space == "text":
        return _of_text(trace_of(pool, payload), payload)
    vectors = table(model, space)
    if space == "positions":
        return Shown(space=space, title=f"Position table of {model.name}", vectors=vectors)
    return Shown(space=space, title=_table_title(model, space), vectors=vectors, vocabulary=_entries(model, vectors))


def trace_of(pool: Pool, payload: Payload) -> Trace:
    """The trace of the page's text; computed again if memory was needed for others."""
    return pool.trace(payload["model"], payload["text"], payload.get("target", ""))


def token_name(token: Token) -> str:
    return token.piece if token.special or token.text == "" else token.text


def marks(trace: Trace) -> list[Answer]:
    """The text's tokens as rows of the vocabulary, each once: where a target text is given, its tokens too."""
    named: dict[int, Answer] = {}
    for token in (*trace.tokens, *trace.target_tokens):
        named.setdefault(token.id, {"row": token.id, "name": token_name(token)})
    return list(named.values())


def _of_text(trace: Trace, payload: Payload) -> Shown:
    stack = choice(payload, "stack", ("decoder", "encoder"))
    stream = trace.encoder_residual if stack == "encoder" and trace.encoder_residual is not None else trace.residual
    # The page may ask with the depth of a deeper model it has just left.
    depth = min(whole(payload, "depth", 0, high=DEEPEST), len(stream) - 1)
    where = "embedding, before the first block" if depth == 0 else f"after block {depth - 1}"
    of = f" of the {stack}" if trace.kind == "encoder-decoder" else ""
    title = f"This text at depth {depth}{of} ({where})"
    return Shown(
        space="text", title=title, vectors=contextual(trace, depth, stack), tokens=tokens_of_stack(trace, stack)
    )


def _table_title(model: LanguageModel, space: str) -> str:
    if model.tied:
        return f"Embedding of {model.name}, one table for input and output"
    return f"{SPACES[space].capitalize()} of {model.name}, one table of two"


def _entries(model: LanguageModel, vectors: Vectors) -> Vocabulary:
    """The vocabulary with a name for every row: an output table may have a few rows more than the input has."""
    known = vocabulary(model)
    return known if len(known) >= len(vectors) else known.extended(len(vectors))
