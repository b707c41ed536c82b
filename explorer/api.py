"""The named endpoints, for programs and (as MCP tools) for assistants: thin words around the engine."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, cast, get_args

from gradio.context import Context
from gradio.events import api

from explorer import rows
from explorer.arguments import told, within
from explorer.engine import plain_name
from explorer.settings import Settings
from models.catalog import offered
from models.devices import choose_device
from models.errors import InputError
from models.language_model import LanguageModel
from models.pool import Pool
from models.projection import Method, ProjectionSettings
from models.projection_queue import projections
from models.sampling import Sampling
from models.spaces import contextual, table
from models.trace import Trace
from models.vectors import neighbours
from models.vocabulary import vocabulary

Answer: TypeAlias = dict[str, Any]
WEIGHTS_LIMIT = 1_048_576  # 1,024 by 1,024: about 20 MB as text
CANDIDATES_LIMIT = 1_000


class Endpoints:
    """Every endpoint as a method; docstrings are what the API page and MCP clients show."""

    def __init__(self, settings: Settings, pool: Pool, waiting: Callable[[], int]) -> None:
        self.settings = settings
        self.pool = pool
        self.waiting = waiting

    def models(self) -> list[Answer]:
        """List the models that can be asked for by name.

        Returns:
            One object per model: name, family, kind (decoder, encoder or encoder-decoder), parameters, loaded.

        """
        loaded = {name: self.pool.model(name) for name in self.pool.loaded}
        offers = {entry.name: rows.offer(entry, loaded=entry.name in loaded) for entry in offered()}
        others = {
            name: {
                "name": name,
                "family": model.family,
                "kind": model.kind,
                "parameters": model.parameters,
                "loaded": True,
            }
            for name, model in loaded.items()
            if name not in offers
        }
        return [*offers.values(), *others.values()]

    def tokenize(self, model: str, text: str) -> Answer:
        """Cut a text into the model's tokens.

        Args:
            model: A name from /models, a Hub id, or (in local mode) a folder.
            text: The text to cut.

        Returns:
            tokens (id, text, start, end, special; start and end count characters), count, and the context in tokens.

        """
        loaded = self._model(model)
        tokens = loaded.tokenize(text)
        return {"tokens": [rows.token(one) for one in tokens], "count": len(tokens), "context": loaded.context}

    def attention(self, model: str, text: str, layer: int, head: int, kind: str = "self", target: str = "") -> Answer:
        """Give one head's attention: how much each token (query) looks at each other (key).

        Args:
            model: A name from /models, a Hub id, or (in local mode) a folder.
            text: The text to run; the source of an encoder-decoder model.
            layer: The layer, from 0.
            head: The head, from 0.
            kind: self; for encoder-decoder models encoder, decoder or cross.
            target: What the decoder of an encoder-decoder model has written so far.

        Returns:
            queries and keys (texts of tokens) and weights (one row per query, each value from 0 to 1).

        """
        trace = self._trace(model, text, target)
        kind = trace.attention_kinds[0] if kind == "self" else kind
        trace.heads_of(kind)  # refuses a kind this model does not have, before anything is counted
        queries, keys = rows.texts(trace.queries(kind)), rows.texts(trace.keys(kind))
        if len(queries) * len(keys) > WEIGHTS_LIMIT:
            raise InputError(
                f"{len(queries):,} by {len(keys):,} weights are too many for one answer ({WEIGHTS_LIMIT:,} at most); "
                "shorten the text."
            )
        return {"queries": queries, "keys": keys, "weights": trace.attention(layer, head, kind).tolist()}

    def next_token(  # noqa: PLR0913, PLR0917
        self,
        model: str,
        text: str,
        temperature: float = 1.0,
        top_k: int = 0,
        top_p: float = 1.0,
        min_p: float = 0.0,
        typical_p: float = 1.0,
        repetition_penalty: float = 1.0,
        limit: int = 50,
        target: str = "",
    ) -> Answer:
        """Say how likely each token is to come next (for a masked model: to stand at the first mask).

        Args:
            model: A name from /models, a Hub id, or (in local mode) a folder.
            text: The text so far; the source of an encoder-decoder model.
            temperature: 0 (always the likeliest) or 0.001 to 100; 1 changes nothing.
            top_k: Keep this many likeliest tokens; 0 is off.
            top_p: Keep the likeliest tokens that together reach this probability, above 0 to 1; 1 is off.
            min_p: Keep tokens at least this fraction as likely as the likeliest, 0 to 1; 0 is off.
            typical_p: Keep tokens of typical surprise that together reach this probability, above 0 to 1; 1 is off.
            repetition_penalty: Make tokens already in the text less likely, above 0 to 100; 1 is off.
            limit: How many candidates to give, 1 to 1000.
            target: What the decoder of an encoder-decoder model has written so far.

        Returns:
            candidates (id, text, logit, probability, final_probability, kept), entropy in bits before any rule, and
            how many tokens of the whole vocabulary are kept.

        """
        sampling = Sampling(
            temperature=temperature, top_k=top_k, top_p=top_p, min_p=min_p, typical_p=typical_p,
            repetition_penalty=repetition_penalty,
        )  # fmt: skip
        within("limit", limit, 1, CANDIDATES_LIMIT)
        loaded, trace = self._model(model), self._trace(model, text, target)
        found = rows.guessed(loaded, trace, sampling)
        candidates = [rows.candidate(loaded, one) for one in found.top(limit)]
        return {"candidates": candidates, "entropy": found.entropy, "kept": int(found.kept.sum())}

    def complete(  # noqa: PLR0913, PLR0917
        self,
        model: str,
        text: str,
        max_new_tokens: int = 40,
        temperature: float = 1.0,
        top_k: int = 0,
        top_p: float = 1.0,
        seed: int = 0,
        greedy: bool = False,  # noqa: FBT001, FBT002
        target: str = "",
    ) -> Iterator[Answer]:
        """Continue a text, token by token; the same seed gives the same text.

        Args:
            model: A name from /models, a Hub id, or (in local mode) a folder.
            text: The text to continue; the source of an encoder-decoder model.
            max_new_tokens: How many tokens to add at most, 1 to 2000.
            temperature: 0 (always the likeliest) or 0.001 to 100; 1 changes nothing.
            top_k: Keep this many likeliest tokens; 0 is off.
            top_p: Keep the likeliest tokens that together reach this probability, above 0 to 1; 1 is off.
            seed: A whole number from 0; with the same settings it gives the same text.
            greedy: Always take the likeliest token.
            target: What the decoder of an encoder-decoder model has written so far.

        Returns:
            A stream; each value holds text (all of it), completion (what was added), tokens (id, text, probability,
            rank) and seed. The last value is the whole answer.

        """
        sampling = Sampling(temperature=temperature, top_k=top_k, top_p=top_p, seed=seed, greedy=greedy)
        loaded = self._model(model)
        start = target if loaded.kind == "encoder-decoder" else text
        tokens: list[Answer] = []
        for step in loaded.complete(text, sampling, max_new_tokens=max_new_tokens, target=target):
            tokens.append(rows.step(loaded, step))
            yield {"text": start + step.completion, "completion": step.completion, "tokens": [*tokens], "seed": seed}

    def neighbours(self, model: str, token: str, count: int = 10) -> list[Answer]:
        """Find the tokens whose input embeddings point in the most similar direction.

        Args:
            model: A name from /models, a Hub id, or (in local mode) a folder.
            token: The text of one token, or "#" and its id.
            count: How many to give, 1 to 1000.

        Returns:
            id, text and cosine of each, nearest first; the token itself is left out.

        """
        within("count", count, 1, CANDIDATES_LIMIT)
        loaded = self._model(model)
        words, vectors = vocabulary(loaded), table(loaded, "input")
        number = words.entry(token)
        found = neighbours(vectors, vectors.row(number), count, exclude=[number])
        return [{"id": one.row, "text": words.texts[one.row], "cosine": one.cosine} for one in found]

    def project(self, model: str, method: str = "pca", dimensions: int = 2, of: str = "vocabulary") -> Answer:
        """Draw vectors on a plane or in a cube: the model's whole vocabulary, or the tokens of a text.

        Args:
            model: A name from /models, a Hub id, or (in local mode) a folder.
            method: pca, tsne or umap.
            dimensions: 2 or 3 (tsne: 2).
            of: The word vocabulary, or a text, whose tokens are placed by what they are after the last layer.

        Returns:
            ids and texts of the tokens, points (one list of coordinates each), and explained: the share of the
            variance along each axis for pca, nothing for the other methods.

        """
        if method not in get_args(Method):
            raise InputError(f"method must be one of {', '.join(get_args(Method))}, not {method!r}.")
        settings = ProjectionSettings(method=cast("Method", method), dimensions=dimensions)
        loaded = self._model(model)
        ids, texts, vectors = self._vectors(loaded, of)
        found = projections(self.settings.cache).project(vectors, settings, "endpoint")
        placed = found.rows.tolist()
        explained = found.explained[:dimensions].tolist() if method == "pca" else []
        points = found.points[:, :dimensions].tolist()
        return {
            "ids": [ids[row] for row in placed],
            "texts": [texts[row] for row in placed],
            "points": points,
            "explained": explained,
        }

    def health(self) -> Answer:
        """Say whether the app answers, on which device, with which models in memory and how many runs waiting.

        Returns:
            status, device, models (names) and queue (how many wait).

        """
        return {
            "status": "ok",
            "device": choose_device(self.settings.device),
            "models": list(self.pool.loaded),
            "queue": self.waiting(),
        }

    def _model(self, name: str) -> LanguageModel:
        return self.pool.model(plain_name(name))

    def _trace(self, name: str, text: str, target: str) -> Trace:
        return self.pool.trace(plain_name(name), text, target)

    def _vectors(self, loaded: LanguageModel, of: str) -> tuple[Any, Any, Any]:
        if of == "vocabulary":
            words = vocabulary(loaded)
            return range(len(words)), words.texts, table(loaded, "input")
        trace = self._trace(loaded.name, of, "")
        stack, residual = (
            ("decoder", trace.residual) if trace.encoder_residual is None else ("encoder", trace.encoder_residual)
        )
        vectors = contextual(trace, len(residual) - 1, stack)
        if len(vectors) < 3:
            raise InputError("A projection needs at least three tokens: give a longer text, or the word vocabulary.")
        return [token.id for token in trace.tokens], rows.texts(trace.tokens), vectors


def add_endpoints(settings: Settings, pool: Pool, *, limit_id: str) -> None:
    """Offer every endpoint of the design's table from inside the page, sharing its queue."""
    blocks = Context.root_block
    if blocks is None:
        raise RuntimeError("Endpoints are added while a page is built.")
    endpoints = Endpoints(settings, pool, waiting=lambda: blocks._queue.get_status().queue_size)  # noqa: SLF001 - no public way
    queued: list[Callable[..., Any]] = [
        endpoints.tokenize, endpoints.attention, endpoints.next_token, endpoints.complete, endpoints.neighbours,
        endpoints.project,
    ]  # fmt: skip
    for function in queued:
        api(told(function), api_name=function.__name__, concurrency_id=limit_id, concurrency_limit=settings.workers)
    quick: list[Callable[..., Any]] = [endpoints.models, endpoints.health]
    for function in quick:
        api(told(function), api_name=function.__name__, concurrency_limit=None)
