"""Finding vectors: by name, by row, and by what lies near."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, Whole, call
from explorer.features.embeddings.vector_set import (
    NearAnswer,
    VectorAnswer,
    VectorSet,
    VectorsRequest,
    checked_row,
    rounded,
    vector_set,
)
from models.limits import MAX_POINTS, MAX_QUERY_LENGTH
from models.text.vocabulary import PART, START
from models.vectors.similarity import cosines_to_middle, neighbours

MAX_MATCHES = 100
MAX_MEMBERS = 500
Place = Literal["word", "inside", ""]
PLACES: dict[int, Place] = {START: "word", PART: "inside"}


class NamesRequest(VectorsRequest):
    """Rows to name; null: all of them."""

    rows: list[Annotated[Whole, Field(ge=0)]] | None = Field(None, max_length=MAX_POINTS)


class NamesAnswer(TypedDict):
    """The names of the rows asked for, in their order."""

    texts: list[str]


class SearchRequest(VectorsRequest):
    """What to look for."""

    query: str = Field(max_length=MAX_QUERY_LENGTH)


class MatchAnswer(VectorAnswer):
    """One match; `place` says of an entry that spells the query whether it begins a word or goes on inside one."""

    place: Place


class SearchAnswer(TypedDict):
    """How many names hold the query, and the first hundred, the best first."""

    count: int
    matches: list[MatchAnswer]


class NearestRequest(VectorsRequest):
    """A vector to find the like of."""

    row: Whole = Field(ge=0)
    count: Whole = Field(10, ge=1, le=100)


class NearestAnswer(VectorAnswer):
    """A vector with its length, its kind (null outside a vocabulary), and what is nearest to it in the full space."""

    norm: float | None
    kind: str | None
    neighbours: list[NearAnswer]


class GroupRequest(VectorsRequest):
    """Some rows of the map."""

    rows: list[Annotated[Whole, Field(ge=0)]] = Field(min_length=1, max_length=MAX_POINTS)


class GroupMember(VectorAnswer):
    """One of a group; `cosine` is null where there is no direction."""

    cosine: float | None


class GroupAnswer(TypedDict):
    """The rows nearest to the middle of the group first, at most 500, with the cosine of each to that middle."""

    members: list[GroupMember]
    count: int


@call
def vector_names(context: Context, request: NamesRequest) -> NamesAnswer:
    """The names of some rows, or of all."""
    vectors = vector_set(context, request)
    rows = range(len(vectors)) if request.rows is None else request.rows
    return {"texts": [vectors.name(checked_row(row, vectors)) for row in rows]}


@call
def find_vectors(context: Context, request: SearchRequest) -> SearchAnswer:
    """The vectors whose name holds the query."""
    vectors = vector_set(context, request)
    found = vectors.search(request.query)
    return {"count": len(found), "matches": [match(vectors, row, request.query) for row in found[:MAX_MATCHES]]}


@call
def nearest_vectors(context: Context, request: NearestRequest) -> NearestAnswer:
    """The nearest rows to `row` by cosine, over all rows, in the full space."""
    vectors = vector_set(context, request)
    row = checked_row(request.row, vectors)
    found = neighbours(vectors.vectors, vectors.vectors.row(row), request.count, exclude=[row])
    return {
        "row": row,
        "text": vectors.name(row),
        "norm": rounded(vectors.vectors.norms[row]),
        "kind": vectors.kind(row),
        "neighbours": vectors.near(found),
    }


@call
def vector_group(context: Context, request: GroupRequest) -> GroupAnswer:
    """A group's rows by how near they are to its middle, in the full space: the most typical first."""
    vectors = vector_set(context, request)
    rows = np.unique([checked_row(row, vectors) for row in request.rows])
    to_middle = cosines_to_middle(vectors.vectors, rows)
    order = np.argsort(-np.nan_to_num(to_middle, nan=-2), kind="stable")[:MAX_MEMBERS]
    members: list[GroupMember] = [
        {"row": int(rows[place]), "text": vectors.name(int(rows[place])), "cosine": rounded(to_middle[place])}
        for place in order
    ]
    return {"members": members, "count": len(rows)}


def match(vectors: VectorSet, row: int, query: str) -> MatchAnswer:
    """One match, and where in a word it stands if it spells the query."""
    text = vectors.name(row)
    spelled = text.strip().casefold() == query.strip().casefold()
    kind = vectors.vocabulary.kinds[row] if spelled and vectors.vocabulary else None
    return {"row": row, "text": text, "place": "" if kind is None else PLACES.get(int(kind), "")}
