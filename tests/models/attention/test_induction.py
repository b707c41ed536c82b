"""Induction is measured on a repeated random sequence of the model's own words."""

import numpy as np
import pytest

from models.attention.head_scores import INDUCTION_REPEATS, INDUCTION_TOKENS
from models.attention.induction import induction_scores, repeated_text
from models.engine.language_model import LanguageModel
from models.errors import Unsupported
from models.loading.loader import load


@pytest.fixture(scope="module")
def storybook() -> LanguageModel:
    return load("storybook", device="cpu")


def test_the_text_repeats_tokens_exactly(storybook: LanguageModel) -> None:
    ids = [token.id for token in storybook.tokenize(repeated_text(storybook))]
    assert len(ids) == INDUCTION_TOKENS * INDUCTION_REPEATS
    assert len(set(ids)) == INDUCTION_TOKENS
    assert ids == ids[:INDUCTION_TOKENS] * INDUCTION_REPEATS


def test_scores_are_those_of_the_patterns_of_that_text(storybook: LanguageModel) -> None:
    scores = induction_scores(storybook, "self")
    assert scores.shape == (storybook.layers, storybook.heads)
    trace = storybook.trace(repeated_text(storybook))
    pattern = trace.attention(1, 2)
    expected = np.mean(
        [
            sum(pattern[query, copy + 1] for copy in range(query % INDUCTION_TOKENS, query, INDUCTION_TOKENS))
            for query in range(INDUCTION_TOKENS, len(pattern))
        ]
    )
    assert scores[1, 2] == pytest.approx(expected, abs=1e-5)


def test_a_model_is_measured_once(storybook: LanguageModel) -> None:
    assert induction_scores(storybook, "self") is induction_scores(storybook, "self")


def test_across_texts_there_is_nothing_to_measure(storybook: LanguageModel) -> None:
    with pytest.raises(Unsupported, match="looks back in one text"):
        induction_scores(storybook, "cross")
