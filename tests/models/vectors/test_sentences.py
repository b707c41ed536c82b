"""One vector for a sentence: compared with pooling written by hand on transformers' own output."""

from typing import Any

import numpy as np
import pytest
import torch

from models.errors import InputError, PromptTooLong
from models.vectors.sentences import MAX_SENTENCES, cosines, sentence_vectors
from tests.models.families import model, reference, text_of

SENTENCES = [text_of(length, seed=length) for length in (3, 7, 12)]


def hidden(case: str, text: str) -> Any:
    """The last hidden state of a sentence, by the network without anything of ours."""
    network = reference(case)
    stack = network.get_encoder() if network.config.is_encoder_decoder else network.base_model
    ids = torch.tensor([[token.id for token in model(case).tokenize(text)]])
    with torch.no_grad():
        return stack(input_ids=ids).last_hidden_state


@pytest.mark.parametrize("case", ["bert", "modernbert", "t5", "llama", "falcon, rotary"])
def test_pooling_is_as_written_by_hand(case: str) -> None:
    for pooling in ("mean", "first", "last"):
        found = sentence_vectors(model(case), SENTENCES, pooling)
        for row, text in zip(found, SENTENCES, strict=True):
            states = hidden(case, text)
            mask = torch.ones(states.shape[:2])[..., None]
            by_hand = {
                "mean": (states * mask).sum(1)[0] / mask.sum(1)[0],
                "first": states[0, 0],
                "last": states[0, states.shape[1] - 1],
            }
            np.testing.assert_allclose(row, by_hand[pooling].numpy(), atol=1e-4)


def test_cosines_are_torchs() -> None:
    vectors = sentence_vectors(model("bert"), SENTENCES)
    found = torch.from_numpy(np.array(vectors))
    expected = torch.nn.functional.cosine_similarity(found[:, None], found[None], dim=-1)
    np.testing.assert_allclose(cosines(vectors), expected.numpy(), atol=1e-5)


def test_no_sentence_too_many_and_one_too_long_are_named() -> None:
    for sentences in ([], ["w5"] * (MAX_SENTENCES + 1)):
        with pytest.raises(InputError, match="1 to 12 sentences"):
            sentence_vectors(model("bert"), sentences)
    with pytest.raises(PromptTooLong, match="reads 64"):
        sentence_vectors(model("bert"), [text_of(70)])
