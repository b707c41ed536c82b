"""Attention patterns turned into other patterns, against loops a reader can follow."""

import numpy as np
import pytest
from numpy import ndarray

from models.attention import patterns
from models.text.tokens import Token


def softmaxed(*shape: int, causal: bool = False, seed: int = 0) -> ndarray:
    scores = np.random.default_rng(seed).normal(0, 3, shape)
    if causal:
        scores = np.where(np.tri(shape[-2], shape[-1], dtype=bool), scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return (weights / weights.sum(axis=-1, keepdims=True)).astype(np.float32)


def spelled(*pieces: str, specials: tuple[int, ...] = ()) -> tuple[tuple[Token, ...], str]:
    """Tokens that spell their pieces one after the other; specials stand for no text."""
    tokens, text = [], ""
    for number, piece in enumerate(pieces):
        special = number in specials
        start = len(text)
        text += "" if special else piece
        tokens.append(
            Token(
                id=number,
                piece=piece,
                text="" if special else piece,
                start=start,
                end=len(text),
                special=special,
                group=number,
                bytes=b"" if special else piece.encode(),
            )
        )
    return tuple(tokens), text


@pytest.mark.parametrize(("length", "limit"), [(1, 1), (5, 3), (256, 256), (257, 256), (4096, 256), (7, 100)])
def test_bins_cover_every_position_once_and_respect_the_limit(length: int, limit: int) -> None:
    edges = patterns.bins(length, limit)
    assert edges[0] == 0
    assert edges[-1] == length
    assert len(edges) - 1 <= limit
    assert (np.diff(edges) >= 1).all()
    assert len(set(np.diff(edges)[:-1].tolist())) <= 1


@pytest.mark.parametrize(("length", "limit"), [(1, 1), (5, 3), (64, 64), (65, 64), (4096, 63), (7, 100)])
def test_spread_bins_use_all_the_room_there_is(length: int, limit: int) -> None:
    edges = patterns.spread_bins(length, limit)
    assert (edges[0], edges[-1]) == (0, length)
    assert len(edges) - 1 == min(length, limit)
    assert set(np.diff(edges).tolist()) <= {length // min(length, limit), length // min(length, limit) + 1}


def test_a_pooled_cell_is_the_largest_weight_in_it() -> None:
    pattern = softmaxed(2, 11, 7)
    rows, columns = patterns.bins(11, 4), patterns.bins(7, 3)
    pooled = patterns.pooled(pattern, rows, columns)
    for row in range(len(rows) - 1):
        for column in range(len(columns) - 1):
            cell = pattern[:, rows[row] : rows[row + 1], columns[column] : columns[column + 1]]
            assert pooled[:, row, column].tolist() == cell.max(axis=(1, 2)).tolist()


def test_a_pooled_cell_ignores_what_was_left_out_unless_nothing_else_is_in_it() -> None:
    pattern = np.array([[0.5, np.nan], [np.nan, np.nan]], dtype=np.float32)
    assert patterns.pooled(pattern, np.array([0, 2]), np.array([0, 2])).tolist() == [[0.5]]
    assert np.isnan(patterns.pooled(pattern, np.array([0, 1, 2]), np.array([0, 2]))[1, 0])


def test_words_start_after_white_space_and_at_specials() -> None:
    tokens, text = spelled("<s>", "Un", "believ", "able", " it", "'s", "\n", "\n", "so", "</s>", specials=(0, 9))
    starts = patterns.words(tokens, text).tolist()
    assert starts == [0, 1, 4, 6, 7, 8, 9, 10]


def test_tokens_that_share_a_character_stay_in_one_word() -> None:
    first = Token(id=0, piece="a", text="a", start=0, end=1, special=False, group=0, bytes=b"a")
    part = Token(id=1, piece="x", text=" 🦙", start=1, end=3, special=False, group=1, bytes=b"")
    tokens = (first, part, part, part)
    assert patterns.words(tokens, "a 🦙").tolist() == [0, 1, 4]


def test_merging_sums_to_words_and_averages_from_words() -> None:
    pattern = softmaxed(5, 6)
    rows, columns = np.array([0, 2, 5]), np.array([0, 1, 4, 6])
    merged = patterns.merged(pattern, rows, columns)
    for row in range(2):
        for column in range(3):
            cell = pattern[rows[row] : rows[row + 1], columns[column] : columns[column + 1]]
            assert merged[row, column] == pytest.approx(cell.sum(axis=1).mean(), abs=1e-6)
    assert merged.sum(axis=1) == pytest.approx([1, 1], abs=1e-6)


def test_merging_leaves_out_what_was_left_out() -> None:
    hidden = patterns.without_keys(softmaxed(4, 4, causal=True), np.array([0]))
    merged = patterns.merged(hidden, np.array([0, 2, 4]), np.array([0, 1, 2, 4]))
    assert np.isnan(merged[:, 0]).all()
    assert np.nansum(merged, axis=1) == pytest.approx([1, 1], abs=1e-6)


def test_leaving_out_a_key_makes_the_rest_sum_to_one() -> None:
    pattern = softmaxed(6, 6)
    kept = patterns.without_keys(pattern, np.array([0, 3]))
    assert np.isnan(kept[:, [0, 3]]).all()
    assert np.nansum(kept, axis=1) == pytest.approx(np.ones(6), abs=1e-6)
    assert kept[2, 1] == pytest.approx(pattern[2, 1] / (1 - pattern[2, 0] - pattern[2, 3]), rel=1e-5)


def test_a_row_with_nothing_left_is_undefined() -> None:
    kept = patterns.without_keys(softmaxed(3, 3, causal=True), np.array([0]))
    assert np.isnan(kept[0]).all()
    assert kept[1, 1] == pytest.approx(1)


def test_combining_gives_the_mean_or_the_largest_at_each_place() -> None:
    stack = softmaxed(3, 4, 5)
    assert np.allclose(patterns.combined(stack, "mean"), stack.mean(axis=0), atol=1e-7)
    assert np.array_equal(patterns.combined(iter(stack), "max"), stack.max(axis=0))
    with pytest.raises(ValueError, match="nothing to combine"):
        patterns.combined([], "mean")


def test_combining_does_not_write_into_what_it_was_given() -> None:
    stack = softmaxed(2, 3, 3)
    before = stack.copy()
    patterns.combined(stack, "mean")
    assert np.array_equal(stack, before)


def test_value_weighting_multiplies_each_column_by_the_length_of_its_vector() -> None:
    weighted = patterns.value_weighted(np.full((2, 3), 0.5, np.float32), np.array([0.0, 2.0, 4.0]))
    assert weighted.tolist() == [[0, 1, 2], [0, 1, 2]]
