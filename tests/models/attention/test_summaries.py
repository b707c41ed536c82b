"""Summaries are made of the real patterns and stay within their bytes."""

import numpy as np
import pytest

from models.attention import summaries
from models.attention.head_scores import measured
from models.attention.pattern_spec import PatternSpec
from models.attention.summaries import layer_summary, sampled_rows, side
from tests.models.attention.conftest import Traced


def test_a_cell_is_the_pattern_scaled_to_its_own_peak(traced: Traced) -> None:
    trace = traced("bert")
    summary = layer_summary(trace, PatternSpec(), 1)
    pattern = trace.attention(1)
    peaks = pattern.max(axis=(1, 2))
    np.testing.assert_allclose(summary.peaks, peaks)
    expected = np.sqrt(pattern / peaks[:, None, None]) * 255
    np.testing.assert_allclose(summary.cells, expected, atol=0.51)


def test_the_first_row_of_a_causal_pattern_does_not_set_the_scale(traced: Traced) -> None:
    trace = traced("gpt2")
    summary = layer_summary(trace, PatternSpec(), 0)
    np.testing.assert_allclose(summary.peaks, trace.attention(0)[:, 1:].max(axis=(1, 2)))
    assert (summary.cells[:, 0, 0] == 255).all()


def test_scores_are_those_of_the_whole_pattern(traced: Traced) -> None:
    trace = traced("gpt2")
    ids = np.array([token.id for token in trace.tokens])
    expected = measured(trace.attention(2), np.arange(len(ids)), ids)
    found = layer_summary(trace, PatternSpec(), 2).scores
    for key, values in expected.items():
        np.testing.assert_array_equal(found[key], values)


def test_a_long_text_is_measured_on_runs_from_the_first_row_to_the_last() -> None:
    rows = sampled_rows(4096)
    assert len(rows) == 128
    assert rows[0] == 0
    assert rows[-1] == 4095
    assert (np.diff(rows) > 0).all()
    assert np.array_equal(sampled_rows(256), np.arange(256))


def test_sampled_cells_come_from_the_sampled_rows(traced: Traced, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summaries, "WHOLE_ROWS", 30)
    monkeypatch.setattr(summaries, "SAMPLED_ROWS", 16)
    trace = traced("bert", 40)
    rows = sampled_rows(40)
    assert len(rows) == 16
    summary = layer_summary(trace, PatternSpec(), 0)
    np.testing.assert_allclose(summary.peaks, trace.attention(0)[:, rows].max(axis=(1, 2)))


def test_the_grid_of_a_large_model_stays_within_its_bytes() -> None:
    for heads in (12 * 12, 24 * 16, 32 * 32, 80 * 64):
        assert heads * side(heads) ** 2 <= 590_000
    assert side(12 * 12) == 64
    assert side(6 * 4) == 64
