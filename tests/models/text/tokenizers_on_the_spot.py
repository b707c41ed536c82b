"""Tokenizers of every way of writing text, trained on the spot on a few lines."""

import json
from pathlib import Path
from typing import Any

import sentencepiece
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import MarianTokenizer, PreTrainedTokenizerFast

fast: Any = PreTrainedTokenizerFast

LINES = [
    "Once upon a time there was a little girl who lived in a village near the wood.",
    "The wolf said: who is there? It is I, said the girl, and she opened the door.",
    "Das Mädchen ging in den Wald. Le café était fermé. 0123456789 <>{}$()/!?;,",
] * 3


def byte_level(*, prefix_space: bool = False, trimmed: bool = False, normalizer: Any = None) -> Any:
    """As GPT-2's; with `prefix_space` and `trimmed` as RoBERTa's, with a normalizer as Qwen's."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix_space)
    tokenizer.decoder = decoders.ByteLevel()
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    if trimmed:
        tokenizer.post_processor = processors.ByteLevel(trim_offsets=True)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    end = "<|endoftext|>"
    tokenizer.train_from_iterator(
        LINES,
        trainers.BpeTrainer(vocab_size=340, initial_alphabet=alphabet, special_tokens=[end], show_progress=False),
    )
    return fast(tokenizer_object=tokenizer, eos_token=end, bos_token=end, unk_token=end)


def unigram() -> Any:
    """As T5's: SentencePiece unigram with NFKC, an end token behind each text."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    special = ["<pad>", "</s>", "<unk>"]
    tokenizer.train_from_iterator(
        LINES,
        trainers.UnigramTrainer(vocab_size=120, special_tokens=special, unk_token="<unk>", show_progress=False),
    )
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return fast(tokenizer_object=tokenizer, eos_token="</s>", unk_token="<unk>", pad_token="<pad>")


def byte_fallback() -> Any:
    """As Llama 2's: SentencePiece BPE, a start token before each text, unknown characters as bytes."""
    tokenizer = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    parts = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    tokenizer.decoder = decoders.Sequence(parts)
    special = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    tokenizer.train_from_iterator(
        [word for line in LINES for word in line.split()],
        trainers.BpeTrainer(vocab_size=400, special_tokens=special[:3], show_progress=False),
    )
    vocabulary = tokenizer.get_vocab()
    content = tokenizer.to_str().replace('"vocab":{', '"vocab":{' + "".join(
        f'"{name}":{len(vocabulary) + rank},' for rank, name in enumerate(special[3:])
    ))  # fmt: skip
    tokenizer = Tokenizer.from_str(content)
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return fast(tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", unk_token="<unk>")


def wordpiece() -> Any:
    """As BERT's: lower case, accents dropped, [CLS] and [SEP] around each text."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(
        LINES, trainers.WordPieceTrainer(vocab_size=160, special_tokens=special, show_progress=False)
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return fast(
        tokenizer_object=tokenizer, unk_token="[UNK]", mask_token="[MASK]", cls_token="[CLS]", sep_token="[SEP]",
        pad_token="[PAD]",
    )  # fmt: skip


def without_spans(folder: Path) -> Any:
    """As Marian's: SentencePiece read in Python, which reports no spans at all."""
    corpus = folder / "lines.txt"
    corpus.write_text("\n".join(LINES), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(corpus), model_prefix=str(folder / "pieces"), vocab_size=70, minloglevel=2
    )
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "pieces.model"))
    names = [pieces.id_to_piece(number) for number in range(pieces.get_piece_size())]
    names = ["</s>", "<unk>", *[name for name in names if name not in {"</s>", "<unk>", "<s>"}], "<pad>"]
    vocabulary = folder / "vocab.json"
    vocabulary.write_text(json.dumps({name: number for number, name in enumerate(names)}))
    model = str(folder / "pieces.model")
    return MarianTokenizer(vocab=str(vocabulary), source_spm=model, target_spm=model)
