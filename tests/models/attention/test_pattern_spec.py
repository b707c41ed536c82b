"""What a spec may name is decided by the trace."""

import re
from typing import Any

import pytest

from models.attention.pattern_spec import PatternSpec, hidden_keys, is_causal
from models.errors import InputError
from tests.models.attention.conftest import Traced


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"layer": 3}, "layer must be from 0 to 2, not 3."),
        ({"head": 4}, "head must be from 0 to 3, not 4."),
        ({"kind": "cross"}, "'cross' attention"),
        ({"combination": "mean"}, "choose some in the grid"),
        ({"combination": "max", "chosen": ((0, 9),)}, "head must be from 0 to 3, not 9."),
    ],
)
def test_what_a_trace_does_not_have_is_refused(traced: Traced, given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        PatternSpec(**given).check(traced("gpt2"))


def test_rollout_needs_no_chosen_heads(traced: Traced) -> None:
    PatternSpec(combination="mean", reading="rollout").check(traced("gpt2"))


def test_only_decoders_see_no_later_key(traced: Traced) -> None:
    assert is_causal(traced("gpt2"), "self")
    assert not is_causal(traced("bert"), "self")
    assert [is_causal(traced("t5"), kind) for kind in ("encoder", "decoder", "cross")] == [False, True, False]


def test_the_first_key_or_the_special_ones_are_left_out(traced: Traced) -> None:
    keys = traced("t5").keys("decoder")
    assert hidden_keys(PatternSpec(), keys) == []
    assert hidden_keys(PatternSpec(left_out="first"), keys) == [0]
    assert hidden_keys(PatternSpec(left_out="special"), keys) == [
        place for place, key in enumerate(keys) if key.special
    ]
