"""The corpus as arrays of token ids, made once and kept beside the checkpoints."""

import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from models.errors import InputError
from models.training import tokenizer as vocabulary

CHILDREN_FILES = 12
"""The first twelve files of the corpus hold children's books, the rest novels."""

SEPARATOR = vocabulary.END + "\n"
"""The line that ends each book in the corpus files."""


@dataclass(frozen=True, eq=False)
class Corpus:
    """Token ids of the training books by group, and the held-out books as text."""

    tokenizer: Tokenizer
    children: np.ndarray
    novels: np.ndarray
    held_out: np.ndarray


def books(path: Path) -> Iterator[str]:
    """The books of one compressed file, without the line that separates them."""
    text = lzma.decompress(path.read_bytes()).decode("utf-8")
    yield from (book.strip("\n") for book in text.split(SEPARATOR) if book.strip("\n"))


def prepare(folder: Path, cache: Path) -> Corpus:
    """Read the corpus in `folder`; tokenizer and token arrays are made in `cache` where missing.

    Raises InputError where `folder` does not hold a corpus.
    """
    training = sorted(folder.glob("train-*.txt.xz"))
    held_out = folder / "valid.txt.xz"
    if not training or not held_out.exists():
        message = f"{folder} holds no corpus: it needs train-*.txt.xz and valid.txt.xz. Name its folder with --corpus."
        raise InputError(message)
    cache.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer(training, cache / "tokenizer.json")
    return Corpus(
        tokenizer=tokenizer,
        children=_tokens(training[:CHILDREN_FILES], tokenizer, cache / "children.npy"),
        novels=_tokens(training[CHILDREN_FILES:], tokenizer, cache / "novels.npy"),
        held_out=_tokens([held_out], tokenizer, cache / "held_out.npy"),
    )


def encoded(texts: Iterator[str], tokenizer: Tokenizer) -> np.ndarray:
    """The ids of all texts in a row as uint16, each text followed by the end-of-text token."""
    rows = (np.array([*tokenizer.encode(text).ids, vocabulary.END_ID], np.uint16) for text in texts)
    return np.concatenate([np.empty(0, np.uint16), *rows])


def _tokenizer(files: list[Path], path: Path) -> Tokenizer:
    if not path.exists():
        print(f"learning a vocabulary of {vocabulary.VOCABULARY} entries from {len(files)} files", flush=True)
        vocabulary.train(book for file in files for book in books(file)).save(str(path))
    return vocabulary.load(path)


def _tokens(files: list[Path], tokenizer: Tokenizer, path: Path) -> np.ndarray:
    if not path.exists():
        print(f"encoding {len(files)} files into {path.name}", flush=True)
        np.save(path, encoded((book for file in files for book in books(file)), tokenizer))
    return np.load(path, mmap_mode="r")
