"""What is drawn of attention: the strongest connections, and a long text folded without losing any weight."""

import numpy as np

from models.attention.looks import LEAST, PER_HEAD, PER_LAYER, attention_rows, folded, strongest
from tests.models.families import model, text_of


def test_the_followed_row_is_that_of_every_whole_pattern() -> None:
    trace = model("llama").trace(text_of(9))
    rows = attention_rows(trace, "self", 5)
    for layer in range(trace.layers):
        np.testing.assert_allclose(rows[layer], trace.attention(layer)[:, 5], rtol=1e-5, atol=1e-7)


def test_a_head_shows_its_strongest_and_nothing_faint_beside_it() -> None:
    weights = np.array([[[0.5, 0.3, 0.15, 0.05], [0.05, 0.05, 0.05, 0.05]]], dtype=np.float32)
    looks = strongest(weights, [(0, 0), (1, 1), (2, 2), (3, 3)])
    assert [(look.head, look.row) for look in looks] == [(0, 0), (0, 1), (0, 2), (1, 0)]
    assert all(look.weight >= LEAST for look in looks[:-1])


def test_many_heads_give_no_more_than_a_layer_may_show() -> None:
    weights = np.random.default_rng(1).dirichlet(np.ones(5), size=(2, 40)).astype(np.float32)
    looks = strongest(weights, [(key, key) for key in range(5)])
    for layer in range(2):
        shown = [look for look in looks if look.layer == layer]
        assert len(shown) == PER_LAYER
        best = np.sort(np.sort(weights[layer], axis=1)[:, -PER_HEAD:].ravel())[::-1][:PER_LAYER]
        np.testing.assert_allclose([look.weight for look in shown], best)


def test_the_weights_of_folded_tokens_add_up() -> None:
    weights = np.array([[[0.1, 0.2, 0.3, 0.4]]], dtype=np.float32)
    (most, least) = strongest(weights, [(0, 0), (1, 3)])
    assert (most.row, least.row) == (1, 0)
    np.testing.assert_allclose(most.weight, 0.9, rtol=1e-6)


def test_a_text_that_fits_is_not_folded() -> None:
    assert folded(np.zeros(4), most=4, keep=(0,)) == [(0, 0), (1, 1), (2, 2), (3, 3)]


def test_folding_keeps_what_must_stay_and_what_is_looked_at_most_and_covers_the_text() -> None:
    looked_at = np.zeros(200)
    looked_at[[60, 61, 120]] = 3, 2, 1
    rows = folded(looked_at, most=11, keep=(0, 150, -1))
    alone = [first for first, last in rows if first == last]
    assert {0, 60, 61, 120, 150, 199} <= set(alone)
    assert len(rows) <= 11
    assert [first for first, _last in rows] == [0, *(last + 1 for _first, last in rows[:-1])]
    assert rows[-1][1] == 199


def test_a_fold_that_is_opened_shows_its_tokens_from_the_first_on() -> None:
    rows = folded(np.zeros(200), most=12, keep=(0, 199), begin=40)
    assert [(position, position) for position in range(40, 46)] == [row for row in rows if 40 <= row[0] < 46]
