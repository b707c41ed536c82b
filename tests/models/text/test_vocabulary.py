"""Entries are told by kind and found by text, in every way of writing a vocabulary."""

import numpy as np
import pytest
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from models.errors import InputError
from models.text.token_decoder import TokenDecoder
from models.text.vocabulary import Vocabulary, _read, kind_names, vocabulary
from tests.models import families
from tests.models.families import VOCAB, model

BYTE_LEVEL = ["<|end|>", "Ġking", "king", "ing", "Ġ42", "!", "ĠÐ¼Ð¸ÑĢ", "ä½", "Ġ", "King", "Ġ<script>", "Ġkings"]
EXPECTED = [
    "special", "word start", "continuation", "continuation", "number", "punctuation or space", "another script",
    "part of a character", "punctuation or space", "continuation", "word start", "word start",
]  # fmt: skip
TEXTS = ["<|end|>", " king", "king", "ing", " 42", "!", " мир", "⟨E4 BD⟩", " ", "King", " <script>", " kings"]


def byte_level() -> TokenDecoder:
    tokenizer = Tokenizer(models.BPE({piece: number for number, piece in enumerate(BYTE_LEVEL)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken("<|end|>", special=True)])
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|end|>")  # type: ignore[no-untyped-call]
    return TokenDecoder(wrapped)


def word_piece() -> TokenDecoder:
    tokenizer = Tokenizer(models.WordPiece({"[UNK]": 0, "play": 1, "##ing": 2, "7": 3}, unk_token="[UNK]"))
    tokenizer.decoder = decoders.WordPiece()
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="[UNK]")  # type: ignore[no-untyped-call]
    return TokenDecoder(wrapped)


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    return _read(byte_level(), 14)


def test_every_entry_has_its_text_and_kind(words: Vocabulary) -> None:
    assert list(words.texts[:12]) == TEXTS
    assert [kind_names()[kind] for kind in words.kinds[:12]] == EXPECTED


def test_rows_beyond_the_tokenizer_are_unused(words: Vocabulary) -> None:
    assert [kind_names()[kind] for kind in words.kinds[12:]] == ["unused", "unused"]


def test_pieces_that_go_on_with_a_word_are_told_by_their_mark() -> None:
    assert [kind_names()[kind] for kind in _read(word_piece(), 4).kinds] == [
        "special",
        "word start",
        "continuation",
        "number",
    ]


def test_a_search_lists_every_entry_that_holds_the_query_the_best_first(words: Vocabulary) -> None:
    assert [words.texts[number] for number in words.search("king")] == [" king", "king", "King", " kings"]
    assert [words.texts[number] for number in words.search(" king")] == [" king", " kings"]
    assert words.search("<SCRIPT>") == [10]
    assert words.search("nowhere") == []


def test_a_number_sign_finds_an_id(words: Vocabulary) -> None:
    assert words.search("#4") == [4]
    assert words.search("#99") == []


@pytest.mark.parametrize("query", ["", "x" * 201])
def test_a_search_for_nothing_or_too_much_is_refused(words: Vocabulary, query: str) -> None:
    with pytest.raises(InputError, match="1 to 200 characters"):
        words.search(query)


def test_a_word_means_the_entry_that_begins_a_word(words: Vocabulary) -> None:
    assert words.entry("king") == words.entry(" king ") == 1
    assert words.entry("ing") == 3
    assert words.entry("#2") == 2
    assert words.entry(" ") == 8


@pytest.mark.parametrize("typed", ["queen", "#99", "#", ""])
def test_what_is_no_entry_is_refused_by_name(words: Vocabulary, typed: str) -> None:
    with pytest.raises(InputError, match="is not one token of this model"):
        words.entry(typed)


def test_a_models_vocabulary_has_a_name_for_every_row_and_is_read_once() -> None:
    found = vocabulary(model("gpt2"))
    assert len(found) == VOCAB
    assert found.texts[7] == "w7"
    assert vocabulary(model("gpt2")) is found


def test_an_extended_vocabulary_keeps_what_it_had(words: Vocabulary) -> None:
    longer = words.extended(20)
    assert len(longer) == 20
    assert np.array_equal(longer.kinds[:14], words.kinds)
    assert kind_names()[longer.kinds[19]] == "unused"


def test_a_vocabulary_counts_in_the_bytes_of_its_model() -> None:
    described = families.assembled("gpt2", "counted")
    before = described.nbytes
    found = vocabulary(described)
    assert described.nbytes - before >= found.nbytes > sum(len(text) for text in found.texts)
