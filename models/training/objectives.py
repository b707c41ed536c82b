"""What each kind of model learns: the next token, the masked tokens, or the text missing from a passage with gaps."""

from collections.abc import Callable

import numpy as np
import torch
from jaxtyping import Float, Int64
from torch import Tensor

from models.training.gaps import Passages, corrupted
from models.training.loss import IGNORED
from models.training.presets import Network
from models.training.tokenizer import FIRST_ORDINARY_ID, MASK_ID, PAD_ID, VOCABULARY

MASKED_SHARE = 0.15
TRAINING_SHARE = 0.30
"""While training, more words are hidden than when measured: more to learn from each row (Wettig et al. 2023)."""

MEASURED_PASSAGES = Passages(each=4, more=0.1, gaps=(4, 4))
TRAINING_PASSAGES = (
    Passages(each=2, more=0.16, gaps=(5, 16)),
    Passages(each=2, more=0.16, gaps=(5, 16)),
    Passages(each=4, more=0.1, gaps=(1, 8)),
    Passages(each=8, more=0.1, gaps=(1, 5)),
    Passages(each=16, more=0.1, gaps=(1, 3)),
)
"""Long passages with many gaps teach most; people type short ones."""

MIN_PASSAGE_TOKENS = 8
"""Tokens in the shortest passage that can have a gap with text around it."""

Scored = tuple[Float[Tensor, "target width"], Int64[Tensor, " target"]]
"""Hidden states as the output layer reads them, and the token each should give."""

Rows = Int64[np.ndarray, "row position"]


def next_token(network: Network, rows: Rows, _: np.random.Generator) -> Scored:
    """Every token from those before it; rows are one token longer than the context."""
    tokens = torch.from_numpy(rows).to(network.device)
    hidden = network.base_model(input_ids=tokens[:, :-1], use_cache=False).last_hidden_state
    return hidden.flatten(0, 1), tokens[:, 1:].flatten()


def mask(
    rows: Rows, random: np.random.Generator, *, share: float = MASKED_SHARE, vocabulary: int = VOCABULARY
) -> tuple[Rows, Int64[np.ndarray, "row masked"]]:
    """Rows with a `share` of positions hidden, and those positions.

    Of the hidden, 80 % show the mask, 10 % another token and 10 % themselves (Devlin et al. 2019, BERT).
    """
    count = max(1, round(rows.shape[1] * share))
    hidden = np.sort(np.argsort(random.random(rows.shape), axis=1)[:, :count], axis=1)  # (row, masked)
    drawn = random.random(hidden.shape)
    others = random.integers(FIRST_ORDINARY_ID, vocabulary, hidden.shape)
    kept = np.take_along_axis(rows, hidden, axis=1)
    shown = np.where(drawn < 0.8, MASK_ID, np.where(drawn < 0.9, others, kept))
    masked = rows.copy()
    np.put_along_axis(masked, hidden, shown, axis=1)
    return masked, hidden


def masked_tokens(network: Network, rows: Rows, random: np.random.Generator) -> Scored:
    """The hidden tokens from all others, before and after; rows are one token longer than the context."""
    rows = rows[:, :-1]
    share = TRAINING_SHARE if network.training else MASKED_SHARE
    masked, positions = mask(rows, random, share=share, vocabulary=network.config.vocab_size)
    hidden = network.base_model(input_ids=torch.from_numpy(masked).to(network.device)).last_hidden_state
    places = torch.from_numpy(positions).to(network.device)
    chosen = torch.take_along_dim(hidden, places.unsqueeze(-1), dim=1).flatten(0, 1)  # (row · masked, width)
    targets = torch.from_numpy(np.take_along_axis(rows, positions, axis=1)).to(network.device)
    return chosen, targets.flatten()


def gap_text(network: Network, rows: Rows, random: np.random.Generator) -> Scored:
    """The text of the gaps from the passage around them; rows are one token longer than the context."""
    rows = rows[:, :-1]
    kinds = TRAINING_PASSAGES if network.training else (MEASURED_PASSAGES,)
    passages = kinds[random.integers(len(kinds))]
    each = min(passages.each, rows.shape[1] // MIN_PASSAGE_TOKENS)
    sources, targets = corrupted(rows.reshape(len(rows) * each, -1), random, passages)
    encoded = network.encoder(input_ids=torch.from_numpy(sources).to(network.device)).last_hidden_state
    wanted = torch.from_numpy(targets).to(network.device)
    before = torch.nn.functional.pad(wanted.where(wanted != IGNORED, PAD_ID)[:, :-1], (1, 0), value=PAD_ID)
    hidden = network.decoder(input_ids=before, encoder_hidden_states=encoded, use_cache=False).last_hidden_state
    return (hidden * network.config.d_model**-0.5).flatten(0, 1), wanted.flatten()


OBJECTIVES: dict[str, Callable[[Network, Rows, np.random.Generator], Scored]] = {
    "next": next_token,
    "masked": masked_tokens,
    "gaps": gap_text,
}
