"""How well a model expected a text: each token's probability, rank and surprise, and what they add up to.

Surprise is −log₂ of the probability, in bits (Shannon 1948). Perplexity is 2 to the mean surprise (Jelinek et al.
1977); bits per byte divide the whole surprise by the bytes of the text, so models with different vocabularies can be
compared. Masked models have no next-token probability: each token is hidden in turn and guessed from all the others;
that gives the pseudo-likelihood of Salazar et al. 2020 ("Masked Language Model Scoring"), no probability of the text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Float32, Int
from torch import Tensor

from models.errors import InputError, Unsupported
from models.language_model import LanguageModel
from models.sampling import entropy_bits
from models.tokens import Token
from models.trace import Trace

ROWS = 64  # logit rows in memory at once
HIDDEN_AT_ONCE = 4_096  # tokens in one batch of masked copies
LONGEST_MASKED = 512


@dataclass(frozen=True, eq=False, kw_only=True)
class Reading:
    """The tokens of a text that could be judged, and how each was expected.

    `positions` are their places among `tokens`; `surprise` in bits, `rank` 1 is the likeliest, `entropy` in bits is how
    unsure the model was before it saw the token. `pseudo` marks a masked model's pseudo-likelihood.
    """

    tokens: tuple[Token, ...]
    positions: Int[np.ndarray, " judged"]
    surprise: Float[np.ndarray, " judged"]
    rank: Int[np.ndarray, " judged"]
    entropy: Float[np.ndarray, " judged"]
    bytes: int
    pseudo: bool

    @property
    def bits(self) -> float:
        """The surprise of the whole text, bits."""
        return float(self.surprise.sum())

    @property
    def perplexity(self) -> float:
        """As uncertain, token by token, as a choice among so many equally likely ones."""
        return float(2 ** self.surprise.mean())

    @property
    def bits_per_byte(self) -> float:
        """The whole surprise over the UTF-8 bytes of the judged text."""
        return self.bits / self.bytes

    def most_surprising(self, count: int) -> list[int]:
        """Indices into the arrays of the largest surprises, largest first."""
        return [int(place) for place in np.argsort(-self.surprise, kind="stable")[:count]]


def read(trace: Trace) -> Reading:
    """Judge every token a decoder could expect: all but the first of what it reads.

    Raises InputError where there is nothing to judge, Unsupported for a masked model (see `read_masked`).
    """
    if trace.kind == "encoder":
        raise Unsupported(f"{trace.model} has no next-token probabilities; its pseudo-likelihood can be worked out.")
    tokens = trace.target_tokens or trace.tokens
    positions = np.arange(1, len(tokens))
    if len(positions) == 0:
        what = "target" if trace.target_tokens else "text"
        raise InputError(f"The {what} has one token and nothing before it to expect it from: type a longer {what}.")
    ids = [token.id for token in tokens]
    found = [
        judged(trace.logits_of(slice(first, first + ROWS)), ids[first + 1 : first + 1 + ROWS])
        for first in range(0, len(positions), ROWS)
    ]
    return _reading(trace.target if trace.target_tokens else trace.text, tokens, positions, found, pseudo=False)


def read_masked(model: LanguageModel, text: str) -> Iterator[Reading | tuple[int, int]]:
    """The pseudo-likelihood of a text under a masked model: (done, of all) while it is worked out, then the reading."""
    if model.kind != "encoder" or model.tokenizer.mask_token_id is None:
        raise Unsupported(f"{model.name} has no mask token, so it cannot be asked to guess a hidden one.")
    tokens = model.tokenize(text)
    positions = [place for place, token in enumerate(tokens) if not token.special]
    if not positions:
        raise InputError("There is no text to judge: type at least one word.")
    if len(tokens) > min(model.context or LONGEST_MASKED, LONGEST_MASKED):
        raise InputError(f"Pseudo-likelihood runs the model once per token: use at most {LONGEST_MASKED} tokens.")
    together = max(1, HIDDEN_AT_ONCE // len(tokens))
    found = []
    for first in range(0, len(positions), together):
        yield first, len(positions)
        found.append(_guessed(model, tokens, positions[first : first + together]))
    yield _reading(text, tokens, np.array(positions), found, pseudo=True)


Judged = tuple[np.ndarray, np.ndarray, np.ndarray]


def judged(logits: Float32[np.ndarray, "judged vocab"], ids: Sequence[int]) -> Judged:
    """Surprise (bits), rank and entropy (bits) of each token under its row of logits; further rows are dropped."""
    rows, chosen = logits[: len(ids)].astype(np.float64), np.array(ids)
    own = np.take_along_axis(rows, chosen[:, None], 1)
    highest = rows.max(1, keepdims=True)
    weights = np.exp(rows - highest)
    total = weights.sum(1, keepdims=True)
    surprise = (np.log(total) + highest - own)[:, 0] / np.log(2)
    ahead = (rows > own).sum(1)
    return surprise, ahead + 1, np.asarray(entropy_bits(weights / total))


@torch.no_grad()
def _guessed(model: LanguageModel, tokens: Sequence[Token], positions: Sequence[int]) -> Judged:
    device = model.network.get_input_embeddings().weight.device
    ids = torch.tensor([[token.id for token in tokens]] * len(positions), device=device)
    row = torch.arange(len(positions), device=device)
    hidden = torch.tensor(positions, device=device)
    masked: Tensor = ids.clone()
    masked[row, hidden] = model.tokenizer.mask_token_id
    with model.lock:
        logits = model.network(input_ids=masked).logits[row, hidden]
    return judged(logits.float().cpu().numpy(), ids[row, hidden].tolist())


def _reading(
    text: str, tokens: tuple[Token, ...], positions: np.ndarray, found: Sequence[Judged], *, pseudo: bool
) -> Reading:
    surprise, rank, entropy = (np.concatenate(parts) for parts in zip(*found, strict=True))
    first = tokens[int(positions[0])]
    covered = len(text[first.start :].encode("utf-8", "surrogatepass"))
    # The first judged token may be the rest of a character that began in a token nobody could expect.
    given = sum(len(token.bytes) for token in tokens[: int(positions[0])] if token.group == first.group)
    return Reading(
        tokens=tokens,
        positions=positions,
        surprise=surprise,
        rank=rank,
        entropy=entropy,
        bytes=max(1, covered - given),
        pseudo=pseudo,
    )
