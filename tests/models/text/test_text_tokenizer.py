"""A tokenizer that breaks on a text, on the way to a sentence."""

from typing import Any

import pytest
from tokenizers import Regex, Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from models.errors import CorruptModel
from models.text.text_tokenizer import TextTokenizer

fast: Any = PreTrainedTokenizerFast


def test_a_panic_of_the_tokenizers_library_is_a_sentence_and_the_next_text_works() -> None:
    """What its expression gives up on is no Exception: without a sentence nothing would answer the visitor."""
    made = Tokenizer(models.BPE(unk_token="<unk>", vocab={"<unk>": 0, "a": 1}, merges=[]))
    made.pre_tokenizer = pre_tokenizers.Split(Regex("(x+x+)+y"), "isolated")
    breaking = TextTokenizer(name="made", revision="test", tokenizer=fast(tokenizer_object=made, unk_token="<unk>"))
    with pytest.raises(CorruptModel, match="tokenizer of made breaks on this text"):
        breaking.tokenize("x" * 60)
    assert [token.text for token in breaking.tokenize("aa")] == ["a", "a"]
