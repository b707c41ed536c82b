"""Pictures are the model's own weights, on several architectures, or the largest of what a cell covers."""

from typing import Literal

import numpy as np
import pytest
from numpy import ndarray

from models.attention import picture as pictures
from models.attention.pattern_spec import PatternSpec
from models.attention.picture import Picture, column_of, picture, row_of
from models.engine.trace import Trace
from models.errors import InputError
from tests.models.attention.conftest import Traced

CASES = ["gpt2", "mistral, sliding", "gemma2", "gpt_oss", "bloom", "bert", "gptj"]


def weights(trace: Trace, layer: int, head: int, kind: str = "self") -> ndarray:
    return trace.attention(layer, head, kind=kind)


def visible(pattern: ndarray) -> ndarray:
    return np.where(np.tri(*pattern.shape) > 0, pattern, np.nan)


@pytest.mark.parametrize("case", CASES)
def test_a_short_text_is_shown_exactly(traced: Traced, case: str) -> None:
    trace = traced(case)
    drawn = picture(trace, PatternSpec(layer=1, head=2))
    expected = weights(trace, 1, 2)
    assert drawn.is_exact
    assert drawn.causal == (trace.kind == "decoder")
    np.testing.assert_array_equal(drawn.values, visible(expected) if drawn.causal else expected)


@pytest.mark.parametrize(("kind", "shape"), [("encoder", (12, 12)), ("decoder", (8, 8)), ("cross", (8, 12))])
def test_an_encoder_decoder_shows_each_kind(traced: Traced, kind: str, shape: tuple[int, int]) -> None:
    trace = traced("t5")
    drawn = picture(trace, PatternSpec(kind=kind, layer=1, head=3))
    assert drawn.values.shape == tuple(len(tokens) for tokens in (trace.queries(kind), trace.keys(kind)))
    expected = weights(trace, 1, 3, kind)
    np.testing.assert_array_equal(drawn.values, visible(expected) if kind == "decoder" else expected)
    assert abs(drawn.values.shape[0] - shape[0]) <= 1


@pytest.fixture
def small_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells and blocks so small that a short text already has to be reduced in several steps."""
    monkeypatch.setattr(pictures, "SIDE", 8)
    monkeypatch.setattr(pictures, "BLOCK_BYTES", 4 * 40 * 7)


def largest(pattern: ndarray, drawn: Picture) -> ndarray:
    rows, columns = drawn.rows.edges, drawn.columns.edges
    cells = np.full((len(rows) - 1, len(columns) - 1), np.nan, dtype=np.float32)
    for row in range(len(rows) - 1):
        for column in range(len(columns) - 1):
            cell = pattern[rows[row] : rows[row + 1], columns[column] : columns[column + 1]]
            if np.isfinite(cell).any():
                cells[row, column] = np.nanmax(cell)
    return cells


@pytest.mark.usefixtures("small_screen")
@pytest.mark.parametrize("case", ["gpt2", "bert"])
def test_a_long_text_shows_the_largest_weight_of_each_cell(traced: Traced, case: str) -> None:
    trace = traced(case, 40)
    drawn = picture(trace, PatternSpec(layer=2, head=1))
    pattern = weights(trace, 2, 1)
    assert not drawn.is_exact
    assert drawn.values.shape == (8, 8)
    np.testing.assert_allclose(drawn.values, largest(visible(pattern) if drawn.causal else pattern, drawn), atol=1e-6)


@pytest.mark.usefixtures("small_screen")
def test_a_window_small_enough_is_exact(traced: Traced) -> None:
    trace = traced("gpt2", 40)
    drawn = picture(trace, PatternSpec(layer=2, head=1), rows=(20, 28), columns=(17, 25))
    assert drawn.is_exact
    np.testing.assert_allclose(drawn.values, visible(weights(trace, 2, 1))[20:28, 17:25], atol=1e-6)


@pytest.mark.parametrize("window", [(5, 5), (-1, 3), (0, 13), (7, 2)])
def test_a_window_outside_the_text_is_refused(traced: Traced, window: tuple[int, int]) -> None:
    with pytest.raises(InputError, match="rows must be a pair within 0 and 12"):
        picture(traced("gpt2"), PatternSpec(), rows=window)


@pytest.mark.parametrize("how", ["mean", "max"])
def test_chosen_heads_are_combined(traced: Traced, how: Literal["mean", "max"]) -> None:
    trace = traced("bert")
    chosen = ((0, 1), (2, 3))
    expected = getattr(np, how)([weights(trace, *head) for head in chosen], axis=0)
    drawn = picture(trace, PatternSpec(combination=how, chosen=chosen))
    np.testing.assert_allclose(drawn.values, expected, atol=1e-6)


def test_values_are_weighted_by_the_length_they_carry(traced: Traced) -> None:
    trace = traced("bert")
    drawn = picture(trace, PatternSpec(layer=1, head=2, reading="values"))
    np.testing.assert_allclose(drawn.values, weights(trace, 1, 2) * trace.value_norms(1)[2], rtol=1e-5)


def test_leaving_out_the_first_token_divides_by_what_remains(traced: Traced) -> None:
    trace = traced("gpt2")
    drawn = picture(trace, PatternSpec(layer=1, head=2, left_out="first")).values
    pattern = weights(trace, 1, 2)
    assert np.isnan(drawn[:, 0]).all()
    np.testing.assert_allclose(drawn[5, 1:6], pattern[5, 1:6] / pattern[5, 1:].sum(), rtol=1e-5)


def test_leaving_out_a_token_does_not_rescale_lengths(traced: Traced) -> None:
    trace = traced("gpt2")
    whole = picture(trace, PatternSpec(layer=1, head=2, reading="values")).values
    part = picture(trace, PatternSpec(layer=1, head=2, reading="values", left_out="first")).values
    np.testing.assert_array_equal(part[:, 1:], whole[:, 1:])


@pytest.mark.parametrize("kind", ["encoder", "decoder"])
def test_rollout_is_the_product_of_the_layers_of_one_kind(traced: Traced, kind: str) -> None:
    trace = traced("t5")
    expected = np.eye(len(trace.queries(kind)))
    for layer in range(2):
        expected = (trace.attention(layer, kind=kind).mean(axis=0) + np.eye(len(expected))) / 2 @ expected
    drawn = picture(trace, PatternSpec(kind=kind, layer=1, reading="rollout")).values
    np.testing.assert_allclose(drawn, visible(expected) if kind == "decoder" else expected, atol=1e-5)


@pytest.mark.parametrize("spec", [PatternSpec(layer=2, head=1), PatternSpec(layer=2, reading="rollout")])
def test_rows_and_columns_alone_are_those_of_the_picture(traced: Traced, spec: PatternSpec) -> None:
    trace = traced("bert")
    whole = picture(trace, spec).values
    np.testing.assert_allclose(row_of(trace, spec, 4), whole[4], atol=1e-6)
    np.testing.assert_allclose(column_of(trace, spec, 4), whole[:, 4], atol=1e-6)


@pytest.mark.usefixtures("small_screen")
def test_a_column_of_a_long_text_is_put_together_from_blocks(traced: Traced) -> None:
    trace = traced("gpt2", 40)
    np.testing.assert_allclose(column_of(trace, PatternSpec(layer=1), 7), weights(trace, 1, 0)[:, 7], atol=1e-6)
