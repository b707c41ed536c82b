"""One request says which pattern is meant; what cannot be is refused with a sentence that names it."""

import re
from typing import Any

import pytest

from explorer.calls.requests import checked
from explorer.features.attention.requests import PatternRequest, spec_of
from models.attention.pattern_spec import PatternSpec
from models.errors import InputError
from tests.explorer.features.attention.conftest import TEXT, Traced


def read(given: dict[str, Any], traced: Traced, model: str) -> PatternSpec:
    return spec_of(checked(PatternRequest, {"model": model, "text": TEXT, **given}), traced(model))


def test_an_empty_request_means_the_first_head_of_the_first_kind(traced: Traced) -> None:
    assert read({}, traced, "gpt2") == PatternSpec()
    assert read({}, traced, "t5").kind == "encoder"


def test_a_full_request_is_read_with_each_chosen_head_once(traced: Traced) -> None:
    given = {"kind": "cross", "layer": 1, "head": 3, "reading": "values", "combination": "max"}
    given |= {"chosen": [[1, 2], [0, 1], [1, 2]], "left_out": "first", "by_words": True}
    assert read(given, traced, "t5") == PatternSpec(
        kind="cross",
        layer=1,
        head=3,
        reading="values",
        combination="max",
        chosen=((0, 1), (1, 2)),
        left_out="first",
        by_words=True,
    )


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"layer": 3}, "layer must be from 0 to 2, not 3."),
        ({"layer": -1}, "layer must be at least 0"),
        ({"layer": True}, "layer"),
        ({"layer": float("nan")}, "layer"),
        ({"head": 4}, "head must be from 0 to 3, not 4."),
        ({"head": "0"}, "head must be a whole number"),
        ({"kind": "cross"}, "'cross' attention"),
        ({"reading": "truth"}, "reading must be one of weights, values, rollout"),
        ({"reading": ["weights"]}, "reading must be one of"),
        ({"left_out": "last"}, "left_out must be one of"),
        ({"combination": "mean"}, "choose some in the grid"),
        ({"combination": "mean", "chosen": [[0, 9]]}, "head must be from 0 to 3, not 9."),
        ({"combination": "mean", "chosen": [[0]]}, "chosen"),
        ({"combination": "mean", "chosen": "all"}, "chosen must be a list"),
        ({"combination": "mean", "chosen": [[0, 0]] * 5000}, "chosen may have 4,096 entries at most"),
    ],
)
def test_an_impossible_request_is_refused_by_name(traced: Traced, given: dict[str, Any], named: str) -> None:
    with pytest.raises(InputError, match=re.escape(named)):
        read(given, traced, "gpt2")
