"""What the Completion, Surprise and Prompting tabs send to the browser is the model's own, and plain."""

import json
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from explorer.completion import beams, chat, columns, odds, stream, surprise
from models.errors import InputError, PromptTooLong, Unsupported
from models.pool import Pool
from models.reading import read
from models.sampling import Sampling, distribution
from tests.models import families

GPT2: dict[str, Any] = {"model": "gpt2", "text": families.text_of(8), "target": ""}
BERT: dict[str, Any] = {"model": "bert", "text": "w9 <mask> w11 <mask>", "target": ""}
T5: dict[str, Any] = {"model": "t5", "text": families.text_of(6), "target": "w9 w10"}


@pytest.fixture(scope="module")
def pool() -> Pool:
    return Pool(lambda name, **_: families.model(name))


def last(answers: Iterator[dict[str, Any]]) -> dict[str, Any]:
    *_, final = answers
    json.dumps(final)  # plain values only
    return final


@pytest.mark.parametrize("asked", [GPT2, T5])
def test_rows_are_the_likeliest_tokens_with_their_odds(pool: Pool, asked: dict[str, Any]) -> None:
    answer = odds.next_token_odds(pool, asked | {"sampling": {"temperature": 0.5, "top_k": 3}, "limit": 7})
    trace = families.model(asked["model"]).trace(asked["text"], asked["target"])
    found = distribution(trace.logits_at(-1), Sampling(temperature=0.5, top_k=3))
    assert [row["id"] for row in answer["rows"]] == [candidate.id for candidate in found.top(7)]
    assert [row["final"] for row in answer["rows"]] == pytest.approx(
        [candidate.final_probability for candidate in found.top(7)], rel=1e-3
    )
    assert [row["cut_by"] for row in answer["rows"]] == [""] * 3 + ["top-k"] * 4
    assert answer["rules"] == [{"name": "temperature", "cut": 0}, {"name": "top-k", "cut": families.VOCAB - 3}]
    assert answer["kept"] == 3
    assert answer["entropy"] == pytest.approx(found.entropy, rel=1e-3)
    json.dumps(answer)


def test_the_repetition_penalty_counts_the_tokens_of_the_text(pool: Pool) -> None:
    plain = odds.next_token_odds(pool, GPT2 | {"limit": 96})["rows"]
    answer = odds.next_token_odds(pool, GPT2 | {"limit": 96, "sampling": {"repetition_penalty": 3.0}})["rows"]
    said = {token.id for token in families.model("gpt2").tokenize(GPT2["text"])}
    ratio = {before["id"]: after["final"] / before["final"] for before, after in zip(plain, answer, strict=True)}
    fallen = {number for number, factor in ratio.items() if factor < 0.999 * max(ratio.values())}
    assert fallen == said


def test_rows_may_be_sorted_by_what_is_left(pool: Pool) -> None:
    answer = odds.next_token_odds(pool, GPT2 | {"order": "final", "sampling": {"typical_p": 0.3}, "limit": 30})
    finals = [row["final"] for row in answer["rows"]]
    assert finals == sorted(finals, reverse=True)


def test_the_mass_curve_ends_at_one_and_crosses_top_p_where_the_cut_is(pool: Pool) -> None:
    mass = odds.next_token_odds(pool, GPT2 | {"sampling": {"top_p": 0.5}})["mass"]
    assert mass["cumulative"][-1] == pytest.approx(1, abs=1e-5)
    at_cut = dict(zip(mass["ranks"], mass["cumulative"], strict=True))
    assert at_cut[mass["kept"]] >= 0.5 > at_cut[mass["kept"] - 1]


def test_each_mask_has_its_own_candidates(pool: Pool) -> None:
    first, second = (odds.next_token_odds(pool, BERT | {"mask": mask}) for mask in (0, 1))
    trace = families.model("bert").trace(BERT["text"])
    for mask, answer in enumerate((first, second)):
        assert answer["rows"][0]["id"] == int(trace.logits_at(trace.mask_positions[mask]).argmax())
    assert [mask["position"] for mask in first["masks"]] == [1, 3]
    with pytest.raises(InputError, match="2 masks"):
        odds.next_token_odds(pool, BERT | {"mask": 2})
    assert odds.next_token_odds(pool, BERT | {"text": "w9 w8"}) == {"rows": [], "masks": [], "mask_token": "<mask>"}


