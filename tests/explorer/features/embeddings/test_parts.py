"""Word arithmetic, paths through the layers and positions: plain values that agree with the models' own numbers."""

import base64
from typing import Any

import numpy as np
import pytest

from explorer.calls import Context
from explorer.features.embeddings.calls import (
    analogy_scores,
    cosine_by_depth,
    positions,
    trajectories,
    word_arithmetic,
)
from models.errors import InputError
from models.vectors.analogies import analogy
from models.vectors.embedding_tables import path_cosines, paths, table
from tests.explorer.features.embeddings.conftest import about, asked
from tests.models.families import FAMILIES, model

SENTENCES = "w10 w20 w30\n\nw40 w20 w50 w60\n"


def test_the_nearest_to_the_sum_are_listed_and_the_inputs_named(context: Context) -> None:
    answer = word_arithmetic.ask(context, about(a="w10", b="w11", c="w12"))
    expected = analogy(table(model("gpt2")), 10, 11, 12)
    assert [one["row"] for one in answer["results"]] == [one.row for one in expected]
    assert [one["row"] for one in answer["inputs"]] == [10, 11, 12]
    assert answer["inputs_allowed"] is not None
    assert answer["inputs_allowed"]["row"] in {10, 12}


@pytest.mark.parametrize("wrong", [{"a": "no such word"}, {"b": ""}, {"c": 5}, {"space": "text"}])
def test_a_sum_that_cannot_be_done_is_a_sentence(context: Context, wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        word_arithmetic.ask(context, about(**{"a": "w10", "b": "w11", "c": "w12", **wrong}))


def test_a_model_that_knows_none_of_the_words_has_nothing_to_report(context: Context) -> None:
    assert analogy_scores.ask(context, about())["relations"] == []


def test_every_token_of_every_sentence_has_a_path(context: Context) -> None:
    answer = trajectories.ask(context, asked(sentences=SENTENCES))
    assert answer["depths"] == 4
    assert len(answer["paths"]) == 6 + 3 + 4
    assert [path["sentence"] for path in answer["paths"]] == [0] * 6 + [1] * 3 + [2] * 4
    points = np.frombuffer(base64.b64decode(answer["points"]), dtype="<u2")
    assert points.size == 2 * 4 * 13


def test_one_word_can_be_followed_through_several_sentences(context: Context) -> None:
    answer = trajectories.ask(context, asked(sentences=SENTENCES, word="W20", dimensions=3))
    assert [(path["sentence"], path["position"], path["name"]) for path in answer["paths"]] == [
        (1, 1, "w20"),
        (2, 1, "w20"),
    ]


@pytest.mark.parametrize(("stack", "count"), [("encoder", 6), ("decoder", 5)])
def test_paths_of_both_stacks(context: Context, stack: str, count: int) -> None:
    assert len(trajectories.ask(context, asked("bart", stack=stack))["paths"]) == count


def test_the_cosine_of_two_tokens_is_given_at_every_depth(context: Context) -> None:
    answer = cosine_by_depth.ask(context, asked(sentences=SENTENCES, left=[1, 1], right=[2, 1]))
    traces = tuple(context.pool.trace("gpt2", text) for text in (asked()["text"], "w10 w20 w30", "w40 w20 w50 w60"))
    found = {(path.text, path.position): path for path in paths(traces)}
    assert answer["values"] == pytest.approx(path_cosines(found[1, 1], found[2, 1]).tolist(), abs=1e-3)
    assert len(answer["figure"]["data"]) == 2


def test_markup_in_a_token_stays_text_in_the_figure(context: Context) -> None:
    answer = cosine_by_depth.ask(context, asked(sentences="<mask> w20", left=[1, 0], right=[1, 1]))
    assert "&lt;mask&gt;" in str(answer["figure"]["data"][0]["name"])


@pytest.mark.parametrize(
    "wrong", [{"word": "absent"}, {"sentences": "w5\n" * 12}, {"metric": "taxi"}, {"sentences": 3}, {"stack": "middle"}]
)
def test_what_cannot_be_followed_is_a_sentence(context: Context, wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        trajectories.ask(context, asked(**wrong))


def test_two_tokens_must_be_chosen(context: Context) -> None:
    with pytest.raises(InputError, match="Choose two tokens"):
        cosine_by_depth.ask(context, asked(left=[0, 0], right=[0, 99]))


@pytest.mark.parametrize("case", FAMILIES)
def test_every_familys_positions_are_told_and_drawn(context: Context, case: str) -> None:
    answer = positions.ask(context, about(case))
    assert answer["none"] is None
    for scheme in answer["schemes"]:
        assert "{" not in scheme["sentence"]
        assert scheme["figure"]["data"]
    names = [scheme["title"] for scheme in answer["schemes"]]
    assert len(set(names)) == len(names)
    assert not any(part in name for name in names for part in (".", "_"))
