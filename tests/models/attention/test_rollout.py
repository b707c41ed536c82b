"""Rollout against a product of layers a reader can follow, and of whole traces."""

import numpy as np
import pytest

from models.attention import rollout as rollouts
from models.attention.rollout import rollout, rollout_of
from models.errors import Unsupported
from tests.models.attention.conftest import Traced
from tests.models.attention.test_patterns import softmaxed


def test_rollout_follows_attention_through_layers() -> None:
    layers = [softmaxed(2, 5, 5, causal=True, seed=seed) for seed in range(3)]
    expected = np.eye(5)
    for layer in layers:
        expected = (0.5 * layer.mean(axis=0) + 0.5 * np.eye(5)) @ expected
    rolled = rollout(layers)
    assert np.allclose(rolled, expected, atol=1e-6)
    assert rolled.sum(axis=1) == pytest.approx(np.ones(5), abs=1e-5)
    assert np.triu(rolled, 1).max() == 0


def test_rollout_of_heads_that_look_at_themselves_is_the_identity() -> None:
    assert np.array_equal(rollout([np.eye(4, dtype=np.float32)[None]] * 6), np.eye(4))


def test_rollout_order_matters_and_is_first_layer_first() -> None:
    shift = np.eye(4, k=-1, dtype=np.float32)
    shift[0, 0] = 1
    to_first = np.zeros((4, 4), np.float32)
    to_first[:, 0] = 1
    rolled = rollout([shift[None], to_first[None]])
    # The last token: a quarter stays, a quarter came from its neighbour, half is the first token's.
    assert rolled[3].tolist() == [0.5, 0, 0.25, 0.25]


def test_the_rollout_of_a_trace_goes_up_to_a_layer_and_is_computed_once(traced: Traced) -> None:
    trace = traced("bert")
    found = rollout_of(trace, 1)
    np.testing.assert_array_equal(found, rollout(trace.attention(layer) for layer in range(2)))
    assert rollout_of(trace, 1) is found
    assert not found.flags.writeable


def test_rollout_across_two_texts_is_refused(traced: Traced) -> None:
    with pytest.raises(Unsupported, match="one text"):
        rollout_of(traced("t5"), 0, "cross")


def test_rollout_of_a_long_text_is_refused_with_both_numbers(traced: Traced, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rollouts, "MAX_TOKENS", 10)
    with pytest.raises(Unsupported, match="10 tokens, not 12"):
        rollout_of(traced("gpt2"), 0)
