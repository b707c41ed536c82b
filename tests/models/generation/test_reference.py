"""Completions against a reference text: sacrebleu's own scores, and bits that are those of the text around it."""

import pytest
import sacrebleu

from models import load
from models.errors import ModelError
from models.generation.reference import Given, Scored, scored, scores, signatures, what_it_gives
from models.generation.sampling import Sampling
from models.generation.scoring import score

TEXT = "Once upon a time there was a"


def test_the_scores_are_sacrebleus() -> None:
    written, reference = " little girl who lived in a wood", "a little girl lived in the wood"
    found = scored("greedy", written, reference)
    assert found.bleu == pytest.approx(sacrebleu.sentence_bleu(written.strip(), [reference]).score)
    assert found.chrf == pytest.approx(sacrebleu.sentence_chrf(written.strip(), [reference]).score)
    same = scored("greedy", f" {reference}", reference)
    assert (same.exact, round(same.bleu, 6), round(same.chrf, 6)) == (True, 100, 100)
    assert "smooth:exp" in signatures()["BLEU"]
    assert sacrebleu.__version__ in signatures()["chrF"]


def test_the_bits_of_the_reference_are_what_the_whole_text_costs_more() -> None:
    model = load("storybook", device="cpu")
    given, *written = scores(model, TEXT, "poor king", Sampling(seed=3), beams=2)
    assert isinstance(given, Given)
    whole, start = score(model.trace(f"{TEXT} poor king")), score(model.trace(TEXT))
    assert given.bits == pytest.approx(whole.bits - start.bits, abs=1e-3)
    assert given.bits_per_byte == pytest.approx(given.bits / len(" poor king"))
    assert [one.how for one in written if isinstance(one, Scored)] == ["sampled", "greedy", "beams"]
    *_steps, last = model.complete(TEXT, Sampling(greedy=True), max_new_tokens=given.tokens)
    assert written[1] == scored("greedy", last.completion, "poor king")


def test_an_encoder_decoder_is_scored_by_its_target() -> None:
    model = load("storybook-t5", device="cpu")
    source, target, reference = "The wolf <extra_id_0> at the door.", "<extra_id_0>", " knocked"
    given = what_it_gives(model, source, reference, target=target)
    whole, start = (score(model.trace(source, text)) for text in (target + reference, target))
    assert given.bits == pytest.approx(whole.bits - start.bits, abs=1e-3)
    assert given.tokens == len(whole.positions) - len(start.positions)


def test_a_reference_that_cannot_be_scored_is_refused() -> None:
    model = load("storybook", device="cpu")
    with pytest.raises(ModelError, match="Type a reference"):
        list(scores(model, TEXT, "  "))
    with pytest.raises(ModelError, match="where a token does"):
        what_it_gives(model, "The wolf kno", "cked")
