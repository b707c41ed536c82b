"""A continuation is the model's likeliest text, told while it is written, and put into the right box."""

from explorer.attention.continuation import continued
from models.pool import Pool
from tests.explorer.attention.conftest import TARGET, TEXT


def subject(model: str, target: str = "") -> dict[str, str]:
    return {"model": model, "text": TEXT, "target": target}


def test_the_last_word_is_the_whole_text_with_its_seam(pool: Pool) -> None:
    *progress, last = continued(pool, subject("gpt2"), 5)
    assert [told["sentence"][:8] for told in progress] == [f"{number} of 5 t" for number in range(1, len(progress) + 1)]
    assert last["box"] == "text"
    assert last["written"].startswith(TEXT)
    assert last["from"] == len(TEXT)
    expected = list(pool.model("gpt2").complete(TEXT, max_new_tokens=5))
    assert len(progress) == len(expected)


def test_an_encoder_decoder_continues_its_target(pool: Pool) -> None:
    *_, last = continued(pool, subject("bart", TARGET), 3)
    assert last["box"] == "target"
    assert last["written"].startswith(TARGET)


def test_a_model_that_does_not_write_says_so(pool: Pool) -> None:
    told = list(continued(pool, subject("bert"), 3))
    assert len(told) == 1
    assert "choose a decoder model" in told[0]["sentence"]


def test_without_a_text_there_is_a_sentence(pool: Pool) -> None:
    assert list(continued(pool, None, 3)) == [{"sentence": "There is no text to continue yet: run one first."}]
