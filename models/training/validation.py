"""How good a model is on held-out books, measured on the network as it will be saved."""

from dataclasses import dataclass
from math import log

import numpy as np
import torch
from jaxtyping import Int64
from tokenizers import Tokenizer

from models.training.loss import row_losses
from models.training.objectives import OBJECTIVES
from models.training.presets import Network, Preset

WINDOWS = 96
SEED = 20


@dataclass(frozen=True)
class Score:
    """`loss` decides which weights are kept; `figures` are what the model card reports."""

    loss: float
    figures: dict[str, float]


def windows(tokens: np.ndarray, length: int, count: int = WINDOWS) -> Int64[np.ndarray, "window position"]:
    """Evenly spaced windows of `length` tokens; fewer than `count` where the text is short, never overlapping."""
    count = max(1, min(count, len(tokens) // length))
    starts = np.linspace(0, len(tokens) - length, count).astype(int)
    return np.stack([tokens[start : start + length] for start in starts]).astype(np.int64)


@torch.no_grad()
def score(preset: Preset, network: Network, held_out: np.ndarray, tokenizer: Tokenizer) -> Score:
    """The figures of a plain float32 network on `held_out` token ids; the same text gives the same figures."""
    random = np.random.default_rng(SEED)
    losses, right, targets = [], [], []
    for batch in np.array_split(windows(held_out, preset.context + 1), 12):
        if len(batch) == 0:
            continue
        hidden, aims = OBJECTIVES[preset.objective](network, batch, random)
        weight = network.get_output_embeddings().weight
        losses.append(row_losses(hidden, weight, aims))
        right.append((hidden @ weight.T).argmax(-1) == aims)
        targets.append(aims)
    loss, accuracy = torch.cat(losses), torch.cat(right).float().mean()
    if preset.objective == "next":
        bits = bits_per_byte(loss, torch.cat(targets), tokenizer)
        return Score(bits, {"bits_per_byte": bits, "next_token_accuracy": float(accuracy)})
    bits = float(loss.mean()) / log(2)
    return Score(bits, {"bits_per_token": bits, f"{preset.objective}_token_accuracy": float(accuracy)})


def bits_per_byte(losses: torch.Tensor, targets: torch.Tensor, tokenizer: Tokenizer) -> float:
    """The total of `losses` (nats) in bits, over the bytes that `targets` spell; the end of a text counts 0 bytes."""
    return float(losses.double().sum()) / log(2) / int(token_bytes(tokenizer)[targets.cpu().numpy()].sum())


def token_bytes(tokenizer: Tokenizer) -> Int64[np.ndarray, " vocab"]:
    """The bytes each token spells: in a byte-level vocabulary every character of a piece stands for one byte."""
    special = set(tokenizer.get_added_tokens_decoder())
    size = tokenizer.get_vocab_size()
    return np.array(
        [0 if entry in special else len(str(tokenizer.id_to_token(entry))) for entry in range(size)], np.int64
    )
