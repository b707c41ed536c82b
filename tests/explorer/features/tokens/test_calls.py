"""Texts cut as they are typed: with the tokenizer alone, as the model itself cuts them."""

import pytest

from explorer.calls import Context
from explorer.calls.answers import token_rows
from explorer.features.tokens.calls import compare_cuts, cut
from explorer.features.tokens.tab import BOARD
from explorer.settings import Settings
from models import load
from models.engine.pool import Pool
from models.errors import ModelError, PromptTooLong


@pytest.fixture
def empty() -> Context:
    """A context in which no model is loaded, and none can be."""

    def refuse(name: str, **_options: object) -> None:
        raise AssertionError(f"The weights of {name} were loaded.")

    return Context(pool=Pool(refuse), settings=Settings(mode="local", device="cpu"))  # type: ignore[arg-type]


def test_a_text_is_cut_as_the_model_cuts_it_without_its_weights(empty: Context) -> None:
    for _language, _code, text in BOARD:
        answer = cut.ask(empty, {"model": "storybook", "text": text})
        assert answer["tokens"] == token_rows(load("storybook").tokenize(text))


def test_no_context_window_ends_what_is_only_cut(empty: Context) -> None:
    answer = cut.ask(empty, {"model": "storybook", "text": " the" * 1_000})
    assert len(answer["tokens"]) == 1_000
    with pytest.raises(PromptTooLong):
        cut.ask(empty, {"model": "storybook", "text": "a" * 50_001})


def test_an_empty_text_has_no_tokens(empty: Context) -> None:
    assert cut.ask(empty, {"model": "storybook", "text": ""}) == {"tokens": [], "target_tokens": []}


def test_bytes_are_a_tokenizer_of_their_own(empty: Context) -> None:
    tokens = cut.ask(empty, {"model": "byt5", "text": "né 😀"})["tokens"]
    assert [token["text"] for token in tokens] == ["n", "é", "é", " ", "😀", "😀", "😀", "😀", ""]
    assert "".join(token["bytes"] for token in tokens).replace(" ", "") == "né 😀".encode().hex()


def test_a_tokenizer_that_is_not_there_is_a_sentence(empty: Context) -> None:
    with pytest.raises(ModelError, match="no folder"):
        cut.ask(empty, {"model": "./nowhere", "text": "a"})


def test_two_sides_are_cut_without_their_weights_however_long(empty: Context) -> None:
    text = "né 😀 " * 300
    asked = {"model": "storybook", "text": text, "other_model": "byt5", "other_text": text}
    answer = compare_cuts.ask(empty, asked)
    source = answer["source"]
    assert source["tokens"] == cut.ask(empty, {"model": "storybook", "text": text})["tokens"]
    assert len(source["others"]) == len(text.encode()) + 1  # and the end of the text
    assert source["shared_borders"] == source["borders"]  # bytes may be cut anywhere between characters
    assert answer["target"] is None


def test_a_target_that_only_one_side_has_stands_alone() -> None:
    context = Context(pool=Pool(), settings=Settings(mode="local", device="cpu"))
    context.pool.model("storybook-t5")
    asked = {"model": "storybook-t5", "text": "A <extra_id_0> ran", "target": "<extra_id_0> fox"}
    target = compare_cuts.ask(context, asked | {"other_model": "storybook", "other_text": "A fox ran"})["target"]
    assert target is not None
    assert target["tokens"][-1]["text"].strip() == "fox"
    assert target["others"] == []
    assert all(one["positions"] and not one["others"] for one in target["stretches"])
