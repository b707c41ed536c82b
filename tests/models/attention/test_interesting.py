"""The shelf of heads, against plain numpy on patterns made for it and on the bundled model."""

from typing import Any

import numpy as np
import pytest

from models.attention import interesting
from models.attention.interesting import LEAST, interesting_heads, unlike_its_layer
from tests.models.families import model, text_of

REPEATED = "w9 w8 w7 w6 w9 w8 w7 w6 w9"


def test_unlike_is_the_share_that_lies_elsewhere_than_in_the_other_heads() -> None:
    same = np.array([[1.0, 0.0], [0.5, 0.5]])
    other = np.array([[1.0, 0.0], [0.0, 1.0]])
    np.testing.assert_allclose(unlike_its_layer(np.stack([same, same, other])), [0.125, 0.125, 0.25])
    assert np.isnan(unlike_its_layer(same[None])).all()


def test_each_card_is_the_best_head_that_is_not_on_the_shelf_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    scores: dict[str, Any] = {
        "copies": [[0.2, 0.9]], "previous": [[0.3, 0.8]], "first": [[0.24, 0.02]],
        "focused": [[4.0, 1.5]], "unlike": [[np.nan, np.nan]],
    }  # fmt: skip
    measured = {key: np.array(values, dtype=np.float32) for key, values in scores.items()}
    monkeypatch.setattr(interesting, "_measured", lambda *_: measured)
    cards = interesting_heads(model("gpt2"), model("gpt2").trace(REPEATED + " w1"))
    assert [(card.key, card.head) for card in cards] == [("copies", 1), ("previous", 0)]


def test_the_values_are_those_of_the_pattern() -> None:
    trace = model("gpt2").trace(REPEATED)
    cards = {card.key: card for card in interesting_heads(model("gpt2"), trace)}
    ids = [token.id for token in trace.tokens]
    for card in cards.values():
        pattern = trace.attention(card.layer, card.head)
        rows = range(1, len(ids))
        after = [[key for key in range(1, query + 1) if ids[key - 1] == ids[query]] for query in range(len(ids))]
        expected = {
            "copies": np.mean([pattern[query, keys].sum() for query, keys in enumerate(after) if keys]),
            "previous": np.mean([pattern[query, query - 1] for query in rows]),
            "first": np.mean([pattern[query, 0] for query in rows]),
            "focused": 2 ** np.mean([-sum(w * np.log2(w) for w in row if w > 0) for row in pattern]),
            "unlike": unlike_its_layer(trace.attention(card.layer))[card.head],
        }[card.key]
        np.testing.assert_allclose(card.value, expected, rtol=1e-4)
        assert card.value >= LEAST
    assert len({(card.layer, card.head) for card in cards.values()}) == len(cards) >= 4


def test_a_text_of_one_token_has_no_shelf() -> None:
    assert interesting_heads(model("gpt2"), model("gpt2").trace("w9")) == ()


def test_an_encoder_decoder_shows_how_it_reads_and_how_it_looks_across() -> None:
    trace = model("t5").trace(REPEATED, "w9 w8")
    cards = interesting_heads(model("t5"), trace)
    assert {card.kind for card in cards} <= {"encoder", "cross"}
    assert {card.key for card in cards if card.kind == "cross"} <= {"first", "focused", "unlike"}
    assert interesting_heads(model("t5"), trace, "cross")


def test_where_the_text_repeats_nothing_copying_is_measured_on_repeats(monkeypatch: pytest.MonkeyPatch) -> None:
    induction = np.zeros((3, 4), dtype=np.float32)
    induction[2, 1] = 0.7
    monkeypatch.setattr(interesting, "induction_scores", lambda *_: induction)
    cards = interesting_heads(model("gpt2"), model("gpt2").trace(text_of(3) + " w5 w6 w7"))
    assert (cards[0].key, cards[0].layer, cards[0].head, cards[0].on_repeats) == ("copies", 2, 1, True)
