"""Titles say which heads take part, so that a saved picture says it too."""

from typing import get_args

from explorer.features.attention.labels import combinations, ignored, name_of, readings, unit_of
from models.attention.pattern_spec import Combination, LeftOut, PatternSpec, Reading


def test_the_name_says_which_heads_take_part() -> None:
    assert name_of(PatternSpec(layer=2, head=5)) == "layer 2, head 5"
    assert name_of(PatternSpec(reading="rollout", layer=2)) == "layers 0 to 2"
    many = tuple((0, head) for head in range(16))
    assert name_of(PatternSpec(combination="mean", chosen=many[:2])) == "mean of 2 heads (layer·head: 0·0, 0·1)"
    assert name_of(PatternSpec(combination="mean", chosen=many[:1])) == "mean of 1 head (layer·head: 0·0)"
    assert name_of(PatternSpec(combination="max", chosen=many)).endswith("0·11 and 4 more)")


def test_every_choice_has_a_label() -> None:
    assert tuple(readings()) == get_args(Reading)
    assert tuple(combinations()) == get_args(Combination)
    assert tuple(ignored()) == get_args(LeftOut)


def test_norms_are_no_shares() -> None:
    assert [unit_of(PatternSpec(reading=reading)) for reading in get_args(Reading)] == ["share", "norm", "share"]