@pytest.mark.parametrize("asked", [GPT2, T5])
def test_the_chance_of_a_word_is_the_product_of_its_tokens(pool: Pool, asked: dict[str, Any]) -> None:
    answer = odds.word_odds(pool, asked | {"word": "w20 w21"})
    first = odds.next_token_odds(pool, asked | {"limit": 96})["rows"]
    longer = asked | ({"target": f"{asked['target']} w20"} if asked is T5 else {"text": f"{asked['text']} w20"})
    second = odds.next_token_odds(pool, longer | {"limit": 96})["rows"]
    chances = [
        next(row["probability"] for row in rows if row["id"] == number) for rows, number in ((first, 20), (second, 21))
    ]
    assert [step["probability"] for step in answer["steps"]] == pytest.approx(chances, rel=1e-3)
    assert answer["probability"] == pytest.approx(math.prod(chances), rel=1e-3)


@pytest.mark.parametrize("mask", [0, 1])
def test_the_chance_of_a_word_at_a_mask_is_the_masked_models_own(pool: Pool, mask: int) -> None:
    trace = families.model("bert").trace(BERT["text"])
    own = torch.tensor(trace.logits_at(trace.mask_positions[mask])).softmax(-1)
    answer = odds.word_odds(pool, BERT | {"word": "w20", "mask": mask})
    assert [step["id"] for step in answer["steps"]] == [20]
    assert answer["probability"] == pytest.approx(float(own[20]), rel=1e-3)


def test_a_word_that_cannot_be_judged_is_refused(pool: Pool) -> None:
    for word in ("", "  ", None, 7):
        with pytest.raises(InputError, match="Type a word"):
            odds.word_odds(pool, GPT2 | {"word": word})
    with pytest.raises(InputError, match="“w5 w6” with 2 tokens here, and a mask holds one"):
        odds.word_odds(pool, BERT | {"word": "w5 w6"})
    with pytest.raises(PromptTooLong, match="200"):
        odds.word_odds(pool, GPT2 | {"word": "x" * 201})


def test_a_stream_ends_with_every_step_and_its_alternatives(pool: Pool) -> None:
    wish = {"length": 6, "sampling": {"seed": 4}, "run": 9}
    answer = last(stream.written(pool, GPT2 | wish))
    steps = list(families.model("gpt2").complete(GPT2["text"], Sampling(seed=4), max_new_tokens=6))
    assert [row["id"] for row in answer["steps"]] == [step.token.id for step in steps]
    assert (answer["state"], answer["finished"], answer["run"]) == ("done", steps[-1].finished, 9)
    assert all(len(row["alternatives"]) == 10 for row in answer["steps"])
    chosen = [row["id"] for row in answer["steps"][:2]]
    branch = last(stream.written(pool, GPT2 | wish | {"chosen": chosen}))
    assert [row["id"] for row in branch["steps"]] == [step.token.id for step in steps[2:]]


@pytest.mark.parametrize("chosen", [[-1], [10_000], ["a"], [True], list(range(3_000))])
def test_a_branch_that_does_not_fit_is_refused(pool: Pool, chosen: list[Any]) -> None:
    assert "branch" in last(stream.written(pool, GPT2 | {"chosen": chosen}))["error"]


def test_refusals_reach_the_page_as_sentences(pool: Pool) -> None:
    hostile = [
        stream.written(pool, BERT),
        stream.written(pool, GPT2 | {"sampling": {"temperature": math.nan}}),
        stream.written(pool, GPT2 | {"length": 10**9}),
        surprise.readings(pool, GPT2 | {"text": "w5"}),
        beams.searched(pool, GPT2 | {"width": 99, "length": 5}),
        columns.prompted(pool, GPT2 | {"question": " ", "examples": [("a", "b")], "instruction": "", "length": 3}),
        columns.prompted(pool, GPT2 | {"question": "x", "examples": [("a", "")], "instruction": "", "length": 3}),
    ]
    for answers in hostile:
        answer = last(answers)
        assert answer["state"] == "failed"
        assert answer["error"].endswith(".")


