"""States of two sides as the page asks for them, against the traces and scikit-learn."""

from typing import Any

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.metrics.pairwise import cosine_similarity

from explorer.calls import Context
from explorer.features.embeddings.calls import compare_states
from models import load
from models.comparison.cka import cka

ONE, OTHER = "The old man shook his head", "The old woman shook her head"
STORY: dict[str, Any] = {"model": "storybook", "text": ONE, "other_model": "storybook", "other_text": OTHER}
T5: dict[str, Any] = {"model": "storybook-t5", "text": ONE, "other_model": "storybook-t5", "other_text": OTHER}


def test_one_model_is_laid_out_as_scikit_learn_does_and_pairs_are_sorted(bundled: Context) -> None:
    found = compare_states.ask(bundled, STORY | {"depth": 3})
    here, there = (load("storybook").trace(text).residual[3].astype(np.float64) for text in (ONE, OTHER))
    fitted = PCA(2, svd_solver="full").fit(np.concatenate([here, there]))
    assert found["explained"] == pytest.approx(fitted.explained_variance_ratio_, abs=1e-4)
    drawn = np.array(found["points"] + found["other_points"], dtype=np.float64)
    expected = fitted.transform(np.concatenate([here, there]))
    assert np.abs(drawn) == pytest.approx(np.abs(expected), rel=1e-3, abs=1e-3 * np.abs(expected).max())
    cosines = [pair["cosine"] for pair in found["pairs"]]
    assert cosines == sorted(cosines)  # type: ignore[type-var]
    for pair in found["pairs"]:
        exact = cosine_similarity(here[[pair["position"]]], there[[pair["other"]]])[0, 0]
        assert pair["cosine"] == pytest.approx(exact, abs=1e-5)


def test_equal_sides_have_not_moved_and_a_depth_beyond_the_last_is_the_last(bundled: Context) -> None:
    found = compare_states.ask(bundled, STORY | {"other_text": ONE, "depth": 99})
    assert found["depth"] == found["last"]
    assert all(pair["relative"] == 0 for pair in found["pairs"])
    assert len(compare_states.ask(bundled, STORY | {"text": "A", "other_text": "A"})["points"]) == 1


@pytest.mark.parametrize("other", ["storybook-llama", "storybook-bert", "storybook-t5"])
def test_two_models_are_compared_by_cka(bundled: Context, other: str) -> None:
    found = compare_states.ask(bundled, STORY | {"other_model": other, "other_text": ONE})
    assert not found["points"]
    assert len(found["cka"]) == found["last"] + 1
    assert {len(row) for row in found["cka"]} == {found["other_last"] + 1}
    assert all(value is None or -1 <= value <= 1 for row in found["cka"] for value in row)
    short = compare_states.ask(bundled, STORY | {"other_model": other, "text": "A", "other_text": "A"})
    assert short["cka"] == []


def test_cka_rests_on_the_tokens_that_correspond(bundled: Context) -> None:
    found = compare_states.ask(bundled, STORY | {"other_model": "storybook-llama", "other_text": ONE})
    one, other = load("storybook").trace(ONE), load("storybook-llama").trace(ONE)
    assert found["counted"] == len(one.tokens)
    if len(one.tokens) == len(other.tokens):
        assert found["cka"][2][3] == pytest.approx(cka(one.residual[2], other.residual[3]), abs=1e-5)


def test_an_encoder_decoder_is_read_by_its_decoder_once_both_have_a_target(bundled: Context) -> None:
    without = compare_states.ask(bundled, T5)
    assert (without["stack"], without["is_target"]) == ("encoder", False)
    both = compare_states.ask(bundled, T5 | {"target": "He said", "other_target": "She said"})
    assert (both["stack"], both["is_target"]) == ("decoder", True)
