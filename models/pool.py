"""The models and traces kept in memory, shared by everybody: least recently used out, counted in bytes."""

import gc
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Protocol, runtime_checkable

import psutil

from models.catalog import find
from models.errors import TooLarge
from models.hub import LOCAL, revision_of
from models.language_model import LanguageModel
from models.loading import Progress, load
from models.trace import Trace


@runtime_checkable
class Sized(Protocol):
    """Anything that knows how many bytes it holds."""

    @property
    def nbytes(self) -> int: ...


class Shelf:
    """A cache that computes each value once, however many threads ask, and drops the least recently used by bytes.

    A computation that fails is forgotten, and its error reaches all who waited. What was dropped lives on for whoever
    still holds it. The newest value stays even if it alone is larger than the shelf.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._values: OrderedDict[Hashable, Sized] = OrderedDict()
        self._running: dict[Hashable, Future[Any]] = {}
        self._lock = Lock()

    def get(self, key: Hashable, compute: Callable[[], Any]) -> Any:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
            waiting = self._running.get(key)
            mine: Future[Any] = self._running.setdefault(key, Future())
        return waiting.result() if waiting is not None else self._compute(key, compute, mine)

    def there(self, key: Hashable) -> Any | None:
        """The value if it is kept, without counting as a use."""
        with self._lock:
            return self._values.get(key)

    def names(self) -> tuple[Hashable, ...]:
        with self._lock:
            return tuple(self._values)

    def drop(self, unwanted: Callable[[Hashable], bool]) -> None:
        with self._lock:
            for key in [key for key in self._values if unwanted(key)]:
                del self._values[key]

    @property
    def nbytes(self) -> int:
        with self._lock:
            return sum(value.nbytes for value in self._values.values())

    def _compute(self, key: Hashable, compute: Callable[[], Any], mine: Future[Any]) -> Any:
        try:
            value = compute()
        except BaseException as error:
            with self._lock:
                del self._running[key]
            mine.set_exception(error)
            raise
        with self._lock:
            self._values[key] = value
            del self._running[key]
            self._shrink()
        mine.set_result(value)
        return value

    def _shrink(self) -> None:
        held = sum(value.nbytes for value in self._values.values())
        while held > self.limit and len(self._values) > 1:
            _, oldest = self._values.popitem(last=False)
            held -= oldest.nbytes


class Pool:
    """Models and traces by name and text. `model_bytes` and `trace_bytes` bound what each keeps."""

    def __init__(
        self,
        loader: Callable[..., LanguageModel] = load,
        *,
        model_bytes: int | None = None,
        trace_bytes: int | None = None,
    ) -> None:
        memory = psutil.virtual_memory().total
        self._loader = loader
        self._models = Shelf(memory // 3 if model_bytes is None else model_bytes)
        self._traces = Shelf(memory // 8 if trace_bytes is None else trace_bytes)

    def model(self, name: str, progress: Progress | None = None) -> LanguageModel:
        """The model called `name`, loaded if nobody has it yet; others keep theirs whether or not this succeeds."""
        name = plain_name(name)
        self._drop_if_changed(name)
        model: LanguageModel = self._models.get(name, lambda: self._load(name, progress))
        self._forget_unloaded()
        return model

    def trace(self, name: str, text: str, target: str = "") -> Trace:
        """The trace of one text, computed once for all who ask."""
        model = self.model(name)
        target = target if model.kind == "encoder-decoder" else ""
        key = (plain_name(name), model.revision, text, target)
        trace: Trace = self._traces.get(key, lambda: model.trace(text, target))
        return trace

    @property
    def loaded(self) -> tuple[str, ...]:
        """The names of the models in memory, the one used last at the end."""
        return tuple(map(str, self._models.names()))

    @property
    def nbytes(self) -> int:
        """The bytes of all models and traces kept."""
        return self._models.nbytes + self._traces.nbytes

    def _drop_if_changed(self, name: str) -> None:
        """A folder whose files are no longer those that were read is read again."""
        kept, folder = self._models.there(name), Path(name).expanduser()
        if kept is not None and kept.revision.startswith(LOCAL) and kept.revision != revision_of(folder):
            self._models.drop(lambda key: key == name)

    def _load(self, name: str, progress: Progress | None) -> LanguageModel:
        """Loads a model; if it does not fit beside those nobody uses now, once more without them."""
        try:
            return self._loader(name, progress=progress)
        except TooLarge:
            if not self._models.names():
                raise
            self._models.drop(lambda _: True)
            self._forget_unloaded()
            gc.collect()
        return self._loader(name, progress=progress)

    def _forget_unloaded(self) -> None:
        """Drops the traces of models that are gone: a trace keeps its model alive to read logits with."""
        loaded = self._models.names()
        self._traces.drop(lambda key: isinstance(key, tuple) and key[0] not in loaded)


def plain_name(name: str) -> str:
    """One name for one model: `openai-community/gpt2` and `GPT2` are `gpt2`."""
    entry = find(name)
    return name.strip() if entry is None else entry.name


@cache
def pool() -> Pool:
    """The pool of this process."""
    return Pool()
