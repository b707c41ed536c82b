"""What the Embeddings tab asks: what lies near, and where everything lies."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, ModelRequest, Run, Whole, endpoint
from explorer.calls.answers import texts
from explorer.features.embeddings.arithmetic import analogy_scores, word_arithmetic
from explorer.features.embeddings.colours import vector_colours
from explorer.features.embeddings.lookup import find_vectors, nearest_vectors, vector_group, vector_names
from explorer.features.embeddings.map import map_points, map_table
from explorer.features.embeddings.positions import positions
from explorer.features.embeddings.sentences import sentence_similarity
from explorer.features.embeddings.trajectories import cosine_by_depth, trajectories
from models.changes.kinds import MOST_CHANGES, Change
from models.engine.language_model import LanguageModel
from models.errors import InputError
from models.projection.methods import ProjectionSettings
from models.projection.queue import projections
from models.text.vocabulary import vocabulary
from models.translation import _
from models.vectors.embedding_tables import contextual, table
from models.vectors.similarity import Vectors
from models.vectors.similarity import neighbours as nearest

__all__ = [
    "analogy_scores",
    "cosine_by_depth",
    "find_vectors",
    "map_points",
    "map_table",
    "nearest_vectors",
    "neighbours",
    "positions",
    "project",
    "sentence_similarity",
    "trajectories",
    "vector_colours",
    "vector_group",
    "vector_names",
    "word_arithmetic",
]

VOCABULARY = "vocabulary"


class NeighboursRequest(ModelRequest):
    """A token to find the like of."""

    token: str = Field(description='The text of one token, or "#" and its id.')
    count: Whole = Field(10, ge=1, le=1_000, description="How many to give, 1 to 1000.")


class NeighbourAnswer(TypedDict):
    """One token and the cosine between its input embedding and that of the token asked about."""

    id: int
    text: str
    cosine: float


class ProjectRequest(ModelRequest):
    """Vectors to draw."""

    method: Literal["pca", "tsne", "umap"] = Field("pca", description="pca, tsne or umap.")
    dimensions: Whole = Field(2, description="2 or 3 (tsne: 2).")
    of: str = Field(
        VOCABULARY,
        description="The word vocabulary, or a text, whose tokens are placed by what they are after the last layer.",
    )
    changes: list[Change] = Field([], max_length=MOST_CHANGES, description="Changes to the model that reads the text.")


class ProjectAnswer(TypedDict):
    """One list of coordinates per token; `explained` is each axis's share of the variance, for pca alone."""

    ids: list[int]
    texts: list[str]
    points: list[list[float]]
    explained: list[float]


@endpoint
def neighbours(context: Context, request: NeighboursRequest) -> list[NeighbourAnswer]:
    """Find the tokens whose input embeddings point in the most similar direction.

    Returns:
        id, text and cosine of each, nearest first; the token itself is left out.

    """
    model = context.model(request)
    words, vectors = vocabulary(model), table(model, "input")
    token_id = words.entry(request.token)
    found = nearest(vectors, vectors.row(token_id), request.count, exclude=[token_id])
    return [{"id": one.row, "text": words.texts[one.row], "cosine": one.cosine} for one in found]


@endpoint
def project(context: Context, request: ProjectRequest) -> ProjectAnswer:
    """Draw vectors on a plane or in a cube: the model's whole vocabulary, or the tokens of a text.

    Returns:
        ids and texts of the tokens, points (one list of coordinates each), and explained: the share of the
        variance along each axis for pca, nothing for the other methods.

    """
    settings = ProjectionSettings(method=request.method, dimensions=request.dimensions)
    ids, names, vectors = _vectors(context, context.model(request), request)
    found = projections(context.settings.cache).project(vectors, settings, "endpoint")
    placed = found.rows.tolist()
    return {
        "ids": [ids[row] for row in placed],
        "texts": [names[row] for row in placed],
        "points": found.points[:, : request.dimensions].tolist(),
        "explained": found.explained[: request.dimensions].tolist() if request.method == "pca" else [],
    }


def _vectors(
    context: Context, model: LanguageModel, request: ProjectRequest
) -> tuple[Sequence[int], Sequence[str], Vectors]:
    if request.of == VOCABULARY:
        words = vocabulary(model)
        return range(len(words)), words.texts, table(model, "input")
    trace = context.trace(Run(model=model.name, text=request.of, changes=tuple(request.changes)))
    stack, residual = (
        ("decoder", trace.residual) if trace.encoder_residual is None else ("encoder", trace.encoder_residual)
    )
    vectors = contextual(trace, len(residual) - 1, stack)
    if len(vectors) < 3:
        raise InputError(_("A projection needs at least three tokens: give a longer text, or the word vocabulary."))
    return [token.id for token in trace.tokens], texts(trace.tokens), vectors
