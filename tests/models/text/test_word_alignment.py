"""Tokens of two texts correspond word by word."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import load
from models.text.word_alignment import aligned, words_of

model = load("storybook", device="cpu")


def correspond(text: str, other: str) -> list[tuple[str, str | None]]:
    """Each token's text with its counterpart's."""
    tokens, others = model.tokenize(text), model.tokenize(other)
    found = aligned(tokens, text, others, other)
    return [
        (token.text, None if place is None else others[place].text) for token, place in zip(tokens, found, strict=True)
    ]


def test_texts_of_one_length_correspond_position_by_position() -> None:
    assert correspond("The king saw the wolf", "The queen met a bear") == [
        ("The", "The"), (" king", " queen"), (" saw", " met"), (" the", " a"), (" wolf", " bear"),
    ]  # fmt: skip


def test_a_word_of_more_tokens_gives_its_last_token_alone() -> None:
    found = correspond("The wolf knocked", "The Rumpelstiltskin knocked")
    assert found[0] == ("The", "The")
    assert found[1][1] == model.tokenize("The Rumpelstiltskin")[-1].text
    assert found[2] == (" knocked", " knocked")
    back = correspond("The Rumpelstiltskin knocked", "The wolf knocked")
    assert [other for _token, other in back] == ["The", *[None] * (len(back) - 3), " wolf", " knocked"]


def test_words_put_in_have_no_counterpart_and_those_around_them_keep_theirs() -> None:
    assert correspond("The old wolf, knocked.", "The wolf knocked.") == [
        ("The", "The"), (" old", None), (" wolf", " wolf"), (",", None), (" knocked", " knocked"), (".", "."),
    ]  # fmt: skip


@settings(deadline=None)
@given(st.text("aeiou .,’\n", max_size=30), st.text("aeiou .,’\n", max_size=30))
def test_every_alignment_keeps_the_order_and_stays_inside(text: str, other: str) -> None:
    tokens, others = model.tokenize(f"a{text}"), model.tokenize(f"b{other}")
    found = aligned(tokens, f"a{text}", others, f"b{other}")
    places = [place for place in found if place is not None]
    assert len(found) == len(tokens)
    assert all(0 <= place < len(others) for place in places)
    assert all(one < two for one, two in pairwise(places))


@pytest.mark.parametrize("text", ["don't go, Hansel!", "  two  spaces ", "émile naïve", "“Who?” said 3,000 wolves…"])
def test_each_token_is_in_exactly_one_word(text: str) -> None:
    tokens = model.tokenize(text)
    positions = [position for word in words_of(tokens, text) for position in word.positions]
    assert positions == list(range(len(tokens)))
