"""A beam search in plain values: every node of its tree, and the texts it ended with."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

from explorer.completion.odds import Answer
from models.beams import BeamTree, Node, beam_search
from models.errors import ModelError
from models.language_model import LanguageModel
from models.pool import Pool
from models.writing import Writing

LONGEST = 60  # steps drawn: wider trees cannot be read


def searched(pool: Pool, asked: Mapping[str, Any]) -> Iterator[Answer]:
    """The tree after every step; a refusal is `{"error": sentence}`.

    `asked`: model, text, target, width, length (steps, at most 60).
    """
    run = {"run": asked.get("run", 0)}
    try:
        model = pool.model(asked["model"])
        wishes = {"width": int(asked["width"]), "max_new_tokens": min(LONGEST, int(asked["length"]))}
        rows: list[Answer] = []
        answer: Answer = {}
        with closing(beam_search(model, asked["text"], target=asked["target"], **wishes)) as steps:  # type: ignore[type-var]
            for tree in steps:
                rows = [*rows, *(_row(model, node) for node in tree.nodes[len(rows) :])]
                answer = {**run, "nodes": rows, "finished": [_text(model, tree, node) for node in tree.finished]}
                yield {**answer, "state": "working"}
        yield {**answer, "state": "done"}
    except ModelError as error:
        yield {**run, "state": "failed", "error": str(error)}


def _row(model: LanguageModel, node: Node) -> Answer:
    special = node.token in model.spelling.special
    return {
        "parent": node.parent,
        "text": model.spelling.piece(node.token) if special else model.piece_text(node.token),
        "special": special,
        "depth": node.depth,
        "probability": node.probability,
        "score": node.score,
        "fate": node.fate,
    }


def _text(model: LanguageModel, tree: BeamTree, node: Node) -> Answer:
    writing = Writing(model.spelling, tree.ids(node))
    writing.close()
    return {"node": node.number, "text": writing.text, "score": node.score, "tokens": node.depth}
