"""What lenses are fitted and judged on: passages of a corpus as a model reads them, in batches of equal length."""

import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from models.engine.language_model import LanguageModel
from models.errors import InputError
from models.training.corpus import SEPARATOR
from models.training.objectives import MASKED_SHARE

CHARACTERS = 1200
"""Characters of a passage: more than the tokens that are read of it."""

FIRST = 16
"""Where a decoder's positions begin to count: before, attention sinks make odd residuals (Gurnee et al. 2026)."""

SENTINELS = tuple(f"<extra_id_{number}>" for number in range(4))
SOURCE_WORDS = 60


@dataclass(frozen=True, eq=False, kw_only=True)
class Reading:
    """One batch: what the network is given, and which positions (batch, position) of its last residual are `real`.

    `counted` are those of them that a Jacobian is averaged over; `texts` source and target of each row, where the model
    is an encoder-decoder.
    """

    inputs: dict[str, Tensor]
    real: Tensor
    counted: Tensor
    texts: tuple[tuple[str, str], ...] = ()


def passages(files: list[Path], count: int, random: np.random.Generator) -> list[str]:
    """So many passages from all over the files, each from the beginning of a paragraph, in a random order."""
    found = []
    for number, file in enumerate(files):
        text = lzma.decompress(file.read_bytes()).decode("utf-8").replace(SEPARATOR, "")
        wanted = count * (number + 1) // len(files) - count * number // len(files)
        starts = np.array([place + 2 for place in _breaks(text) if place + 2 + CHARACTERS < len(text)])
        chosen = random.choice(starts, min(wanted, len(starts)), replace=False)
        found += [text[start : start + CHARACTERS] for start in chosen]
    return [found[place] for place in random.permutation(len(found))]


def corpus_files(folder: Path) -> tuple[list[Path], list[Path]]:
    """The files to fit on and those held out; InputError where `folder` holds no corpus."""
    training, held_out = sorted(folder.glob("train-*.txt.xz")), sorted(folder.glob("valid*.txt.xz"))
    if not training or not held_out:
        message = f"{folder} holds no corpus: it needs train-*.txt.xz and valid.txt.xz. Name its folder with --corpus."
        raise InputError(message)
    return training, held_out


def readings(
    model: LanguageModel, texts: list[str], length: int, rows: int, random: np.random.Generator
) -> Iterator[Reading]:
    """The texts as batches of `rows`, each of `length` tokens; those that are shorter, and a rest, are left out.

    An encoder has 15 % of its tokens masked. An encoder-decoder reads a passage with gaps and writes what is missing,
    where its vocabulary has tokens for gaps, or else the passage again.
    """
    if model.kind == "encoder-decoder":
        pairs = [(_gapped if _has_gaps(model) else _repeated)(text, random) for text in texts]
        for start in range(0, len(pairs) - rows + 1, rows):
            yield _pairs(model, pairs[start : start + rows])
        return
    length = min(length, model.context or length)
    cut = [_cut(model, text, length) for text in texts]
    whole = [ids for ids in cut if len(ids) == length]
    for start in range(0, len(whole) - rows + 1, rows):
        yield _batch(model, np.array(whole[start : start + rows]), random)


def _breaks(text: str) -> Iterator[int]:
    place = text.find("\n\n")
    while place >= 0:
        yield place
        place = text.find("\n\n", place + 2)


def _cut(model: LanguageModel, text: str, length: int) -> list[int]:
    """The first tokens of a text, and the last where it is the tokenizer's own mark of the end."""
    tokens = model.text_tokenizer.tokenize(text)
    ids = [token.id for token in tokens]
    ends = bool(tokens) and tokens[-1].special
    return [*ids[: length - 1], ids[-1]] if ends and len(ids) > length else ids[:length]


def _batch(model: LanguageModel, rows: np.ndarray, random: np.random.Generator) -> Reading:
    counted = torch.ones(rows.shape, dtype=torch.bool)
    if model.kind == "encoder":
        special = np.isin(rows, model.tokenizer.all_special_ids)
        rows = np.where((random.random(rows.shape) < MASKED_SHARE) & ~special, model.tokenizer.mask_token_id, rows)
    else:
        counted[:, :FIRST] = counted[:, -1] = False
    device = model.network.get_input_embeddings().weight.device
    read = torch.from_numpy(rows.astype(np.int64)).to(device)
    return Reading(inputs={"input_ids": read}, real=torch.ones_like(read).bool(), counted=counted.to(device))


def _pairs(model: LanguageModel, pairs: list[tuple[str, str]]) -> Reading:
    """Sources padded and masked, targets padded behind their end, where the decoder does not look back from."""
    device = model.network.get_input_embeddings().weight.device
    sources = _padded([[token.id for token in model.tokenize(source)] for source, _ in pairs])
    targets = _padded([[token.id for token in model.tokenize(target, target=True)] for _, target in pairs])
    padding = model.tokenizer.pad_token_id or 0
    inputs = {
        "input_ids": sources.where(sources >= 0, padding).to(device),
        "attention_mask": (sources >= 0).long().to(device),
        "decoder_input_ids": targets.where(targets >= 0, padding).to(device),
    }
    real = (targets >= 0).to(device)
    return Reading(inputs=inputs, real=real, counted=real, texts=tuple(pairs))


def _padded(rows: list[list[int]]) -> Tensor:
    """Rows of one length; −1 where there is nothing."""
    longest = max(map(len, rows))
    return torch.tensor([row + [-1] * (longest - len(row)) for row in rows])


def _has_gaps(model: LanguageModel) -> bool:
    return set(SENTINELS) <= set(model.tokenizer.get_vocab())


def _gapped(text: str, random: np.random.Generator) -> tuple[str, str]:
    """A passage with four gaps of one to three words, and what they hold (Raffel et al. 2020)."""
    words = text.split()[:SOURCE_WORDS]
    part = len(words) // len(SENTINELS)
    source, target = [], []
    for number, sentinel in enumerate(SENTINELS):
        mine = words[number * part : (number + 1) * part]
        start, length = int(random.integers(2, part - 4)), int(random.integers(1, 4))
        source += [*mine[:start], sentinel, *mine[start + length :]]
        target += [sentinel, *mine[start : start + length]]
    return " ".join(source), " ".join(target)


def _repeated(text: str, _random: np.random.Generator) -> tuple[str, str]:
    words = " ".join(text.split()[: SOURCE_WORDS // 2])
    return words, words
