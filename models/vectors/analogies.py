"""Word analogies by vector arithmetic, a − b + c, and their accuracy with both baselines."""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from models.errors import InputError
from models.translation import _
from models.vectors.similarity import Neighbour, Vectors, neighbours

SMALLEST = 1e-6
"""What is shorter than this, between vectors of length one, is rounding and no direction."""

PAIRS_FILE = Path(__file__).with_name("analogies.toml")

Question = tuple[int, int, int, int]
Find = Callable[[str], int | None]


def analogy(vectors: Vectors, a: int, b: int, c: int, count: int = 10) -> tuple[Neighbour, ...]:
    """The rows nearest by cosine to a − b + c, each taken with length one; a, b and c themselves are left out.

    The method of Mikolov et al. 2013 ("Linguistic Regularities in Continuous Space Word Representations", called
    3CosAdd by Levy and Goldberg 2014). Without leaving them out, the nearest row is usually one of the three.
    """
    return neighbours(vectors, sum_of(vectors, a, b, c), count, exclude=(a, b, c))


def sum_of(vectors: Vectors, a: int, b: int, c: int) -> Float32[ndarray, " width"]:
    """The vector a − b + c, each row taken with length one."""
    first, second, third = (_unit(vectors, row) for row in (a, b, c))
    return first - second + third


def on_plane(
    vectors: Vectors, words: tuple[int, int, int], others: Sequence[int]
) -> tuple[Float32[ndarray, "point 2"], Float32[ndarray, " other"]]:
    """The plane through the ends of a, b and c, each taken with length one: what an analogy looks like, undistorted.

    Gives the places of a, b, c and the sum a − b + c, which lie in the plane and are the corners of a parallelogram;
    then those of the `others`, straight down onto the plane, and how far off it each of them is. b is at (0, 0), and
    a straight above it.
    """
    a, b, c = (_unit(vectors, row) for row in words)
    up = _direction(a - b)
    right = _direction((c - b) - (c - b) @ up * up)
    ends = np.stack([a, b, c, a - b + c, *(_unit(vectors, row) for row in others)]) - b
    places = ends @ np.stack([right, up], axis=1)
    off = np.linalg.norm(ends - places @ np.stack([right, up]), axis=1)
    return places.astype(np.float32), off[4:].astype(np.float32)


def _direction(vector: Float32[ndarray, " width"]) -> Float32[ndarray, " width"]:
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length > SMALLEST else np.zeros_like(vector)


@dataclass(frozen=True, kw_only=True)
class AnalogyScore:
    """How many questions of one relation came out right.

    `right` with the three inputs left out of the answers, as is usual; `inputs_allowed` with nothing left out;
    `baseline` when the first two words are ignored and the nearest neighbour of the third is the answer (Linzen 2016
    asks for both comparisons).
    """

    relation: str
    tried: int
    right: int
    inputs_allowed: int
    baseline: int


def measured(vectors: Vectors, find: Find) -> tuple[AnalogyScore, ...]:
    """The analogy list asked of these vectors; a question counts where `find` knows all four of its words."""
    return tuple(_score(vectors, relation, questions) for relation, questions in _questions(find))


def relations() -> dict[str, list[tuple[str, str]]]:
    """The list itself: relation → pairs of words."""
    read = tomllib.loads(PAIRS_FILE.read_text("utf-8"))
    return {relation: [(first, second) for first, second in pairs] for relation, pairs in read.items()}


def _questions(find: Find) -> Iterator[tuple[str, list[Question]]]:
    for relation, pairs in relations().items():
        known = [(left, right) for pair in pairs if None not in (left := find(pair[0]), right := find(pair[1]))]
        rows = [(left, right) for left, right in known if left is not None and right is not None and left != right]
        questions = [(b2, b1, c1, c2) for (b1, b2), (c1, c2) in permutations(rows, 2) if len({b1, b2, c1, c2}) == 4]
        if questions:
            yield relation, questions


def _score(vectors: Vectors, relation: str, questions: list[Question]) -> AnalogyScore:
    asked = np.array(questions)
    units = _units(vectors)
    targets = units[asked[:, 0]] - units[asked[:, 1]] + units[asked[:, 2]]
    scores = targets @ units.T
    closest = units[asked[:, 2]] @ units.T
    each = np.arange(len(asked))
    inputs_allowed = scores.argmax(1)
    for column in range(3):
        scores[each, asked[:, column]] = -np.inf
    closest[each, asked[:, 2]] = -np.inf
    found = {"right": scores.argmax(1), "inputs_allowed": inputs_allowed, "baseline": closest.argmax(1)}
    correct = {name: int((answers == asked[:, 3]).sum()) for name, answers in found.items()}
    return AnalogyScore(relation=relation, tried=len(asked), **correct)


def _units(vectors: Vectors) -> Float32[ndarray, "count width"]:
    return vectors.rows / np.where(vectors.norms > 0, vectors.norms, 1)[:, None]


def _unit(vectors: Vectors, row: int) -> Float32[ndarray, " width"]:
    vector = vectors.row(row)
    length = float(vectors.norms[row])
    if length == 0:
        raise InputError(_("One of the three vectors has length zero, so it has no direction to add."))
    return vector / np.float32(length)
