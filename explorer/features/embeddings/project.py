"""Vectors for the endpoint that draws them, and what they are called."""

from collections.abc import Sequence

from anyio import to_thread

from explorer.calls import Context, Run
from explorer.calls.answers import texts
from explorer.features.embeddings.endpoints import ProjectAnswer, ProjectRequest
from explorer.features.embeddings.waiting import projected
from models.errors import InputError
from models.projection.methods import ProjectionSettings
from models.text.vocabulary import vocabulary
from models.translation import _
from models.vectors.embedding_tables import contextual, table
from models.vectors.similarity import Vectors


async def placed(context: Context, request: ProjectRequest) -> ProjectAnswer:
    """Place what is asked for; raises InputError where there is too little of it."""
    settings = ProjectionSettings(method=request.method, dimensions=request.dimensions)
    ids, names, vectors = await to_thread.run_sync(_vectors, context, request)
    found = await projected(context, vectors, settings)
    rows = found.rows.tolist()
    return {
        "ids": [ids[row] for row in rows],
        "texts": [names[row] for row in rows],
        "points": found.points[:, : request.dimensions].tolist(),
        "explained": found.explained[: request.dimensions].tolist() if request.method == "pca" else [],
    }


def _vectors(context: Context, request: ProjectRequest) -> tuple[Sequence[int], Sequence[str], Vectors]:
    model = context.model(request)
    if request.of == "vocabulary":
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
