"""Texts that two tokenizers cut differently are compared over stretches that both spell whole."""

import numpy as np
import pytest
import torch

from models import load
from models.comparison.segments import Comparison, compared
from models.engine.language_model import LanguageModel
from models.generation.scoring import TokenScores, score
from models.text.tokens import Token

TEXT = "The king’s naïve daughter laughed — quietly; 你好 👩‍👩‍👧 end"


def tokens(text: str, cuts: list[int], first: int = 0) -> tuple[Token, ...]:
    ends = [*cuts, len(text)]
    return tuple(
        Token(id=7, piece="", text=text[start:end], start=start, end=end, special=False, group=place, bytes=b"")
        for place, (start, end) in enumerate(zip([first, *ends[:-1]], ends, strict=True))
    )


def scores(cut: tuple[Token, ...], bits: list[float], first: int = 1) -> TokenScores:
    count = len(bits)
    return TokenScores(
        tokens=cut, positions=np.arange(first, first + count), surprisal=np.array(bits, float),
        rank=np.ones(count, int), entropy=np.zeros(count), bytes=1, pseudo=False,
    )  # fmt: skip


def of(one: str, other: str, text: str, other_text: str) -> Comparison:
    found = [score(load(name).trace(said)) for name, said in ((one, text), (other, other_text))]
    return compared(found[0], text, found[1], other_text)


def test_a_segment_is_the_shortest_stretch_that_both_spell_with_whole_tokens() -> None:
    text = "ab cd ef"
    found = compared(
        scores(tokens(text, [2, 4, 5]), [1, 2, 4]), text, scores(tokens(text, [1, 2, 5]), [8, 16, 32]), text
    )
    assert [(one.text, one.bits, two.bits) for one, two in found.segments if one and two] == [
        ("ab", None, None),  # the first token has nothing before it, in either cut
        (" cd", 3.0, 16.0),
        (" ef", 4.0, 32.0),
    ]
    assert found.bits_per_byte == (7 / 6, 48 / 6)


def test_a_stretch_that_one_of_them_does_not_read_counts_for_neither() -> None:
    text = "ab cd "
    kept = tokens(text, [2, 5])
    stripped = (*tokens("ab cd", [2]),)
    found = compared(scores(kept, [1, 2]), text, scores(stripped, [4]), text)
    assert [(one.text, one.bits, two.bits) for one, two in found.segments if one and two][-2:] == [
        (" cd", 1.0, 4.0),
        (" ", 2.0, None),
    ]
    assert found.bits_per_byte == (1 / 3, 4 / 3)


def test_words_that_correspond_stand_beside_each_other() -> None:
    found = of("storybook", "storybook", "The old man shook his head", "The old grey man shook her head")
    assert [(one and one.text, two and two.text) for one, two in found.segments] == [
        ("The", "The"), ("old", "old"), (None, "grey"), ("man", "man"), ("shook", "shook"), ("his", "her"),
        ("head", "head"),
    ]  # fmt: skip
    assert found.segments[2][0] is None


@pytest.mark.parametrize("other", ["storybook", "storybook-llama"])
def test_the_segments_of_a_text_are_the_text_and_their_bits_are_transformers_own(other: str) -> None:
    found = of("storybook", other, TEXT, TEXT)
    assert "".join(one.text for one, _two in found.segments if one) == TEXT
    for place, name in enumerate(("storybook", other)):
        parts = [segment[place] for segment in found.segments]
        total = sum(part.bits for part in parts if part and part.bits is not None)
        assert total == pytest.approx(plain_bits(load(name), [part for part in parts if part and part.bits]), rel=1e-4)


def plain_bits(model: LanguageModel, parts: list) -> float:
    """The surprisal of the same tokens by transformers alone."""
    ids = torch.tensor([model.tokenizer(TEXT)["input_ids"]])
    with torch.no_grad():
        logs = model.network(input_ids=ids).logits[0].double().log_softmax(-1)
    positions = [position for part in parts for position in part.positions]
    return float(-sum(logs[position - 1, ids[0, position]] for position in positions)) / np.log(2)
