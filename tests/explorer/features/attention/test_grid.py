"""The grid's answers: the layers asked for, scores with null for what was not measured."""

import base64

import numpy as np
import pytest

from explorer.features.attention.grid import overview
from models.errors import InputError
from tests.explorer.features.attention.conftest import Ask


def test_the_answer_holds_the_layers_asked_for(ask: Ask) -> None:
    answer = ask(overview, "bert", first=1, last=3)
    cells = np.frombuffer(base64.b64decode(answer["cells"]), np.uint8)
    assert cells.size == 2 * answer["heads"] * answer["rows"] * answer["columns"]
    assert len(answer["scores"]) == 2
    assert answer["sampled"] is None


def test_without_a_last_layer_all_are_read(ask: Ask) -> None:
    answer = ask(overview, "gpt2")
    assert len(answer["scores"]) == answer["layers"] == 3


def test_what_was_not_measured_is_null(ask: Ask) -> None:
    answer = ask(overview, "gpt2", text="w5 w6 w7")
    assert answer["scores"][0]["same"] == [None] * 4
    assert None not in answer["scores"][0]["entropy"]


def test_cross_attention_has_only_the_scores_that_compare_no_positions(ask: Ask) -> None:
    assert set(ask(overview, "bart", kind="cross")["scores"][0]) == {"first", "entropy"}


@pytest.mark.parametrize("bad", [{"first": 9}, {"first": 2, "last": 2}, {"last": -1}, {"last": 4}])
def test_layers_out_of_range_are_refused(ask: Ask, bad: dict[str, int]) -> None:
    with pytest.raises(InputError):
        ask(overview, "gpt2", **bad)
