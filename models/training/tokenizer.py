"""The byte-level BPE that all storybook models share, and the special tokens reserved in it."""

from collections.abc import Iterable
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

VOCABULARY = 8192
END = "<|endoftext|>"
PAD = "<|pad|>"
MASK = "[MASK]"
SENTINELS = tuple(f"<extra_id_{number}>" for number in range(16))

SPECIALS = (END, PAD, MASK, *SENTINELS)
"""Every special token in the order of its id: END is 0, PAD 1, MASK 2, the sentinels 3 to 18."""

END_ID, PAD_ID, MASK_ID, FIRST_SENTINEL_ID = 0, 1, 2, 3
FIRST_ORDINARY_ID = len(SPECIALS)


def train(texts: Iterable[str], vocabulary: int = VOCABULARY) -> Tokenizer:
    """A byte-level BPE (Sennrich et al. 2016; bytes as in GPT-2, Radford et al. 2019) learned from `texts`."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=[_special(text) for text in SPECIALS],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def wrapped(tokenizer: Tokenizer, *, context: int) -> PreTrainedTokenizerFast:
    """The tokenizer as transformers saves and loads it, for a model of `context` positions."""
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        bos_token=END,
        eos_token=END,
        unk_token=END,
        pad_token=PAD,
        mask_token=_special(MASK),
        extra_special_tokens=[_special(text) for text in SENTINELS],
        model_max_length=context,
        clean_up_tokenization_spaces=False,
        model_input_names=["input_ids", "attention_mask"],
    )


def load(path: Path) -> Tokenizer:
    return Tokenizer.from_file(str(path))


def _special(text: str) -> AddedToken:
    """A mask or sentinel swallows the space before it: it stands for a word, and our words begin with their space."""
    return AddedToken(text, lstrip=text not in (END, PAD), special=True, normalized=False)
