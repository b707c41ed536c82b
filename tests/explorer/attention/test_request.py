"""Requests are read from whatever a script sends, or refused with a sentence."""

from typing import Any

import pytest

from explorer.attention.request import Request, request_of
from models.errors import InputError
from tests.explorer.attention.conftest import Traced


def test_an_empty_request_means_the_first_head_of_the_first_kind(traced: Traced) -> None:
    assert request_of({}, traced("gpt2")) == Request()
    assert request_of({}, traced("t5")).kind == "encoder"


def test_a_full_request_is_read(traced: Traced) -> None:
    given = {"kind": "cross", "layer": 1, "head": 3, "reading": "values", "combination": "max"}
    given |= {"chosen": [[1, 2], [0, 1], [1, 2]], "left_out": "first", "by_words": True}
    read = request_of(given, traced("t5"))
    assert read == Request(
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
        ({"layer": 3}, "'layer' must be a whole number from 0 to 2"),
        ({"layer": -1}, "'layer'"),
        ({"layer": True}, "'layer'"),
        ({"layer": float("nan")}, "'layer'"),
        ({"head": 4}, "'head' must be a whole number from 0 to 3"),
        ({"head": "0"}, "'head'"),
        ({"kind": "cross"}, "no 'cross' attention"),
        ({"reading": "truth"}, "'reading' must be one of"),
        ({"reading": ["weights"]}, "'reading' must be one of"),
        ({"left_out": "last"}, "'left_out' must be one of"),
        ({"combination": "mean"}, "choose some in the grid"),
        ({"combination": "mean", "chosen": [[0, 9]]}, "'head'"),
        ({"combination": "mean", "chosen": [[0]]}, "pairs"),
        ({"combination": "mean", "chosen": "all"}, "'chosen'"),
        ({"combination": "mean", "chosen": [[0, 0]] * 5000}, "at most 4096"),
    ],
)
def test_an_impossible_request_is_refused_by_name(traced: Traced, given: dict[str, Any], named: str) -> None:
    with pytest.raises(InputError, match=named.replace("(", "\\(")):
        request_of(given, traced("gpt2"))


def test_the_name_says_which_heads_take_part() -> None:
    assert Request(layer=2, head=5).name == "layer 2, head 5"
    assert Request(reading="rollout", layer=2).name == "layers 0 to 2"
    many = tuple((0, head) for head in range(16))
    assert Request(combination="mean", chosen=many[:2]).name == "mean of 2 heads (layer·head: 0·0, 0·1)"
    assert Request(combination="max", chosen=many).name.endswith("0·11 and 4 more)")
