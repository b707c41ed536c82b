"""The bertviz view is told the size of a drawing first, and drawn only what it asks for."""

import re

import pytest

from explorer.features.attention import bertviz_pages
from explorer.features.attention.bertviz import bertviz
from models.engine.pool import Pool
from models.errors import InputError
from tests.explorer.features.attention.conftest import TARGET, TEXT, Ask
from tests.explorer.features.attention.test_bertviz_pages import parameters


def test_the_answer_names_the_size_first_and_draws_only_when_asked(ask: Ask, pool: Pool) -> None:
    given = {"kind": "cross", "view": "head", "layer": 1, "head": 2}
    told = ask(bertviz, "bart", **given)
    assert told["document"] is None
    assert told["fits"]
    assert re.fullmatch(r"3 layers × 4 heads: [\d.]+ MB, [\d,]+ shapes\.", told["sentence"])
    read = parameters(ask(bertviz, "bart", **given, draw=True, scope="head")["document"])
    assert (read["include_layers"], read["include_heads"]) == ([1], [2])
    assert len(read["attention"][0]["left_text"]) == len(pool.trace("bart", TEXT, TARGET).target_tokens)


def test_what_does_not_fit_is_offered_smaller_with_its_size(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bertviz_pages, "SHAPES_BUDGET", 1_000)
    told = ask(bertviz, "gpt2", view="model", layer=1)
    assert not told["fits"]
    assert told["offered"]
    assert "too large" in told["sentence"]
    assert "Offered instead: layers 1, 2, heads 0–3" in told["sentence"]
    monkeypatch.setattr(bertviz_pages, "SHAPES_BUDGET", 5)
    told = ask(bertviz, "gpt2", view="model", draw=True)
    assert "Not even one head fits" in told["sentence"]
    assert (told["offered"], told["document"]) == (False, None)


def test_a_drawing_that_would_not_be_true_is_refused_in_the_answer(ask: Ask) -> None:
    told = ask(bertviz, "t5", view="neuron", kind="encoder")
    assert told["sentence"].startswith("This model adds position numbers between")
    assert not told["offered"]


def test_an_unknown_drawing_or_head_is_refused(ask: Ask) -> None:
    with pytest.raises(InputError, match="view must be one of head, model, neuron, not brain"):
        ask(bertviz, "gpt2", view="brain")
    with pytest.raises(InputError, match="layer must be from 0 to 2, not 3"):
        ask(bertviz, "gpt2", layer=3)
