"""The call that searches with beams: its tree as it grows, and the texts it ends with."""

from collections.abc import Iterator
from contextlib import closing

from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, RunRequest, Whole, call
from models.engine.language_model import LanguageModel
from models.generation.beam_search import MAX_BEAMS, BeamTree, Node, beam_search
from models.generation.detokenizer import IncrementalDetokenizer

MAX_STEPS = 60  # wider trees cannot be read


class BeamsRequest(RunRequest):
    """How many texts to follow, and how far."""

    width: Whole = Field(3, ge=1, le=MAX_BEAMS, description="How many texts are followed.")
    max_new_tokens: Whole = Field(12, ge=1, le=MAX_STEPS, description="How many tokens to add at most.")


class BeamNode(TypedDict):
    """One token of the tree; `parent` counts nodes from 0, `score` is in nats per token.

    `status` is kept while it was followed, dropped where the search left it, finished where the text ends.
    """

    parent: int | None
    text: str
    special: bool
    depth: int
    probability: float
    score: float
    status: str


class BeamText(TypedDict):
    """A text that the search ended with, and its last node."""

    node: int
    text: str
    score: float
    tokens: int


class BeamsMessage(TypedDict):
    """The nodes that are new since the last message, and all texts that have ended, best first."""

    nodes: list[BeamNode]
    finished: list[BeamText]


@call
def beams(context: Context, request: BeamsRequest) -> Iterator[BeamsMessage]:
    """Search for the likeliest text, step by step."""
    model, sent = context.model(request), 0
    wishes = {"width": request.width, "max_new_tokens": request.max_new_tokens}
    with closing(beam_search(model, request.text, target=request.target, **wishes)) as trees:  # type: ignore[type-var]
        for tree in trees:
            nodes = [_node(model, node) for node in tree.nodes[sent:]]
            yield {"nodes": nodes, "finished": [_text(model, tree, node) for node in tree.finished]}
            sent += len(nodes)


def _node(model: LanguageModel, node: Node) -> BeamNode:
    special = node.token_id in model.token_decoder.special
    return {
        "parent": node.parent,
        "text": model.token_decoder.piece(node.token_id) if special else model.token_text(node.token_id),
        "special": special,
        "depth": node.depth,
        "probability": node.probability,
        "score": node.score,
        "status": node.status,
    }


def _text(model: LanguageModel, tree: BeamTree, node: Node) -> BeamText:
    detokenizer = IncrementalDetokenizer(model.token_decoder, tree.ids(node))
    detokenizer.close()
    return {"node": node.index, "text": detokenizer.text, "score": node.score, "tokens": node.depth}
