"""Tokens know where they stand in the text, whatever the tokenizer does to it."""

from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import normalizers
from transformers import ByT5Tokenizer

from models.errors import InputError
from models.generation.detokenizer import IncrementalDetokenizer
from models.text.token_decoder import TokenDecoder, readable
from models.text.tokens import Token, check_text, tokens_of
from tests.models.text import tokenizers_on_the_spot as spot

HOSTILE = [
    "<script>alert(1)</script>",
    "${alert(1)}",
    "{{value}}",
    "</script>",
    "👩‍👩‍👧 שלום עולם",
    "日本語と中文",
    "ﬁn ½ é\u0301 ",
    "\n\t  \n",
]


@cache
def tokenizer(name: str) -> Any:
    made = {
        "byte-level": spot.byte_level,
        "byte-level, space put first": lambda: spot.byte_level(prefix_space=True, trimmed=True),
        "byte-level, composed": lambda: spot.byte_level(normalizer=normalizers.NFC()),
        "unigram": spot.unigram,
        "byte fallback": spot.byte_fallback,
        "wordpiece": spot.wordpiece,
    }
    return made[name]()


NAMES = ("byte-level", "byte-level, space put first", "byte-level, composed", "unigram", "byte fallback", "wordpiece")
EXACT = NAMES[:2]  # these spell every byte, so nothing may be left over
every_tokenizer = pytest.mark.parametrize("name", NAMES)


def placed(made: Any, text: str) -> tuple[Token, ...]:
    encoded = made(text, return_offsets_mapping=made.is_fast)
    return tokens_of(text, encoded["input_ids"], encoded.get("offset_mapping"), TokenDecoder(made))


def texts(tokens: tuple[Token, ...]) -> list[str]:
    return [token.text for token in tokens]


@every_tokenizer
@given(text=st.text(max_size=40))
@settings(max_examples=60, deadline=None)
def test_spans_lie_in_the_text_in_order_and_leave_out_nothing_but_spaces(name: str, text: str) -> None:
    try:
        check_text(text)
    except InputError:
        return
    tokens = placed(tokenizer(name), text)
    assert all(0 <= token.start <= token.end <= len(text) for token in tokens)
    assert [token.start for token in tokens] == sorted(token.start for token in tokens)
    covered = {place for token in tokens for place in range(token.start, token.end)}
    missing = "".join(character for place, character in enumerate(text) if place not in covered)
    if name in EXACT:
        assert missing == ""
        spelled = b"".join(token.bytes for token in tokens).decode()
        assert spelled.replace(" ", "") == text.replace(" ", "")


@every_tokenizer
@pytest.mark.parametrize("text", HOSTILE)
def test_every_visible_character_belongs_to_a_token_and_no_group_is_torn(name: str, text: str) -> None:
    tokens = placed(tokenizer(name), text)
    covered = {place for token in tokens for place in range(token.start, token.end)}
    ignored = {"\u200d", "\n", "\t", " "}
    assert all(place in covered or character in ignored for place, character in enumerate(text))
    for one, other in pairwise(tokens):
        assert (one.group == other.group) == (other.start < one.end and other.end > other.start)
        assert one.group != other.group or one.text == other.text
    assert "�" not in "".join(texts(tokens))


@every_tokenizer
def test_markup_survives_letter_by_letter(name: str) -> None:
    text = "<script>alert(1)</script>"
    assert "".join(token.text for token in placed(tokenizer(name), text) if not token.special) == text


def test_a_character_split_over_several_tokens_is_one_group() -> None:
    tokens = placed(tokenizer("byte-level"), "a你b😀")
    assert texts(tokens) == ["a", "你", "你", "你", "b", "😀", "😀", "😀", "😀"]
    assert [token.group for token in tokens] == [0, 1, 1, 1, 2, 3, 3, 3, 3]
    assert b"".join(token.bytes for token in tokens) == "a你b😀".encode()
    assert tokens[1].bytes == "你".encode()[:1]


def test_characters_kept_as_bytes_by_sentencepiece_are_one_group() -> None:
    tokens = placed(tokenizer("byte fallback"), "a你")
    assert [(token.piece, token.text) for token in tokens[-3:]] == [
        ("<0xE4>", "你"),
        ("<0xBD>", "你"),
        ("<0xA0>", "你"),
    ]
    assert len({token.group for token in tokens[-3:]}) == 1


def test_spaces_put_before_the_first_word_stand_for_no_text() -> None:
    for name in ("byte-level, space put first", "unigram"):
        tokens = [token for token in placed(tokenizer(name), "Xyz") if not token.special]
        assert "".join(texts(tuple(tokens))) == "Xyz"
        assert tokens[0].start == 0


def test_leading_spaces_belong_to_the_token_that_spells_them() -> None:
    """RoBERTa's tokenizer reports spans without them; the piece Ġgirl spells five characters all the same."""
    for name in ("byte-level", "byte-level, space put first", "unigram", "byte fallback"):
        token = next(token for token in placed(tokenizer(name), "The girl") if token.piece[1:] == "girl")
        assert (token.text, token.start, token.end) == (" girl", 3, 8)


