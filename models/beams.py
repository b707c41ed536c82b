"""Beam search with its tree: which continuations were followed, which were dropped, and what each was worth.

At every step each of the `width` beams is continued with every token; the largest `width` sums of log-probabilities go
on. A beam that ends is worth its sum divided by its length (Wu et al. 2016 with exponent 1), as in transformers'
`generate` with `num_beams=width, length_penalty=1, early_stopping=False`, whose search this repeats.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import torch
from jaxtyping import Float
from torch import Tensor

from models.decoding import Reader
from models.errors import InputError
from models.sampling import Sampling
from models.writing import Request, Writer, end_tokens, request

WIDEST = 10


@dataclass(eq=False, kw_only=True)
class Node:
    """One token in the tree. `total` is the sum of log-probabilities (nats) from the root to here.

    `fate` is "kept" while it was followed, "dropped" where the search left it, "finished" where the text ends.
    """

    number: int
    parent: int | None
    token: int
    depth: int
    probability: float
    total: float
    fate: str

    @property
    def score(self) -> float:
        """What the beam is worth if it ends here: nats per token."""
        return self.total / self.depth


@dataclass(eq=False)
class BeamTree:
    """Every node of a search, in the order it came, and the finished ones, best first."""

    nodes: list[Node] = field(default_factory=list)
    finished: list[Node] = field(default_factory=list)

    def ids(self, node: Node) -> list[int]:
        """The tokens from the root to a node."""
        path = [node.token]
        while node.parent is not None:
            node = self.nodes[node.parent]
            path.insert(0, node.token)
        return path


def beam_search(model: Writer, text: str, *, width: int, max_new_tokens: int, target: str = "") -> Iterator[BeamTree]:
    """The tree as it grows, once per step; `finished` holds the best `width` texts when it ends.

    Raises InputError for a width outside 1 to 10; closing the iterator stops the search.
    """
    if isinstance(width, bool) or not 1 <= width <= WIDEST:
        raise InputError(f"The beam width must be a whole number from 1 to {WIDEST}.")
    return _search(model, request(model, text, Sampling(), max_new_tokens=max_new_tokens, target=target), width)


def _search(model: Writer, asked: Request, width: int) -> Iterator[BeamTree]:
    tree, beams = BeamTree(), list[Node]()
    with model.lock, torch.no_grad():
        reader = Reader(model.network, asked.source)
        logits = reader.next([asked.ids])
    ends = end_tokens(model.network)
    for depth in range(1, asked.room + 1):
        last = depth == asked.room
        places, candidates = _continued(tree, beams, logits, width * max(2, 1 + len(ends)))
        kept = _sorted_out(tree, candidates, width, ends, last=last)
        yield tree
        beams = [candidates[index] for index in kept]
        if last or _cannot_improve(tree, beams, width):
            return
        with model.lock, torch.no_grad():
            reader.keep([places[index] for index in kept])
            logits = reader.next([[node.token] for node in beams])


def _continued(
    tree: BeamTree, beams: Sequence[Node], logits: Float[Tensor, "beam vocab"], count: int
) -> tuple[list[int], list[Node]]:
    """The `count` likeliest continuations of all beams together: the beam each belongs to, and its node."""
    odds = torch.log_softmax(logits, -1)
    before = torch.tensor([node.total for node in beams] or [0.0], device=odds.device)
    totals = before[:, None] + odds
    best = totals.flatten().topk(min(count, totals.numel()))
    vocab = odds.shape[-1]
    places: list[int] = []
    candidates: list[Node] = []
    for total, flat in zip(best.values.tolist(), best.indices.tolist(), strict=True):
        place, token = divmod(flat, vocab)
        parent = beams[place] if beams else None
        node = Node(
            number=len(tree.nodes) + len(candidates),
            parent=parent.number if parent else None,
            token=token,
            depth=parent.depth + 1 if parent else 1,
            probability=float(odds[place, token].exp()),
            total=total,
            fate="dropped",
        )
        places.append(place)
        candidates.append(node)
    return places, candidates


def _sorted_out(
    tree: BeamTree, candidates: Sequence[Node], width: int, ends: frozenset[int], *, last: bool
) -> list[int]:
    """Note every candidate's fate; the indices of those that go on."""
    going_on: list[int] = []
    for index, node in enumerate(candidates):
        tree.nodes.append(node)
        if node.token in ends or last:
            if index < width:  # further down it would only have stood in for one that ended
                node.fate = "finished"
                tree.finished.append(node)
        elif len(going_on) < width:
            node.fate = "kept"
            going_on.append(index)
    tree.finished.sort(key=lambda node: -node.score)
    del tree.finished[width:]
    return going_on


def _cannot_improve(tree: BeamTree, beams: Sequence[Node], width: int) -> bool:
    """Whether the best running beam is worth less than the worst finished one, of which there are enough."""
    return not beams or (len(tree.finished) == width and beams[0].score <= tree.finished[-1].score)
