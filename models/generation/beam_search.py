"""Beam search with its tree: which continuations were kept, which were dropped, and their scores.

At every step each of the `width` beams is continued with every token; the largest `width` sums of log-probabilities go
on. A finished beam scores its sum divided by its length (Wu et al. 2016 with exponent 1), as in transformers'
`generate` with `num_beams=width, length_penalty=1, early_stopping=False`, whose search this repeats.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import torch
from jaxtyping import Float
from torch import Tensor

from models.errors import InputError
from models.generation.decoding import CachedDecoder
from models.generation.generation_request import GenerationRequest, GenerativeModel, end_tokens, prepare_request
from models.generation.sampling import Sampling
from models.translation import _

MAX_BEAMS = 10


@dataclass(eq=False, kw_only=True)
class Node:
    """One token in the tree. `total` is the sum of log-probabilities (nats) from the root to here.

    `status` is "kept" while it was a beam, "dropped" where the search left it, "finished" where the text ends.
    """

    index: int
    parent: int | None
    token_id: int
    depth: int
    probability: float
    total: float
    status: str

    @property
    def score(self) -> float:
        """The score of the beam if it ends here: nats per token."""
        return self.total / self.depth


@dataclass(eq=False)
class BeamTree:
    """Every node of a search, in the order it came, and the finished ones, best first."""

    nodes: list[Node] = field(default_factory=list)
    finished: list[Node] = field(default_factory=list)

    def ids(self, node: Node) -> list[int]:
        """The tokens from the root to a node."""
        path = [node.token_id]
        while node.parent is not None:
            node = self.nodes[node.parent]
            path.insert(0, node.token_id)
        return path


def beam_search(
    model: GenerativeModel, text: str, *, width: int, max_new_tokens: int, target: str = ""
) -> Iterator[BeamTree]:
    """The tree as it grows, once per step; `finished` holds the best `width` texts when it ends.

    Raises InputError for a width outside 1 to 10; closing the iterator stops the search.
    """
    if isinstance(width, bool) or not 1 <= width <= MAX_BEAMS:
        raise InputError(_("The beam width must be a whole number from 1 to {most}.", most=MAX_BEAMS))
    return _search(model, prepare_request(model, text, Sampling(), max_new_tokens=max_new_tokens, target=target), width)


def _search(model: GenerativeModel, request: GenerationRequest, width: int) -> Iterator[BeamTree]:
    tree, beams = BeamTree(), list[Node]()
    with model.lock, torch.no_grad():
        decoder = CachedDecoder(model.network, request.source)
        logits = decoder.next([request.ids])
    ends = end_tokens(model.network)
    for depth in range(1, request.max_tokens_left + 1):
        last = depth == request.max_tokens_left
        origins, candidates = _continued(tree, beams, logits, width * max(2, 1 + len(ends)))
        kept = _classify(tree, candidates, width, ends, last=last)
        yield tree
        beams = [candidates[index] for index in kept]
        if last or _cannot_improve(tree, beams, width):
            return
        with model.lock, torch.no_grad():
            decoder.keep([origins[index] for index in kept])
            logits = decoder.next([[node.token_id] for node in beams])


def _continued(
    tree: BeamTree, beams: Sequence[Node], logits: Float[Tensor, "beam vocab"], count: int
) -> tuple[list[int], list[Node]]:
    """The `count` likeliest continuations of all beams together: the beam each belongs to, and its node."""
    log_probability = torch.log_softmax(logits, -1)
    before = torch.tensor([node.total for node in beams] or [0.0], device=log_probability.device)
    totals = before[:, None] + log_probability
    best = totals.flatten().topk(min(count, totals.numel()))
    vocab = log_probability.shape[-1]
    origins: list[int] = []
    candidates: list[Node] = []
    for total, flat in zip(best.values.tolist(), best.indices.tolist(), strict=True):
        beam, token_id = divmod(flat, vocab)
        parent = beams[beam] if beams else None
        node = Node(
            index=len(tree.nodes) + len(candidates),
            parent=parent.index if parent else None,
            token_id=token_id,
            depth=parent.depth + 1 if parent else 1,
            probability=float(log_probability[beam, token_id].exp()),
            total=total,
            status="dropped",
        )
        origins.append(beam)
        candidates.append(node)
    return origins, candidates


def _classify(tree: BeamTree, candidates: Sequence[Node], width: int, ends: frozenset[int], *, last: bool) -> list[int]:
    """Set every candidate's status; the indices of those that are kept."""
    kept: list[int] = []
    for index, node in enumerate(candidates):
        tree.nodes.append(node)
        if node.token_id in ends or last:
            if index < width:  # further down it would only have stood in for one that ended
                node.status = "finished"
                tree.finished.append(node)
        elif len(kept) < width:
            node.status = "kept"
            kept.append(index)
    tree.finished.sort(key=lambda node: -node.score)
    del tree.finished[width:]
    return kept


def _cannot_improve(tree: BeamTree, beams: Sequence[Node], width: int) -> bool:
    """Whether the best running beam scores less than the worst finished one, of which there are enough."""
    return not beams or (len(tree.finished) == width and beams[0].score <= tree.finished[-1].score)
