"""Two sides in the Completion tab: next tokens joined by text, texts written side by side, and where they part."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from explorer.calls import Context
from explorer.features.completion.calls import next_of_both, parting, write_two
from models.comparison.joined import Side, joined
from models.errors import ModelError
from models.generation.sampling import Sampling

TEXT = "The wolf knocked at the"
SAME = {"model": "storybook", "text": TEXT, "other_model": "storybook", "other_text": TEXT, "second": {}}
BERT = {"other_model": "storybook-bert", "other_text": f"{TEXT} [MASK]."}


@pytest.fixture
def context(bundled: Context) -> Context:
    return bundled


def asked(**more: Any) -> dict[str, Any]:
    return {**SAME, **more}


def messages(stream: Iterator[Any]) -> list[Any]:
    found = list(stream)
    json.dumps(found)  # plain values only
    return found


def column(told: list[Any], place: int) -> list[int]:
    return [step["id"] for message in told if message.get("column") == place for step in message["steps"]]


def test_equal_sides_are_the_same_and_a_rule_moves_its_own_side_alone(context: Context) -> None:
    found: Any = next_of_both.ask(context, asked())
    assert found["distance"] == {"kl": 0, "reverse_kl": 0, "js": 0, "overlap": 10, "top": 10}
    warm: Any = next_of_both.ask(context, asked(second={"temperature": 2.0}))
    for cold, hot in zip(found["rows"], warm["rows"], strict=False):
        if cold["text"] == hot["text"]:
            assert cold["sides"][0] == hot["sides"][0]
    assert warm["sides"][1]["rules"] == ["temperature"]
    assert warm["distance"]["kl"] > 0
    greedy: Any = next_of_both.ask(context, asked(second={"greedy": True}))
    assert greedy["distance"]["kl"] is None  # B can draw one token only
    assert greedy["distance"]["reverse_kl"] == pytest.approx(
        -np.log2(greedy["rows"][0]["sides"][0]["probability"]),
        abs=1e-5,
    )


def test_the_joined_probabilities_are_those_of_each_model_alone(context: Context) -> None:
    found = next_of_both.ask(context, asked(**BERT))
    assert [side["gap"] for side in found["sides"]] == [False, True]
    one, other = context.pool.model("storybook"), context.pool.model("storybook-bert")
    mine = one.next_token(TEXT).probability
    trace = other.trace(BERT["other_text"])
    logits = trace.logits_at(trace.mask_positions[0]).astype(float)
    theirs = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
    assert any(None not in row["sides"] for row in found["rows"])
    for row in found["rows"]:
        for shares, model, side in ((mine, one, row["sides"][0]), (theirs, other, row["sides"][1])):
            if side is not None:
                assert side["probability"] == pytest.approx(shares[side["id"]], rel=1e-4)
                assert model.token_text(side["id"]).strip() == row["text"].strip()


def test_two_vocabularies_are_joined_by_what_their_tokens_spell(context: Context) -> None:
    model = context.pool.model("storybook")
    side = Side(model, model.next_token(TEXT))
    rows = joined(side, side, 40, "probability", same_vocabulary=False)
    texts = [model.token_text(token) for token in range(model.vocab)]
    assert len({row.text for row in rows}) == len(rows) == 40
    for row in rows:
        one, other = row.sides
        assert one == other
        spelled = [token for token, text in enumerate(texts) if text == row.text]
        assert one is not None
        assert one.probability == pytest.approx(sum(side.found.probability[spelled]), rel=1e-5)


def test_the_largest_difference_comes_first(context: Context) -> None:
    found = next_of_both.ask(context, asked(other_model="storybook-llama", order="difference", limit=20))
    apart = [
        abs((one["final_probability"] if one else 0) - (other["final_probability"] if other else 0))
        for one, other in (row["sides"] for row in found["rows"])
    ]
    assert apart == sorted(apart, reverse=True)


def test_a_side_without_a_place_to_predict_says_so(context: Context) -> None:
    found = next_of_both.ask(context, asked(other_model="storybook-bert"))
    assert found["rows"] == []
    assert "[MASK]" in found["missing"][0]


def test_two_at_once_use_the_same_random_numbers_until_they_part(context: Context) -> None:
    wishes = asked(max_new_tokens=12, seed=3)
    same = messages(write_two.ask(context, wishes | {"second": {"seed": 3}}))
    assert column(same, 0) == column(same, 1)
    assert len(column(same, 0)) == 12
    other = messages(write_two.ask(context, wishes | {"second": {"seed": 3}, "other_model": "storybook-llama"}))
    assert [head["title"].split(":")[0] for head in other[0]["columns"]] == ["storybook", "storybook-llama"]
    assert column(other, 0) == column(same, 0)


def test_both_candidates_are_weighed_where_two_texts_part(context: Context) -> None:
    second: Any = {"temperature": 1.8, "seed": 3}
    wishes = asked(seed=3, temperature=0.4, second=second)
    told = messages(write_two.ask(context, wishes | {"max_new_tokens": 30}))
    left, right = column(told, 0), column(told, 1)
    place = next(at for at, (one, two) in enumerate(zip(left, right, strict=False)) if one != two)
    found = parting.ask(context, wishes | {"written": left[:place], "token_ids": [left[place], right[place]]})
    model = context.pool.model("storybook")
    ids = [token.id for token in model.tokenize(TEXT)] + left[:place]
    text = TEXT + "".join(model.token_text(token) for token in left[:place])
    assert [token.id for token in model.tokenize(text)] == ids
    for side, settings in zip(found["sides"], (Sampling(temperature=0.4, seed=3), Sampling(**second)), strict=True):
        wanted = model.next_token(text, settings)
        for one in side:
            assert one["final_probability"] == pytest.approx(wanted.final_probability[one["id"]], rel=1e-3, abs=1e-7)


def test_a_candidate_that_the_model_lacks_is_refused(context: Context) -> None:
    with pytest.raises(ModelError, match="does not fit"):
        parting.ask(context, asked(written=[], token_ids=[0, 10**6]))


def test_the_columns_grow_in_turn_and_say_their_settings(context: Context) -> None:
    second = {"temperature": 1.3, "top_k": 5, "seed": 9}
    told = messages(write_two.ask(context, asked(max_new_tokens=4, greedy=True, second=second)))
    titles = ["storybook: greedy", "storybook: temperature 1.3, top-k 5, seed 9"]
    assert [head["title"] for head in told[0]["columns"]] == titles
    assert [message["column"] for message in told[1:]] == [0, 1] * 4
