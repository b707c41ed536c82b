"""Two runs through one lens, against scipy on the logits that the traces give."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon
from scipy.special import softmax
from scipy.stats import entropy

from models import load
from models.comparison.depths import Divergence, depth_pairs, divergences, probabilities


def test_divergences_are_scipys() -> None:
    one, other = load("storybook"), load("storybook-llama")
    here, there = one.trace("The wolf knocked"), other.trace("The wolf knocked")
    counterparts = (*range(len(here.tokens) - 1), None)
    ways: list[tuple[Divergence, Any]] = [
        ("kl", lambda p, q: entropy(p, q, base=2)),
        ("js", lambda p, q: jensenshannon(p, q, base=2) ** 2),
    ]
    for of, measure in ways:
        found = divergences((one, here), (other, there), "logit", counterparts, of)
        assert np.isnan(found[:, -1]).all()
        for depth, beside in depth_pairs(here, there):
            for position in counterparts[:-1]:
                shares = [
                    softmax(trace.lens(depth=at, lens="logit")[position].astype(np.float64))
                    for trace, at in ((here, depth), (there, beside))
                ]
                assert found[depth, position] == pytest.approx(measure(*shares), abs=1e-6)


def test_a_model_beside_itself_has_no_distance_and_its_own_probabilities() -> None:
    model = load("storybook")
    trace = model.trace("The wolf knocked")
    same = (model, trace)
    places = tuple(range(len(trace.tokens)))
    assert divergences(same, same, "tuned", places).max() < 1e-9
    tokens = [int(row.argmax()) for row in trace.logits]
    last = trace.lens_depths("logit") - 1
    wanted = softmax(trace.logits.astype(np.float64), axis=-1)[places, tokens]
    np.testing.assert_allclose(probabilities(same, "logit", [last], places, tokens)[0], wanted, atol=1e-6)


def test_depths_correspond_by_their_share_of_the_way() -> None:
    decoder, translator = load("storybook").trace("The wolf"), load("storybook-t5").trace("The wolf", "a")
    pairs = depth_pairs(decoder, translator)
    last = translator.lens_depths("logit") - 1
    assert (pairs[0], pairs[-1]) == ((0, 0), (decoder.lens_depths("logit") - 1, last))
    assert all(one[1] <= two[1] for one, two in pairwise(pairs))
