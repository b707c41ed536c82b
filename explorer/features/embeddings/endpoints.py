"""What the Embeddings tab offers to programs."""

from typing import Literal

from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import ChangedRequest, Context, ModelRequest, Whole, endpoint


class NeighboursRequest(ModelRequest):
    """A token to find the like of."""

    token: str = Field(description='The text of one token, or "#" and its id.')
    count: Whole = Field(10, ge=1, le=1_000, description="How many to give, 1 to 1000.")


class NeighbourAnswer(TypedDict):
    """One token and the cosine between its input embedding and that of the token asked about."""

    id: int
    text: str
    cosine: float


class ProjectRequest(ChangedRequest):
    """Vectors to draw."""

    method: Literal["pca", "tsne", "umap"] = Field("pca", description="pca, tsne or umap.")
    dimensions: Whole = Field(2, description="2 or 3 (tsne: 2).")
    of: str = Field(
        "vocabulary",
        description="The word vocabulary, or a text, whose tokens are placed by what they are after the last layer.",
    )


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
    from models.text.vocabulary import vocabulary
    from models.vectors.embedding_tables import table
    from models.vectors.similarity import neighbours as nearest

    model = context.model(request)
    words, vectors = vocabulary(model), table(model, "input")
    token_id = words.entry(request.token)
    found = nearest(vectors, vectors.row(token_id), request.count, exclude=[token_id])
    return [{"id": one.row, "text": words.texts[one.row], "cosine": one.cosine} for one in found]


@endpoint
async def project(context: Context, request: ProjectRequest) -> ProjectAnswer:
    """Draw vectors on a plane or in a cube: the model's whole vocabulary, or the tokens of a text.

    Returns:
        ids and texts of the tokens, points (one list of coordinates each), and explained: the share of the
        variance along each axis for pca, nothing for the other methods.

    """
    from explorer.features.embeddings.project import placed

    return await placed(context, request)
