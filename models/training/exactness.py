"""How often a model writes exactly the missing text of a gap."""

import numpy as np
import torch

from models.training.gaps import Passages, corrupted
from models.training.objectives import MEASURED_PASSAGES
from models.training.presets import Network
from models.training.tokenizer import END_ID, FIRST_SENTINEL_ID, PAD_ID, SENTINELS
from models.training.validation import SEED, windows

PASSAGE = 64
"""Tokens of a passage: about 45 words with four gaps."""


ANY_NUMBER = Passages(each=4, more=0.1, gaps=(1, 8))


def gap_exact_match(network: Network, held_out: np.ndarray, passages: int = 192) -> float:
    """Share of gaps, 0 to 1, whose text is written without a mistake, decoding greedily from the passage alone."""
    answers = _answered(network, windows(held_out, PASSAGE, passages), MEASURED_PASSAGES)
    right = [answer.get(gap) == text for answer, wanted in answers for gap, text in wanted.items()]
    return sum(right) / len(right)


def gap_names_match(network: Network, held_out: np.ndarray, passages: int = 192) -> float:
    """Share of passages with one to eight gaps whose answer names every gap and no other."""
    answers = _answered(network, windows(held_out, PASSAGE, passages), ANY_NUMBER)
    return sum(answer.keys() == wanted.keys() for answer, wanted in answers) / len(answers)


@torch.no_grad()
def _answered(
    network: Network, rows: np.ndarray, passages: Passages
) -> list[tuple[dict[int, list[int]], dict[int, list[int]]]]:
    """The texts a network writes for the gaps of each passage, and the missing ones, by the gap's number."""
    sources, targets = corrupted(rows, np.random.default_rng(SEED), passages)
    written = network.generate(
        torch.from_numpy(sources), max_new_tokens=targets.shape[1] + 8, do_sample=False,
        pad_token_id=PAD_ID, eos_token_id=END_ID,
    )  # fmt: skip
    pairs = zip(written.tolist(), targets.tolist(), strict=True)
    return [(gap_texts(row), gap_texts(target)) for row, target in pairs]


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
