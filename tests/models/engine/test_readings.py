"""Readings of every depth are the model's own norm and unembedding, applied by hand."""

import numpy as np
import pytest
import torch

from models.engine.readings import depth_readings, softmax64
from models.errors import Unsupported
from tests.models.families import model, reference, text_of

LENGTH = 7


@pytest.mark.parametrize("case", ["gpt2", "llama"])
def test_each_depth_is_the_final_norm_and_the_unembedding_of_that_depths_residual(case: str) -> None:
    trace = model(case).trace(text_of(LENGTH))
    found = depth_readings(trace, 3, count=4)
    network = reference(case)
    norm = network.transformer.ln_f if case == "gpt2" else network.model.norm
    for depth in range(trace.layers + 1):
        residual = torch.tensor(trace.residual[depth, 3])
        with torch.no_grad():
            expected = torch.softmax(network.lm_head(norm(residual)).double(), -1).numpy()
        top = np.argsort(-expected, kind="stable")[:4]
        assert found.ids[depth].tolist() == top.tolist()
        np.testing.assert_allclose(found.probabilities[depth], expected[top], rtol=1e-4)
        np.testing.assert_allclose(found.winner[depth], expected[found.ids[-1, 0]], rtol=1e-4)


def test_the_last_depth_is_the_models_own_answer() -> None:
    trace = model("t5").trace(text_of(LENGTH), text_of(3, seed=1))
    found = depth_readings(trace, 2)
    own = softmax64(trace.logits_at(2))
    np.testing.assert_allclose(found.probabilities[-1], np.sort(own)[::-1][:5], rtol=1e-6)
    assert found.winner[-1] == found.probabilities[-1, 0]


def test_where_the_way_to_the_logits_is_not_known_nothing_is_read() -> None:
    unknown = [
        case for case in ("opt, projected", "openai-gpt", "bert") if model(case).architecture.unembedding is None
    ]
    for case in unknown:
        with pytest.raises(Unsupported):
            depth_readings(model(case).trace(text_of(LENGTH)), 1)


def test_probabilities_add_up_in_a_large_vocabulary() -> None:
    logits = np.random.default_rng(0).normal(size=250_000).astype(np.float32) * 4
    assert abs(softmax64(logits).sum() - 1) < 1e-12
