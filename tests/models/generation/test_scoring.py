"""Scores: surprisal, perplexity and bits per byte against a direct computation; one mask at a time."""

import math

import numpy as np
import pytest
import torch

from models.errors import InputError, PromptTooLong, Unsupported
from models.generation.scoring import TokenScores, score, score_masked, scored
from tests.models import families


def losses(case: str, text: str, target: str = "") -> list[float]:
    """The cross entropy of each token in nats, by transformers and torch alone."""
    network, tokenizer = families.reference(case), families.model(case)
    ids = torch.tensor([[token.id for token in tokenizer.tokenize(text)]])
    inputs = {"input_ids": ids}
    if target:
        read_by_decoder = torch.tensor([[token.id for token in tokenizer.tokenize(target, target=True)]])
        inputs["decoder_input_ids"] = ids = read_by_decoder
    with torch.no_grad():
        logits = network(**inputs).logits[0, :-1]
    return torch.nn.functional.cross_entropy(logits, ids[0, 1:], reduction="none").tolist()


@pytest.mark.parametrize(("case", "target"), [("gpt2", ""), ("gemma2", ""), ("t5", "w7 w8 w9 w10"), ("bart", "w7 w8")])
def test_surprisal_and_perplexity_are_those_of_a_direct_computation(case: str, target: str) -> None:
    text = families.text_of(12)
    found, expected = score(families.model(case).trace(text, target)), losses(case, text, target)
    np.testing.assert_allclose(found.surprisal, np.array(expected) / math.log(2), atol=2e-4)
    assert found.perplexity == pytest.approx(math.exp(sum(expected) / len(expected)), rel=1e-3)
    covered = (target or text)[found.tokens[1].start :]
    assert found.bits_per_byte == pytest.approx(sum(expected) / math.log(2) / len(covered), rel=1e-3)
    assert not found.pseudo


def test_a_long_text_is_scored_in_pieces_that_fit_together(monkeypatch: pytest.MonkeyPatch) -> None:
    trace = families.model("llama").trace(families.text_of(40))
    whole = score(trace)
    monkeypatch.setattr("models.generation.scoring.LOGIT_ROWS", 7)
    np.testing.assert_allclose(score(trace).surprisal, whole.surprisal, atol=1e-4)
    np.testing.assert_array_equal(score(trace).rank, whole.rank)


def test_a_worked_example_of_surprisal_rank_and_entropy() -> None:
    logits = np.log(np.array([[1 / 2, 1 / 4, 1 / 8, 1 / 8], [1 / 8, 1 / 8, 1 / 4, 1 / 2]], dtype=np.float32))
    surprisal, rank, entropy = scored(logits, [1, 3])
    np.testing.assert_allclose(surprisal, [2, 1], atol=1e-6)
    np.testing.assert_array_equal(rank, [2, 1])
    np.testing.assert_allclose(entropy, [1.75, 1.75], atol=1e-6)


def test_bits_of_a_character_split_over_tokens_are_divided_by_the_bytes_scored() -> None:
    surprisal = np.array([3.0, 5.0])
    found = TokenScores(
        tokens=(), positions=np.array([1, 2]), surprisal=surprisal, rank=np.ones(2, int), entropy=surprisal, bytes=4,
        pseudo=False,
    )  # fmt: skip
    assert (found.bits, found.bits_per_byte, found.perplexity) == (8, 2, 16)
    assert found.highest_surprisal(1) == [1]


def test_pseudo_likelihood_masks_one_token_at_a_time() -> None:
    model, text = families.model("bert"), families.text_of(9)
    *progress, found = score_masked(model, text)
    ids = [token.id for token in model.tokenize(text)]
    expected = []
    for position, token_id in enumerate(ids):
        hidden = [*ids[:position], model.tokenizer.mask_token_id, *ids[position + 1 :]]
        with torch.no_grad():
            logits = families.reference("bert")(torch.tensor([hidden])).logits[0, position]
        expected.append(-torch.log_softmax(logits, -1)[token_id].item() / math.log(2))
    assert isinstance(found, TokenScores)
    assert found.pseudo
    assert progress[0] == (0, 9)
    np.testing.assert_allclose(found.surprisal, expected, atol=2e-4)


def test_what_cannot_be_scored_is_refused_in_a_sentence() -> None:
    with pytest.raises(InputError, match="longer"):
        score(families.model("gpt2").trace("w5"))
    with pytest.raises(InputError, match="longer target"):
        score(families.model("t5").trace("w5 w6"))
    with pytest.raises(Unsupported, match="pseudo"):
        score(families.model("bert").trace("w5 w6"))
    with pytest.raises(Unsupported, match="mask"):
        list(score_masked(families.model("gpt2"), "w5"))
    with pytest.raises((InputError, PromptTooLong)):
        list(score_masked(families.model("bert"), families.text_of(70)))
