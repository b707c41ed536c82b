"""The sentences offered for a word of two senses show what they promise, in every bundled model."""

import re
from itertools import product

import pytest

from explorer.shell.assets import EXPLORER
from models import load
from models.catalog import offered
from models.vectors.embedding_tables import path_cosines, paths

SCRIPT = (EXPLORER / "features/embeddings/trajectories.js").read_text("utf-8")
APART = 0.2


def example() -> tuple[str, list[str]]:
    block = SCRIPT[SCRIPT.index("const EXAMPLE") : SCRIPT.index("};", SCRIPT.index("const EXAMPLE"))]
    *sentences, word = re.findall(r'"([^"]+)"', block)
    return word, "".join(sentences).split(r"\n")


@pytest.mark.parametrize("name", [entry.name for entry in offered() if entry.bundled])
def test_two_uses_of_one_sense_end_nearer_than_two_senses(name: str) -> None:
    model, (word, sentences) = load(name, device="cpu"), example()
    stack = "encoder" if model.kind == "encoder-decoder" else "decoder"
    found = [path for path in paths(tuple(map(model.trace, sentences)), stack) if path.token.text.strip() == word]
    assert [path.text for path in found] == [0, 1, 2, 3]
    first, second = found[:2], found[2:]
    within = min(float(path_cosines(*sense)[-1]) for sense in (first, second))
    across = max(float(path_cosines(left, right)[-1]) for left, right in product(first, second))
    assert within - across > APART
    assert path_cosines(first[0], second[0])[0] > 0.9  # before the first layer only positions tell them apart
