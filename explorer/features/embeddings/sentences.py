"""Sentences compared: one vector for each, and how alike any two are."""

from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import ChangedRequest, Context, call
from models.vectors.sentences import MAX_SENTENCES, Pooling, cosines, sentence_vectors

MAX_LENGTH = 2_000
"""Characters of all sentences together, with the ends of their lines."""


class SentencesRequest(ChangedRequest):
    """Sentences, one on each line, and how their tokens' vectors become one."""

    sentences: str = Field(max_length=MAX_LENGTH)
    pooling: Pooling = "mean"


class SentencesAnswer(TypedDict):
    """The sentences, and the cosine of every two of them."""

    sentences: list[str]
    cosines: list[list[float]]
    most: int


@call
def sentence_similarity(context: Context, request: SentencesRequest) -> SentencesAnswer:
    """Compare sentences by the angle between their vectors."""
    sentences = [line.strip() for line in request.sentences.splitlines() if line.strip()]
    with context.slots:
        vectors = sentence_vectors(context.model_for(request, (sentences or [""])[0]), sentences, request.pooling)
    return {
        "sentences": sentences,
        "cosines": [[round(float(one), 6) for one in row] for row in cosines(vectors)],
        "most": MAX_SENTENCES,
    }
