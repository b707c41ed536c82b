"""Heatmaps and shades as they travel: packed values, axes, words and tokens."""

import base64

import numpy as np
import pytest
from numpy import ndarray

from explorer.features.attention.grid import induction
from explorer.features.attention.pictures import heatmap, shading
from models.engine.pool import Pool
from models.errors import InputError, Unsupported
from tests.explorer.features.attention.conftest import TARGET, TEXT, Ask


def floats(packed: str) -> ndarray:
    return np.frombuffer(base64.b64decode(packed), "<f4")


def test_a_heatmap_travels_as_the_exact_weights(pool: Pool, ask: Ask) -> None:
    answer = ask(heatmap, "bert", layer=2, head=3)
    expected = pool.trace("bert", TEXT).attention(2, 3)
    values = floats(answer["values"]).reshape(answer["rows"]["drawn"], answer["columns"]["drawn"])
    assert np.array_equal(values, expected)
    assert answer["peak"] == expected.max()
    assert answer["exact"]
    assert answer["rows"] == {"count": 12, "first": 0, "last": 12, "step": 1, "drawn": 12, "groups": None}


def test_the_peak_leaves_out_the_first_row_of_a_causal_pattern(pool: Pool, ask: Ask) -> None:
    answer = ask(heatmap, "gpt2", layer=1, head=1)
    assert answer["peak"] == pool.trace("gpt2", TEXT).attention(1, 1)[1:].max()


def test_bytes_of_a_long_text_do_not_grow_with_its_square(pool: Pool, ask: Ask) -> None:
    text = " ".join(["w5 w6 w7 w8"] * 80)
    answer = ask(heatmap, "t5", text=text, kind="encoder")
    assert answer["rows"]["count"] == 320
    assert answer["rows"]["drawn"] <= 256
    assert len(answer["values"]) < 360_000


@pytest.mark.parametrize("bad", [[0], "all", [0, 1.5], 3, [7, 2], [0, 13]])
def test_a_window_that_is_no_pair_within_the_text_is_refused(ask: Ask, bad: object) -> None:
    with pytest.raises(InputError, match="rows"):
        ask(heatmap, "gpt2", rows=bad)


def test_shading_from_a_token_is_its_row_and_to_a_token_its_column(pool: Pool, ask: Ask) -> None:
    pattern = pool.trace("bert", TEXT).attention(1, 2)
    given = {"layer": 1, "head": 2, "position": 4}
    assert np.allclose(floats(ask(shading, "bert", **given, direction="from")["weights"]), pattern[4])
    assert np.allclose(floats(ask(shading, "bert", **given, direction="to")["weights"]), pattern[:, 4])


def test_shading_across_texts_goes_from_target_to_source(pool: Pool, ask: Ask) -> None:
    trace = pool.trace("bart", TEXT, TARGET)
    pattern = trace.attention(1, 2, kind="cross")
    given = {"kind": "cross", "layer": 1, "head": 2, "position": 3}
    assert np.allclose(floats(ask(shading, "bart", **given)["weights"]), pattern[3])
    assert np.allclose(floats(ask(shading, "bart", **given, direction="to")["weights"]), pattern[:, 3])


def test_shading_by_words_is_about_the_word_of_the_token(pool: Pool, ask: Ask) -> None:
    answer = ask(shading, "gpt2", position=4, by_words=True)
    assert answer["chosen"] == [4, 5]
    assert answer["groups"] == list(range(13))


@pytest.mark.parametrize("position", [-1, 12, "4", None])
def test_a_position_outside_the_text_is_refused(ask: Ask, position: object) -> None:
    with pytest.raises(InputError, match="position"):
        ask(shading, "gpt2", position=position)


def test_induction_needs_words_and_says_so(pool: Pool, ask: Ask) -> None:
    with pytest.raises(Unsupported, match="too few whole words"):
        ask(induction, "gpt2")
