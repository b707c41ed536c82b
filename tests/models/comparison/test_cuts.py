"""Two cuts stand beside each other in stretches that both spell with whole tokens, and nothing is lost."""

from typing import Any

import pytest
from tokenizers import Tokenizer
from tokenizers.decoders import ByteLevel as ByteLevelDecoder
from tokenizers.models import BPE, Unigram
from tokenizers.pre_tokenizers import ByteLevel
from tokenizers.trainers import BpeTrainer
from transformers import PreTrainedTokenizerFast as Fast

from models.comparison.cuts import borders, cuts
from models.text.text_tokenizer import TextTokenizer
from models.text.tokens import Token

TEXT = "The king’s naïve daughter laughed — quietly; 你好 👩‍👩‍👧\nend  "


def fast(made: Tokenizer, **named: str) -> Any:
    wrap: Any = Fast
    return wrap(tokenizer_object=made, **named)


def byte_pairs(size: int) -> TextTokenizer:
    """A byte-level tokenizer of so many entries, trained here."""
    made = Tokenizer(BPE())
    made.pre_tokenizer, made.decoder = ByteLevel(add_prefix_space=False), ByteLevelDecoder()
    trainer = BpeTrainer(vocab_size=size, initial_alphabet=ByteLevel.alphabet(), show_progress=False)
    made.train_from_iterator([TEXT] * 4, trainer)
    return TextTokenizer(name=str(size), revision="", tokenizer=fast(made))


def characters() -> TextTokenizer:
    made = Tokenizer(Unigram([("<unk>", 0.0), *((one, -1.0) for one in sorted(set(TEXT)))], unk_id=0))
    tokenizer = fast(made, unk_token="<unk>")
    return TextTokenizer(name="characters", revision="", tokenizer=tokenizer)


def token(start: int, end: int, *, special: bool = False) -> Token:
    return Token(id=1, piece="x", text="", start=start, end=end, special=special, group=0, bytes=b"")


def test_no_token_is_lost_and_every_stretch_is_spelled_whole_by_both() -> None:
    one, two = byte_pairs(300), byte_pairs(260)
    tokens, others = one.tokenize(TEXT), two.tokenize(TEXT)
    found = cuts(tokens, TEXT, others, TEXT)
    assert [at for stretch in found.stretches for at in stretch.positions] == [*range(len(tokens))]
    assert [at for stretch in found.stretches for at in stretch.others] == [*range(len(others))]
    assert "".join(stretch.text for stretch in found.stretches) == TEXT
    spelled = [{place.end for place in cut} for cut in (tokens, others)]
    inside = [{at for t in cut for at in range(t.start + 1, t.end)} for cut in (tokens, others)]
    both = (spelled[0] & spelled[1]) - inside[0] - inside[1] - {len(TEXT)}
    assert found.shared_borders == len(both) == len(found.stretches) - 1


def test_what_a_tokenizer_adds_stands_by_itself() -> None:
    tokens = [token(0, 0, special=True), token(0, 2), token(2, 2, special=True)]
    others = [token(0, 1), token(1, 2)]
    found = cuts(tokens, "ab", others, "ab")
    assert [(one.positions, one.others) for one in found.stretches] == [((0,), ()), ((1,), (0, 1)), ((2,), ())]
    assert (found.borders, found.other_borders, found.shared_borders) == (0, 1, 0)


def test_one_may_not_cut_within_a_character_of_several_tokens() -> None:
    assert borders([token(0, 1), token(1, 2), token(1, 2), token(2, 4)], "abcd") == {0, 1, 2, 4}


def test_words_of_two_texts_stand_beside_each_other() -> None:
    cut = byte_pairs(300)
    one, two = "The king laughed", "The old queen laughed"
    found = cuts(cut.tokenize(one), one, cut.tokenize(two), two)
    names = [(one.text, bool(one.positions), bool(one.others)) for one in found.stretches]
    assert names[0] == ("The", True, True)
    assert names[-1] == ("laughed", True, True)
    assert {name for name, here, there in names if not (here and there)} - {"Ġ"} == {"king", "old", "queen"}
    assert found.borders is None


@pytest.mark.parametrize("text", ["", "a", "\n"])
def test_short_texts_are_cut(text: str) -> None:
    cut = characters()
    found = cuts(cut.tokenize(text), text, cut.tokenize(text), text)
    assert sum(len(one.positions) for one in found.stretches) == len(cut.tokenize(text))
