"""Looks for the two best known kinds of heads in a decoder: previous-token heads and induction heads."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float

from models.attention.head_scores import INDUCTION_REPEATS, INDUCTION_TOKENS, induction, previous_token
from models.training.presets import Network
from models.training.tokenizer import FIRST_ORDINARY_ID
from models.training.validation import windows

SEQUENCES = 16
SEED = 3


Score = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Head:
    """A head, counted from 0, and its score: mean attention, 0 to 1, on the place that gives its kind the name."""

    layer: int
    head: int
    score: float


def ranked(scores: Float[np.ndarray, "layer head"]) -> list[Head]:
    """All heads, strongest first."""
    layers, heads = np.unravel_index(np.argsort(scores, axis=None)[::-1], scores.shape)
    return [Head(int(layer), int(head), float(scores[layer, head])) for layer, head in zip(layers, heads, strict=True)]


def previous_token_scores(network: Network, held_out: np.ndarray) -> Float[np.ndarray, "layer head"]:
    """Mean attention to the token just before, over windows of ordinary text."""
    rows = windows(held_out, min(128, len(held_out)), SEQUENCES)
    return _scores(network, rows, previous_token)


def induction_scores(network: Network) -> Float[np.ndarray, "layer head"]:
    """Mean attention to what followed earlier copies of a token, on random tokens that repeat (Olsson et al. 2022)."""
    random = np.random.default_rng(SEED)
    once = random.integers(FIRST_ORDINARY_ID, network.config.vocab_size, (SEQUENCES, INDUCTION_TOKENS))
    return _scores(network, np.tile(once, (1, INDUCTION_REPEATS)), induction)


@torch.no_grad()
def repeated_bits(network: Network) -> tuple[float, float]:
    """Bits per token on random tokens, the first time and when they repeat: what induction is good for."""
    random = np.random.default_rng(SEED)
    once = random.integers(FIRST_ORDINARY_ID, network.config.vocab_size, (SEQUENCES, INDUCTION_TOKENS))
    rows = torch.from_numpy(np.tile(once, (1, 2)))
    logits = network(input_ids=rows[:, :-1]).logits
    loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), rows[:, 1:].flatten(), reduction="none")
    bits = loss.view(SEQUENCES, -1) / np.log(2)
    return float(bits[:, : INDUCTION_TOKENS - 1].mean()), float(bits[:, INDUCTION_TOKENS:].mean())


@torch.no_grad()
def _scores(network: Network, rows: np.ndarray, score: Score) -> Float[np.ndarray, "layer head"]:
    network.set_attn_implementation("eager")  # only it hands out patterns
    try:
        patterns = network(input_ids=torch.from_numpy(rows), output_attentions=True).attentions
    finally:
        network.set_attn_implementation("sdpa")
    places = np.arange(rows.shape[1])
    return np.array(
        [
            np.mean([score(row.numpy(), places, ids) for row, ids in zip(layer, rows, strict=True)], axis=0)
            for layer in patterns  # each (row, head, query, key)
        ]
    )
