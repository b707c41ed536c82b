"""The models and traces kept in memory, shared by everybody: least recently used out, counted in bytes.

A pool is there at once: what it needs to load a model with is imported when the first model is asked for.
"""

# ruff: noqa: PLC0415 - see above

import gc
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import psutil

from models.catalog import find
from models.changes.kinds import Changes
from models.engine.cache import SingleFlightCache
from models.errors import TooLarge

if TYPE_CHECKING:
    import models.engine.language_model
    import models.engine.trace
    import models.text.text_tokenizer

Progress = Callable[[float, str], None]
TOKENIZER_BYTES = 2**28  # of tokenizers kept without their models


class Pool:
    """Models and traces by name and text. `model_bytes` and `trace_bytes` bound each, with all derived from it."""

    def __init__(
        self,
        loader: "Callable[..., models.engine.language_model.LanguageModel] | None" = None,
        read_tokenizer: "Callable[[str], models.text.text_tokenizer.TextTokenizer] | None" = None,
        *,
        model_bytes: int | None = None,
        trace_bytes: int | None = None,
    ) -> None:
        memory = psutil.virtual_memory().total
        self._loader = loader or _load
        self._read_tokenizer = read_tokenizer or _load_tokenizer
        self._tokenizers = SingleFlightCache(TOKENIZER_BYTES)
        self._models = SingleFlightCache(memory // 3 if model_bytes is None else model_bytes)
        self._traces = SingleFlightCache(memory // 8 if trace_bytes is None else trace_bytes)

    def model(self, name: str, progress: Progress | None = None) -> "models.engine.language_model.LanguageModel":
        """The model called `name`, loaded if nobody has it yet; others keep theirs whether or not this succeeds."""
        name = plain_name(name)
        self._drop_if_changed(name)
        model: models.engine.language_model.LanguageModel = self._models.get(name, lambda: self._load(name, progress))
        self._forget_unloaded()
        return model

    def trace(self, name: str, text: str, target: str = "", changes: Changes = ()) -> "models.engine.trace.Trace":
        """The trace of one text under these changes, computed once for all who ask.

        Under edits (`points.editing`) it is computed for this run alone.
        """
        from models.engine.points import current

        model = self.model(name)
        target = target if model.kind == "encoder-decoder" else ""

        def compute() -> "models.engine.trace.Trace":
            return model.trace(text, target, changes) if changes else model.trace(text, target)

        if current() is not None:
            return compute()
        key = (plain_name(name), model.revision, text, target, changes)
        trace: models.engine.trace.Trace = self._traces.get(key, compute)
        return trace

    def tokenizer(self, name: str) -> "models.text.text_tokenizer.TextTokenizer":
        """The tokenizer of the model called `name`: the loaded model's own, or read by itself without any weights."""
        name = plain_name(name)
        self._drop_if_changed(name)
        model = self.peek(name)
        if model is not None:
            return model.text_tokenizer
        found: models.text.text_tokenizer.TextTokenizer = self._tokenizers.get(name, lambda: self._read_tokenizer(name))
        return found

    def peek(self, name: str) -> "models.engine.language_model.LanguageModel | None":
        """The model called `name` if it is loaded; that does not count as a use."""
        found: models.engine.language_model.LanguageModel | None = self._models.peek(plain_name(name))
        return found

    @property
    def loaded(self) -> tuple[str, ...]:
        """The names of the models in memory, the one used last at the end."""
        return tuple(map(str, self._models.keys()))

    @property
    def nbytes(self) -> int:
        """The bytes of all models, traces and tokenizers kept."""
        return self._models.nbytes + self._traces.nbytes + self._tokenizers.nbytes

    def _drop_if_changed(self, name: str) -> None:
        """A folder whose files are no longer those that were read is read again."""
        from models.loading.hub import LOCAL, folder_called, revision_of

        for values in (self._models, self._tokenizers):
            kept, folder = values.peek(name), folder_called(name)
            if kept is not None and kept.revision.startswith(LOCAL) and kept.revision != revision_of(folder):
                values.drop(lambda key: key == name)

    def _load(self, name: str, progress: Progress | None) -> "models.engine.language_model.LanguageModel":
        """Loads a model; if it does not fit beside those nobody uses now, once more without them."""
        try:
            return self._loader(name, progress=progress)
        except TooLarge:
            if not self._models.keys():
                raise
            self._models.drop(lambda _: True)
            self._forget_unloaded()
            gc.collect()
        return self._loader(name, progress=progress)

    def _forget_unloaded(self) -> None:
        """Drops the traces of models that are gone: a trace keeps its model alive to read logits with."""
        loaded = self._models.keys()
        self._traces.drop(lambda key: isinstance(key, tuple) and key[0] not in loaded)


def _load(name: str, **options: Any) -> "models.engine.language_model.LanguageModel":
    from models.loading.loader import load

    return load(name, **options)


def _load_tokenizer(name: str) -> "models.text.text_tokenizer.TextTokenizer":
    from models.loading.loader import load_tokenizer

    return load_tokenizer(name)


def plain_name(name: str) -> str:
    """One name for one model: `openai-community/gpt2` and `GPT2` are `gpt2`."""
    entry = find(name)
    return name.strip() if entry is None else entry.name


@cache
def pool() -> Pool:
    """The pool of this process."""
    return Pool()