def test_wordpiece_drops_case_and_spaces_but_shows_the_text_as_typed() -> None:
    tokens = placed(tokenizer("wordpiece"), "The GIRL é\u0301")
    assert [(token.piece, token.text) for token in tokens[1:3]] == [("the", "The"), ("girl", "GIRL")]
    assert tokens[3].text == "é\u0301"


def test_specials_are_marked_whether_added_or_typed() -> None:
    tokens = placed(tokenizer("wordpiece"), "the [MASK] girl")
    assert [(token.piece, token.text, token.special) for token in tokens] == [
        ("[CLS]", "", True),
        ("the", "the", False),
        ("[MASK]", "[MASK]", True),
        ("girl", "girl", False),
        ("[SEP]", "", True),
    ]
    typed = placed(tokenizer("byte-level"), "a<|endoftext|>b")
    assert [(token.text, token.special) for token in typed] == [("a", False), ("<|endoftext|>", True), ("b", False)]


def test_an_unknown_word_is_shown_as_typed_and_is_no_special() -> None:
    token = placed(tokenizer("wordpiece"), "the 你 girl")[2]
    assert (token.piece, token.text, token.special, token.bytes) == ("[UNK]", "你", False, "你".encode())


def test_a_tokenizer_that_reports_no_spans_is_followed_through_the_text(tmp_path: Any) -> None:
    made = spot.without_spans(tmp_path)
    assert not made.is_fast
    tokens = placed(made, "The  girl 你 said: ½ wolf")
    groups = {token.group: token.text for token in tokens if not token.special}
    assert "".join(groups.values()) == "The  girl 你 said: ½ wolf"
    assert [token.text for token in tokens if token.piece == "▁girl"] in ([" girl"], ["  girl"])
    assert (tokens[-1].special, tokens[-1].text) == (True, "")


UNUSUAL = ("\u1112", "\u1161", "\u11ab", "한", "e\u0301", "ﷺ", "½", "ﬁ", "▁", " ", "a", "B")


@pytest.mark.parametrize("name", ["byte-level, composed", "unigram", "byte fallback", "wordpiece"])
@given(text=st.lists(st.sampled_from(UNUSUAL), max_size=12).map("".join))
@settings(max_examples=80, deadline=None)
def test_characters_that_are_composed_or_taken_apart_stay_whole(name: str, text: str) -> None:
    tokens = placed(tokenizer(name), text)
    covered = {place for token in tokens for place in range(token.start, token.end)}
    read = [place for place, character in enumerate(text) if not (character.isspace() or character == "▁")]
    assert all(place in covered for place in read)  # spaces, and what is read as one, may be left out
    groups = [{token.group for token in tokens if token.start <= place < token.end} for place in range(len(text))]
    assert all(len(group) <= 1 for group in groups)
    assert [token.group for token in tokens] == sorted(token.group for token in tokens)


def test_a_syllable_typed_as_its_letters_is_one_token_of_text() -> None:
    tokens = placed(tokenizer("byte-level, composed"), "x\u1112\u1161\u11ab y")
    assert [token.text for token in tokens] == ["x", *["\u1112\u1161\u11ab"] * 3, " ", "y"]
    assert len({token.group for token in tokens}) == 4


def test_a_character_read_as_several_words_is_one_group() -> None:
    tokens = placed(tokenizer("unigram"), "a ﷺ b")
    assert len({token.group for token in tokens if token.text == "ﷺ"}) == 1
    assert [token.text for token in tokens].count("ﷺ") == 7  # four words and the three spaces between them


def test_a_typed_mark_of_spaces_is_shown_as_typed_and_read_as_a_space() -> None:
    for name in ("unigram", "byte fallback"):
        token = next(token for token in placed(tokenizer(name), "a▁b") if token.text == "▁")
        assert (token.start, token.end, token.bytes) == (1, 2, b" ")


@given(ids=st.lists(st.integers(0, 383), max_size=20))
@settings(max_examples=100, deadline=None)
def test_bytes_of_byt5_are_written_as_its_tokenizer_decodes_them(ids: list[int]) -> None:
    made = ByT5Tokenizer()
    written = IncrementalDetokenizer(TokenDecoder(made), ids)
    written.close()
    assert written.text.replace("\ufffd", "") == made.decode(ids, skip_special_tokens=True)


def test_a_lone_surrogate_is_refused_with_its_place() -> None:
    with pytest.raises(InputError, match=r"U\+D800.* position 2"):
        check_text("ab\ud800c")


def test_bytes_that_are_no_character_are_written_in_hexadecimal() -> None:
    token_decoder = TokenDecoder(tokenizer("byte-level"))
    half = placed(tokenizer("byte-level"), "你")[0]
    assert token_decoder.display(half.id) == "⟨E4⟩"
    assert readable(" é".encode() + b"\xe4\xbd") == " é⟨E4 BD⟩"


@every_tokenizer
def test_every_entry_of_a_vocabulary_can_be_shown(name: str) -> None:
    token_decoder = TokenDecoder(tokenizer(name))
    shown = [token_decoder.display(number) for number in range(token_decoder.size)]
    assert "�" not in "".join(shown)
    assert sum(text == "" for text in shown) <= 1
    assert token_decoder.display(token_decoder.size + 5) == ""
