"""The map's answers: the right points for the right rows, names and lists that agree with the models' own numbers."""

import base64
import time
from collections.abc import Callable, Generator
from threading import Event
from typing import Any

import numpy as np
import pytest
from numpy import ndarray

from explorer.calls import Context
from explorer.calls.requests import checked
from explorer.features.embeddings.calls import (
    find_vectors,
    map_points,
    map_table,
    nearest_vectors,
    vector_colours,
    vector_names,
)
from explorer.features.embeddings.lookup import match
from explorer.features.embeddings.map import MapPoints, MapRequest, settings_of
from explorer.features.embeddings.points import FULL, quantised, stretch
from explorer.features.embeddings.vector_set import VectorSet
from models.errors import InputError, Unsupported
from models.projection.cache import ProjectionCache
from models.projection.methods import ProjectionSettings, principal_components
from models.projection.queue import Projections
from models.text.vocabulary import PART, START, Vocabulary
from models.vectors.embedding_tables import table
from models.vectors.similarity import Vectors, neighbours
from tests.explorer.features.embeddings.conftest import asked
from tests.loops import awaited
from tests.models.families import VOCAB, model


def unpacked(text: str | None, kind: str) -> ndarray:
    assert text is not None
    return np.frombuffer(base64.b64decode(text), dtype=kind)


def drawn(context: Context, **more: Any) -> MapPoints:
    *progress, last = map_points.ask(context, asked(**more))
    assert all("progress" in message for message in progress)
    return last["map"]


def test_the_points_are_the_components_asked_for_within_one_step(context: Context) -> None:
    answer = drawn(context, axes=[2, 0, 1])
    expected = principal_components(table(model("gpt2")), ProjectionSettings()).points[:, [2, 0]]
    found = unpacked(answer["points"], "<u2").reshape(-1, 2).astype(np.float64)
    scale = FULL / np.ptp(expected, axis=0).max()
    assert np.allclose(np.diff(found, axis=0), np.diff(expected, axis=0) * scale, atol=1.1)
    assert answer["axes"] == [2, 0]
    assert answer["count"] == answer["total"] == VOCAB
    assert answer["rows"] is None


def test_every_axis_has_the_same_step_so_that_the_picture_is_not_stretched() -> None:
    points = np.array([[0, 0], [10, 1]], dtype=np.float32)
    assert np.ptp(quantised(points)[:, 0]) == FULL
    assert np.ptp(quantised(points)[:, 1]) == pytest.approx(FULL / 10, abs=1)
    assert np.array_equal(quantised(np.ones((3, 2), dtype=np.float32)), np.full((3, 2), round(FULL / 2)))


def test_a_flat_cloud_is_drawn_higher_only_where_that_is_asked_for_and_says_so(context: Context) -> None:
    components = principal_components(table(model("gpt2")), ProjectionSettings()).points
    last = components.shape[1] - 1
    plain, filled = (drawn(context, axes=[0, last], filled=asked) for asked in (False, True))
    one, other = (np.ptp(unpacked(map_["points"], "<u2").reshape(-1, 2), axis=0) for map_ in (plain, filled))
    wide, times = stretch(components[:, [0, last]])
    assert times > 1
    assert plain["stretched"] == ""
    assert other[wide] == pytest.approx(one[wide] * times, rel=0.01)
    assert other[1 - wide] == one[1 - wide] == FULL
    assert filled["caption"].endswith(filled["stretched"])


def test_a_cloud_is_stretched_to_the_room_and_no_further() -> None:
    flat = np.array([[0, 0], [10, 3]], dtype=np.float32)
    assert stretch(flat) == (1, 2.0)
    assert stretch(flat[:, ::-1]) == (0, 2.0)
    assert stretch(flat * np.array([1, 3], dtype=np.float32))[1] == 1.0
    assert stretch(flat * np.array([1, 0.01], dtype=np.float32))[1] == 3.0
    assert stretch(np.ones((4, 2), dtype=np.float32))[1] == 1.0
    assert stretch(np.array([[0, 0, 0], [9, 1, 1]], dtype=np.float32))[1] == 1.0


def test_fifty_thousand_points_are_far_below_the_allowed_bytes() -> None:
    points = np.random.default_rng(1).normal(size=(50_000, 2)).astype(np.float32)
    assert len(base64.b64encode(quantised(points).tobytes())) < 300_000


def test_a_sample_says_which_rows_it_holds_and_that_it_is_one(context: Context) -> None:
    answer = drawn(context, sample=20, seed=5)
    rows = unpacked(answer["rows"], "<u4")
    assert len(rows) == answer["count"] == 20
    assert answer["total"] == VOCAB
    assert f"20 of {VOCAB} shown, chosen at random (seed 5)" in answer["caption"]


def test_the_texts_tokens_are_named_once_each(context: Context) -> None:
    marks = drawn(context)["marks"]
    trace = context.pool.trace(name="gpt2", text=asked()["text"])
    assert {mark["row"] for mark in marks} == {token.id for token in trace.tokens}
    assert all(mark["text"] == f"w{mark['row']}" for mark in marks)


@pytest.mark.parametrize("case", ["gpt2", "bert", "t5", "bart"])
@pytest.mark.parametrize("space", ["input", "output", "text"])
def test_every_kind_of_model_has_a_map_of_its_tables_and_of_its_text(context: Context, case: str, space: str) -> None:
    answer = drawn(context, case=case, space=space, depth=1, dimensions=3)
    assert answer["dimensions"] == 3
    assert unpacked(answer["points"], "<u2").size == 3 * answer["count"]


@pytest.mark.parametrize(("stack", "count"), [("encoder", 6), ("decoder", 5)])
def test_both_stacks_of_an_encoder_decoder_can_be_seen(context: Context, stack: str, count: int) -> None:
    assert drawn(context, case="bart", space="text", stack=stack)["count"] == count