def test_two_at_once_share_their_luck_until_they_part(pool: Pool) -> None:
    wish = {"length": 12, "stop": "", "first": {"seed": 3}, "second": {"seed": 3, "temperature": 1.0}}
    same = last(columns.compared(pool, GPT2 | wish))
    left, right = ([row["id"] for row in column["steps"]] for column in same["columns"])
    assert left == right
    other = last(columns.compared(pool, GPT2 | wish | {"other": "llama"}))
    assert [column["title"].split(":")[0] for column in other["columns"]] == ["gpt2", "llama"]
    assert [row["id"] for row in other["columns"][0]["steps"]] == left


def test_prompts_hold_no_one_and_all_examples() -> None:
    pairs = [("big", "small"), ("hot", "cold")]
    assert columns.prompt_of("", [], "long") == "Input: long\nOutput:"
    assert columns.prompt_of(" Opposites. ", pairs, "long") == (
        "Opposites.\n\nInput: big\nOutput: small\n\nInput: hot\nOutput: cold\n\nInput: long\nOutput:"
    )


def test_each_shot_is_continued_from_its_own_prompt(pool: Pool) -> None:
    wish = {"question": "w9", "examples": [("w5", "w6"), ("w7", "w8")], "instruction": "", "length": 4}
    answer = last(columns.prompted(pool, GPT2 | wish | {"sampling": {"greedy": True}}))
    for column in answer["columns"]:
        steps = families.model("gpt2").complete(column["shown"], Sampling(greedy=True), max_new_tokens=4)
        assert [row["id"] for row in column["steps"]] == [step.token.id for step in steps]
    assert [column["shown"].count("Input:") for column in answer["columns"]] == [1, 2, 3]


def test_a_beam_tree_is_whole(pool: Pool) -> None:
    answer = last(beams.searched(pool, GPT2 | {"width": 2, "length": 5}))
    assert len(answer["finished"]) == 2
    for number, node in enumerate(answer["nodes"]):
        assert node["parent"] is None or node["parent"] < number
    best = answer["nodes"][answer["finished"][0]["node"]]
    assert best["fate"] == "finished"
    assert best["score"] == answer["finished"][0]["score"] >= answer["finished"][1]["score"]


def test_a_reading_is_told_in_bits_with_the_largest_surprises_first(pool: Pool) -> None:
    answer, found = last(surprise.readings(pool, GPT2)), read(families.model("gpt2").trace(GPT2["text"]))
    np.testing.assert_allclose(answer["surprise"], found.surprise, atol=1e-3)
    told = [answer["surprise"][place] for place in answer["top"]]
    assert told == sorted(told, reverse=True)
    assert answer["perplexity"] == pytest.approx(found.perplexity, rel=1e-3)
    masked = last(surprise.readings(pool, BERT | {"text": families.text_of(5)}))
    assert masked["pseudo"]
    assert len(masked["surprise"]) == 5


def test_what_was_expected_is_told_for_tokens_after_the_first(pool: Pool) -> None:
    answer = surprise.expected_here(pool, GPT2 | {"position": 3})
    trace = families.model("gpt2").trace(GPT2["text"])
    assert answer["rows"][0]["id"] == int(trace.logits_at(2).argmax())
    for position in (0, 8, -1, "2"):
        with pytest.raises(InputError, match="after the first"):
            surprise.expected_here(pool, GPT2 | {"position": position})


def test_a_chat_template_is_written_out_as_tokens(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"model": "gpt2", "system": "w5", "user": "w6 w7"}
    with pytest.raises(Unsupported, match="no chat template"):
        chat.chat_tokens(pool, asked)
    template = "{% for m in messages %}w1 {{ m['content'] }} {% endfor %}{% if add_generation_prompt %}w2{% endif %}"
    monkeypatch.setattr(families.model("gpt2").tokenizer, "chat_template", template, raising=False)
    answer = chat.chat_tokens(pool, asked)
    assert answer["text"] == "w1 w5 w1 w6 w7 w2"
    assert [token["id"] for token in answer["tokens"]] == [1, 5, 1, 6, 7, 2]
    refusing = "{{ raise_exception('no system here') }}"
    monkeypatch.setattr(families.model("gpt2").tokenizer, "chat_template", refusing, raising=False)
    with pytest.raises(InputError, match="no system here"):
        chat.chat_tokens(pool, asked)
