"""Two runs through the depths, against scipy and the definitions."""

import numpy as np
import pytest
from scipy.special import softmax
from scipy.stats import entropy

from models import load
from models.comparison.streams import depth_kl, residual_distances


def test_the_distance_at_each_depth_is_scipys() -> None:
    model = load("storybook")
    one, other = model.trace("The old man shook his"), model.trace("The old woman shook her")
    found = depth_kl(one, other, 4, 4)
    shares = [softmax(run.lens(2)[4].astype(float)) for run in (one, other)]
    assert found[2] == pytest.approx(entropy(*shares, base=2), abs=1e-6)
    last = [softmax(run.logits[4].astype(float)) for run in (one, other)]
    assert found[-1] == pytest.approx(entropy(*last, base=2), abs=1e-6)
    assert depth_kl(one, one, 4, 4) == pytest.approx(0, abs=1e-12)


def test_two_streams_part_where_their_texts_do() -> None:
    model = load("storybook")
    one, other = model.trace("The old man shook his"), model.trace("The old woman shook her")
    pairs = np.array([(place, place) for place in range(5)])
    found = residual_distances(one, other, pairs)
    assert found.shape == (7, 5)
    assert found[:, :2] == pytest.approx(0, abs=1e-5)  # nothing before "man" differs
    here, there = one.residual[3, 4], other.residual[3, 4]
    mean = (np.linalg.norm(here) + np.linalg.norm(there)) / 2
    assert found[3, 4] == pytest.approx(np.linalg.norm(here - there) / mean, rel=1e-5)
    assert found[0, 3] == 0  # the same token at the same place, before any layer
    assert found[1:, 3].min() > 0
