"""Attention of two runs beside each other, against plain loops and scipy's."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist, cityblock

from models import load
from models.attention.head_scores import BEHAVIOUR
from models.attention.pattern_spec import PatternSpec
from models.comparison.attention import difference, head_distances, kind_beside, matching
from models.comparison.heads import Behaviour, behaviour, likeness
from models.errors import Unsupported

ONE, OTHER = "The old man shook his head", "The old grey man shook his head"
SAME = (0, 1, 3, 4, 5, 6)  # where the tokens of ONE stand in OTHER


def test_a_difference_is_that_of_the_tokens_both_texts_have() -> None:
    model = load("storybook")
    one, other = model.trace(ONE), model.trace(OTHER)
    spec = PatternSpec(layer=3, head=1)
    found = difference(one, spec, other, spec, matching(one, other, "self"))
    here, there = one.attention(3, 1), other.attention(3, 1)
    for row, column in np.ndindex(*found.shape):
        wanted = np.nan if column > row else here[row, column] - there[SAME[row], SAME[column]]
        assert found[row, column] == pytest.approx(wanted, abs=1e-6, nan_ok=True)
    turned = difference(other, spec, one, spec, matching(other, one, "self"))
    assert np.isnan(turned[2]).all()  # "grey" is in one of them only
    assert np.isnan(turned[:, 2]).all()
    assert turned[1, 0] == pytest.approx(-found[1, 0], abs=1e-6)


def test_a_heads_distance_is_half_the_city_block_distance_of_its_rows() -> None:
    model = load("storybook")
    one, other = model.trace(ONE), model.trace(OTHER)
    found = head_distances(one, other, matching(one, other, "self"))
    here, there = one.attention(4, 2), other.attention(4, 2)
    rows = [cityblock(here[row], there[SAME[row], list(SAME)]) / 2 for row in range(len(SAME))]
    assert found[4, 2] == pytest.approx(np.mean(rows), abs=1e-6)
    assert found.shape == (6, 4)
    assert (head_distances(one, one, matching(one, one, "self")) == 0).all()


def test_left_out_keys_take_no_part_and_rows_are_divided_by_what_remains() -> None:
    model = load("storybook")
    one, other = model.trace(ONE), model.trace(OTHER)
    matched = matching(one, other, "self")
    found = head_distances(one, other, matched, "first")
    here, there = (trace.attention(4, 2)[1:, 1:] for trace in (one, other))
    here, there = (rows / rows.sum(axis=1, keepdims=True) for rows in (here, there))
    shared = [place - 1 for place in SAME[1:]]
    rows = [cityblock(here[row], there[shared[row], shared]) / 2 for row in range(len(shared))]
    assert found[4, 2] == pytest.approx(np.mean(rows), abs=1e-6)
    spec = PatternSpec(layer=4, head=2, left_out="first")
    apart = difference(one, spec, other, spec, matched)
    assert np.isnan(apart[:, 0]).all()
    assert apart[5, 3] == pytest.approx(here[4, 2] - there[shared[4], shared[2]], abs=1e-6)


def test_reading_a_text_is_one_kind_of_attention_in_every_model() -> None:
    decoder, both = load("storybook").trace(ONE), load("storybook-t5").trace(ONE, "The")
    assert matching(decoder, both, "self").other_kind == "encoder"
    assert kind_beside("encoder", decoder) == "self"
    with pytest.raises(Unsupported, match="side B has no cross-attention"):
        kind_beside("cross", decoder)


def test_the_nearest_head_is_scipys_with_standardised_measures() -> None:
    model, other = load("storybook"), load("storybook-llama")
    here, there = (behaviour(one, one.trace(ONE), "self") for one in (model, other))
    found = likeness(here, there)
    assert found.counted == BEHAVIOUR
    both = np.concatenate([here.values, there.values]).astype(np.float64)
    apart = cdist(here.values, there.values, "seuclidean", V=both.var(axis=0))
    assert found.nearest.tolist() == apart.argmin(axis=1).tolist()
    assert found.apart == pytest.approx(apart.min(axis=1), rel=1e-5)
    itself = likeness(here, here)
    assert itself.apart.max() == pytest.approx(0)


def test_what_was_not_measured_on_both_sides_does_not_count() -> None:
    places = np.array([[0, 0], [0, 1]])
    one = Behaviour(places=places, values=np.array([[0.1, np.nan, 0.5, 1, 2], [0.9, np.nan, 0.5, 1, 3]]))
    found = likeness(one, one)
    assert found.counted == ("previous", "distance")  # the rest is unknown, or the same for all
    assert found.nearest.tolist() == [0, 1]
    nothing = likeness(Behaviour(places=places, values=np.full((2, 5), np.nan)), one)
    assert nothing.nearest.tolist() == [-1, -1]