def test_a_depth_left_over_from_a_deeper_model_is_the_deepest_there_is(context: Context) -> None:
    assert "at depth 3 " in drawn(context, space="text", depth=40)["title"]


def test_positions_are_a_map_or_a_sentence(context: Context) -> None:
    assert drawn(context, space="positions")["total"] == 64
    with pytest.raises(Unsupported, match="no table of positions"):
        list(map_points.ask(context, asked("llama", space="positions")))


def test_neighbours_are_listed_with_cosine_and_distance_and_without_the_token_itself(context: Context) -> None:
    answer = nearest_vectors.ask(context, asked(row=9, count=5))
    vectors = table(model("gpt2"))
    expected = neighbours(vectors, vectors.row(9), 5, exclude=[9])
    assert [one["row"] for one in answer["neighbours"]] == [one.row for one in expected]
    assert [one["cosine"] for one in answer["neighbours"]] == pytest.approx([one.cosine for one in expected], abs=1e-4)
    assert answer["text"] == "w9"


def test_labels_are_given_for_the_rows_asked_for_or_for_all(context: Context) -> None:
    assert vector_names.ask(context, asked(rows=[7, 3, 9]))["texts"] == ["w7", "<unk>", "w9"]
    assert len(vector_names.ask(context, asked())["texts"]) == VOCAB
    assert vector_names.ask(context, asked(space="positions", rows=[0, 63]))["texts"] == ["0", "63"]


def test_a_search_counts_all_matches(context: Context) -> None:
    answer = find_vectors.ask(context, asked(query="w7"))
    assert answer["count"] == 11
    assert answer["matches"][0] == {"row": 7, "text": "w7", "place": ""}
    assert find_vectors.ask(context, asked(space="text", query="w"))["count"] == 6


def test_a_word_is_found_before_the_inside_of_one_and_both_are_told_apart() -> None:
    words = Vocabulary((" cat", "king", " king", " kings"), np.array([START, PART, START, START], dtype=np.uint8))
    vectors = VectorSet(title="", vectors=Vectors(np.ones((4, 2), dtype=np.float32)), vocabulary=words)
    found = [match(vectors, row, "king") for row in vectors.search("king")]
    assert [(one["text"], one["place"]) for one in found] == [(" king", "word"), ("king", "inside"), (" kings", "")]


def test_a_projection_tells_how_far_it_is_and_ends_with_its_reader(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = Event()

    def endless(_components: Any, _settings: Any, report: Callable[[float, str], None]) -> Any:
        try:
            while True:
                report(0.25, "laying the points out")
                time.sleep(0.01)
        finally:
            ended.set()

    queue = Projections(ProjectionCache(context.settings.cache), endless)
    monkeypatch.setattr("explorer.features.embeddings.map.projections", lambda _folder: queue)
    answers = map_points.ask(context, asked(method="umap"))
    told = next(answers)["progress"]
    assert (told["state"], told["share"], told["stage"]) == ("running", 0.25, "laying the points out")
    assert isinstance(answers, Generator)
    answers.close()
    assert ended.wait(10)


@pytest.mark.parametrize("by", ["kind", "length", "norm", "distance"])
def test_every_colouring_has_a_shade_per_vector_and_a_legend(context: Context, by: str) -> None:
    answer = vector_colours.ask(context, asked(by=by, row=3))
    assert len(unpacked(answer["shades"], "u1")) == VOCAB
    assert answer["kinds"] if by == "kind" else answer["scale"]


def test_the_longest_vector_has_the_last_shade(context: Context) -> None:
    shades = unpacked(vector_colours.ask(context, asked(by="norm"))["shades"], "u1")
    assert shades.argmax() == table(model("gpt2")).norms.argmax()
    assert shades.max() == 255
    assert shades.min() == 0


def test_the_chosen_token_is_nearest_to_itself_by_colour(context: Context) -> None:
    assert unpacked(vector_colours.ask(context, asked(by="distance", row=11))["shades"], "u1").argmax() == 11


def test_the_table_of_points_can_be_read_back(context: Context) -> None:
    lines = awaited(map_table.ask(context, asked()))["rows"]
    expected = principal_components(table(model("gpt2")), ProjectionSettings()).points
    assert [line["row"] for line in lines] == list(range(VOCAB))
    assert [line["token"] for line in lines][7:9] == ["w7", "w8"]
    assert [line["x"] for line in lines] == pytest.approx(expected[:, 0].tolist())


def test_few_points_are_taken_for_what_takes_longer_unless_asked_otherwise() -> None:
    def sample(**more: Any) -> int:
        return settings_of(checked(MapRequest, asked(**more))).sample

    assert sample(method="umap") == 10_000
    assert sample(method="umap", sample=0) == 0
    assert sample(method="pca") == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"space": "elsewhere"},
        {"space": 3},
        {"method": "magic"},
        {"dimensions": 5},
        {"dimensions": "2"},
        {"sample": 1e9},
        {"seed": -1},
        {"seed": float("nan")},
        {"perplexity": float("inf")},
        {"axes": ["first"]},
        {"axes": "012"},
        {"near": True},
        {"method": "tsne", "dimensions": 3},
    ],
)
def test_a_wrong_value_is_a_sentence(context: Context, wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"must be|drawn in two"):
        list(map_points.ask(context, asked(**wrong)))


@pytest.mark.parametrize("row", [-1, VOCAB, 1.5, None, "7"])
def test_a_row_that_does_not_exist_is_a_sentence(context: Context, row: Any) -> None:
    with pytest.raises(InputError, match=r"row must be (a whole number|at least 0|from 0 to 95)"):
        nearest_vectors.ask(context, asked(row=row))
