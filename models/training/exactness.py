"""How often a model writes exactly the missing text of a gap."""

import numpy as np
import torch

from models.training.gaps import corrupted
from models.training.objectives import MEASURED_PASSAGES
from models.training.presets import Network
from models.training.tokenizer import END_ID, FIRST_SENTINEL_ID, PAD_ID, SENTINELS
from models.training.validation import SEED, windows

PASSAGE = 64
"""Tokens of a passage: about 45 words with four gaps."""


@torch.no_grad()
def gap_exact_match(network: Network, held_out: np.ndarray, passages: int = 192) -> float:
    """Share of gaps, 0 to 1, whose text is written without a mistake, decoding greedily from the passage alone."""
    sources, targets = corrupted(windows(held_out, PASSAGE, passages), np.random.default_rng(SEED), MEASURED_PASSAGES)
    written = network.generate(
        torch.from_numpy(sources), max_new_tokens=targets.shape[1] + 8, do_sample=False,
        pad_token_id=PAD_ID, eos_token_id=END_ID,
    )  # fmt: skip
    right = total = 0
    for row, target in zip(written.tolist(), targets.tolist(), strict=True):
        answers, wanted = gap_texts(row), gap_texts(target)
        right += sum(answers.get(gap) == text for gap, text in wanted.items())
        total += len(wanted)
    return right / total


def gap_texts(ids: list[int]) -> dict[int, list[int]]:
    """The tokens after each sentinel, by the sentinel's number.

    [<0> 8 9 <1> 11 <end>] gives {0: [8, 9], 1: [11]}.
    """
    texts: dict[int, list[int]] = {}
    current: list[int] = []
    for token in ids:
        number = token - FIRST_SENTINEL_ID
        if token == END_ID:
            break
        if 0 <= number < len(SENTINELS):
            current = texts.setdefault(number, [])
        elif token != PAD_ID:
            current.append(token)
    return texts
