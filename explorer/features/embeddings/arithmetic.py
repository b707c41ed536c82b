"""Word arithmetic: a − b + c, and how often such sums come out right for the model at hand."""

from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, ModelRequest, call
from explorer.features.embeddings.vector_set import NearAnswer, TableName, VectorAnswer, VectorSet, table_set
from models.engine.cache import derived
from models.errors import InputError
from models.text.vocabulary import Vocabulary
from models.translation import _
from models.vectors.analogies import AnalogyScore, analogy, measured, on_plane, sum_of
from models.vectors.similarity import neighbours

MAX_RESULTS = 10


class TableRequest(ModelRequest):
    """A question about one embedding table."""

    space: TableName = Field("input")


class ArithmeticRequest(TableRequest):
    """The three words of a − b + c."""

    a: str = Field(max_length=200)
    b: str = Field(max_length=200)
    c: str = Field(max_length=200)


class PlaneAnswer(TypedDict):
    """The plane through a, b and c: (x, y) of the three, of the sum, and of every result straight down onto it.

    `off` is how far each result is off the plane; all in units of a vector's length.
    """

    inputs: list[list[float]]
    sum: list[float]
    results: list[list[float]]
    off: list[float]


class ArithmeticAnswer(TypedDict):
    """The words as found, the tokens nearest to the sum without them, and the nearest with them (`inputs_allowed`)."""

    inputs: list[VectorAnswer]
    results: list[NearAnswer]
    inputs_allowed: NearAnswer | None
    plane: PlaneAnswer
    title: str


class RelationScore(TypedDict):
    """One relation: how many questions, and how many came out right.

    `right` without the three words, `inputs_allowed` with them, `baseline` by what is nearest to c alone.
    """

    relation: str
    tried: int
    right: int
    inputs_allowed: int
    baseline: int


class AnalogiesAnswer(TypedDict):
    """Every relation of the list whose words this table has."""

    relations: list[RelationScore]
    title: str


@call
def word_arithmetic(context: Context, request: ArithmeticRequest) -> ArithmeticAnswer:
    """The tokens nearest to a − b + c without the three, and the nearest with them, for comparison."""
    table = table_set(context.model(request), request.space)
    typed = {"a": request.a, "b": request.b, "c": request.c}
    a, b, c = rows = [_row(table, word, name) for name, word in typed.items()]
    closest = neighbours(table.vectors, sum_of(table.vectors, a, b, c), 1)
    found = analogy(table.vectors, a, b, c, MAX_RESULTS)
    return {
        "inputs": [{"row": row, "text": table.name(row)} for row in rows],
        "results": table.near(found),
        "inputs_allowed": table.near(closest)[0] if closest else None,
        "plane": _plane(table, (a, b, c), [one.row for one in found]),
        "title": table.title,
    }


def _plane(table: VectorSet, words: tuple[int, int, int], results: list[int]) -> PlaneAnswer:
    places, off = on_plane(table.vectors, words, results)
    a, b, c, total, *others = places.round(4).tolist()
    return {"inputs": [a, b, c], "sum": total, "results": others, "off": off.round(4).tolist()}


@call
def analogy_scores(context: Context, request: TableRequest) -> AnalogiesAnswer:
    """The analogy list asked of this table: for every relation, how many questions and how many came out right."""
    model = context.model(request)
    table = table_set(model, request.space)
    key = ("analogies", "input" if model.tied else request.space)
    scores = derived(model, key, lambda: measured(table.vectors, _entries(table).find))
    return {"relations": [_relation(score) for score in scores], "title": table.title}


def _relation(score: AnalogyScore) -> RelationScore:
    return {
        "relation": score.relation,
        "tried": score.tried,
        "right": score.right,
        "inputs_allowed": score.inputs_allowed,
        "baseline": score.baseline,
    }


def _row(table: VectorSet, word: str, name: str) -> int:
    if not word.strip():
        raise InputError(_("Type a word for {name}.", name=name))
    return _entries(table).entry(word)


def _entries(table: VectorSet) -> Vocabulary:
    if table.vocabulary is None:
        raise ValueError("An embedding table has a name for every row.")
    return table.vocabulary
