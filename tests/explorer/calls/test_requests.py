"""What comes in is read as its type says, and what does not fit is one sentence that names the argument."""

from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from explorer.calls.requests import Pair, Request, RunRequest, Whole, checked
from models.errors import InputError


class Wish(Request):
    """One argument of each kind."""

    text: str = Field(max_length=5)
    count: Whole = Field(3, ge=1, le=1_000)
    share: float = Field(0.5, gt=0, le=1)
    least: Whole = Field(0, ge=0)
    way: Literal["up", "down"] = "up"
    loud: bool = False
    heads: list[Pair] = Field(default=[], max_length=2)


def refusal(**given: Any) -> str:
    with pytest.raises(InputError) as caught:
        checked(Wish, {"text": "a"} | given)
    return str(caught.value)


def test_what_fits_is_taken_as_it_is() -> None:
    wish = checked(Wish, {"text": "a", "count": 3.0, "share": 1, "heads": [[1, 2]]})
    assert (wish.text, wish.count, wish.share, wish.heads) == ("a", 3, 1.0, [(1, 2)])


def test_null_means_the_default() -> None:
    assert checked(Wish, {"text": "a", "count": None, "way": None}) == checked(Wish, {"text": "a"})


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"text": None}, "text must be a text."),
        ({"text": 7}, "text must be a text."),
        ({"text": "abcdef"}, "text may have 5 characters at most."),
        ({"count": 0}, "count must be from 1 to 1,000, not 0."),
        ({"count": 1.5}, "count must be a whole number."),
        ({"count": True}, "count must be a whole number."),
        ({"count": "3"}, "count must be a whole number."),
        ({"count": float("nan")}, "count must be a whole number."),
        ({"share": 0}, "share must be above 0 and at most 1, not 0."),
        ({"share": float("inf")}, "share must be a number."),
        ({"share": 10**400}, "share must be a number."),
        ({"least": -1}, "least must be at least 0, not -1."),
        ({"way": "left"}, "way must be one of up, down, not left."),
        ({"loud": 1}, "loud must be true or false."),
        ({"heads": "1,2"}, "heads must be a list."),
        ({"heads": [[1, 2], [3, 4], [5, 6]]}, "heads may have 2 entries at most."),
        ({"heads": [[1, "x"]]}, "heads.0.1 must be a whole number."),
        ({"colour": "red"}, "colour is not something this call knows."),
    ],
)
def test_what_does_not_fit_is_a_sentence(given: dict[str, Any], sentence: str) -> None:
    assert refusal(**given) == sentence


@pytest.mark.parametrize("given", [None, [], "text", 3, True])
def test_a_request_is_an_object(given: Any) -> None:
    with pytest.raises(InputError, match="one object"):
        checked(Wish, given)


def test_what_is_missing_is_named() -> None:
    with pytest.raises(InputError, match=r"model is missing\."):
        checked(RunRequest, {"text": "a"})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(Wish.model_fields)) | st.text(max_size=8), JSON, max_size=7))
def test_anything_else_is_a_sentence_too(given: dict[str, Any]) -> None:
    try:
        checked(Wish, given)
    except InputError as error:
        sentence = str(error)
        assert sentence.endswith(".")
        assert len(sentence) < 200
        assert "validation" not in sentence
