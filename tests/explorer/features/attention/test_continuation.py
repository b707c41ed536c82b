"""A continuation is the model's likeliest text, told while it is written, and at the end a run to look at."""

from typing import Any

import pytest

from explorer.features.attention.continuation import continuation
from models.engine.pool import Pool
from models.errors import ModelError
from tests.explorer.features.attention.conftest import TARGET, TEXT, Ask


def told(ask: Ask, model: str, count: int) -> list[Any]:
    return list(ask(continuation, model, count=count))


def test_the_last_answer_is_the_whole_text_with_its_seam(ask: Ask, pool: Pool) -> None:
    *progress, last = told(ask, "gpt2", 5)
    assert [answer["tokens"] for answer in progress] == list(range(1, len(progress) + 1))
    assert all("continued" not in answer for answer in progress)
    assert last["continued"]["text"] == TEXT + last["completion"]
    assert last["continued"]["start"] == len(TEXT)
    assert len(progress) == len(list(pool.model("gpt2").complete(TEXT, max_new_tokens=5)))


def test_an_encoder_decoder_continues_its_target(ask: Ask) -> None:
    *_, last = told(ask, "bart", 3)
    assert last["continued"]["text"] == TEXT
    assert last["continued"]["target"] == TARGET + last["completion"]
    assert last["continued"]["start"] == len(TARGET)


def test_a_model_that_does_not_write_says_so(ask: Ask) -> None:
    with pytest.raises(ModelError, match="hoose a decoder"):
        told(ask, "bert", 3)


@pytest.mark.parametrize("count", [0, 101])
def test_a_number_of_tokens_out_of_range_is_refused(ask: Ask, count: int) -> None:
    with pytest.raises(ModelError, match="count must be from 1 to 100"):
        told(ask, "gpt2", count)
