"""Word arithmetic: a − b + c, and how often such sums come out right for the model at hand."""

from threading import Lock
from weakref import WeakKeyDictionary

from explorer.embeddings.map import named
from explorer.embeddings.payload import Answer, Payload, text
from explorer.embeddings.shown import Shown, shown_of
from models.analogies import AnalogyScore, analogy, measured, sum_of
from models.errors import InputError
from models.pool import Pool
from models.vectors import Vectors, neighbours

SHOWN = 10


def arithmetic(pool: Pool, payload: Payload) -> Answer:
    """The tokens nearest to a − b + c without the three, and the nearest with them, for comparison."""
    shown = _table(pool, payload)
    a, b, c = rows = [_row(shown, payload, name) for name in "abc"]
    closest = neighbours(shown.vectors, sum_of(shown.vectors, a, b, c), 1)
    return {
        "inputs": [{"row": row, "text": shown.name(row)} for row in rows],
        "results": named(shown, analogy(shown.vectors, a, b, c, SHOWN)),
        "unaided": named(shown, closest)[0] if closest else None,
        "title": shown.title,
    }


def accuracy(pool: Pool, payload: Payload) -> Answer:
    """The analogy list asked of this table: for every relation, how many questions and how many came out right."""
    shown = _table(pool, payload)
    if shown.vocabulary is None:
        raise InputError("Word arithmetic needs an embedding table.")
    with _LOCK:
        if shown.vectors not in _MEASURED:
            _MEASURED[shown.vectors] = measured(shown.vectors, shown.vocabulary.find)
        scores = _MEASURED[shown.vectors]
    return {"relations": [vars(score) for score in scores], "title": shown.title}


_MEASURED: WeakKeyDictionary[Vectors, tuple[AnalogyScore, ...]] = WeakKeyDictionary()
_LOCK = Lock()


def _table(pool: Pool, payload: Payload) -> Shown:
    shown = shown_of(pool, payload)
    if shown.vocabulary is None:
        raise InputError("Word arithmetic needs the input or the output embedding.")
    return shown


def _row(shown: Shown, payload: Payload, name: str) -> int:
    typed = text(payload, name, 200)
    if not typed or shown.vocabulary is None:
        raise InputError(f"Type a word for {name}.")
    return shown.vocabulary.entry(typed)
