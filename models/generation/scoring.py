"""How well a model expected a text: each token's surprisal, rank and entropy, and the totals.

Surprisal is −log₂ of the probability, in bits (Shannon 1948). Perplexity is 2 to the mean surprisal (Jelinek et al.
1977); bits per byte divide the total surprisal by the bytes of the text, so models with different vocabularies can be
compared. Masked models have no next-token probability: each token is masked in turn and predicted from all the others;
that gives the pseudo-likelihood of Salazar et al. 2020 ("Masked Language Model Scoring"), no probability of the text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Float32, Int
from torch import Tensor

from models.engine.cache import derived
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.errors import InputError, Unsupported
from models.generation.sampling import Candidate, Sampling, distribution, entropy_bits
from models.text.tokens import Token
from models.translation import _

LOGIT_ROWS = 64  # logit rows in memory at once
MASKED_BATCH_TOKENS = 4_096  # tokens in one batch of masked copies
MAX_MASKED_TOKENS = 512


@dataclass(frozen=True, eq=False, kw_only=True)
class TokenScores:
    """The tokens of a text that have a score, and their scores.

    `positions` are theirs among `tokens`; `surprisal` in bits, `rank` 1 is the likeliest, `entropy` in bits is how
    uncertain the model was before it saw the token. `pseudo` marks a masked model's pseudo-likelihood.
    """

    tokens: tuple[Token, ...]
    positions: Int[np.ndarray, " scored"]
    surprisal: Float[np.ndarray, " scored"]
    rank: Int[np.ndarray, " scored"]
    entropy: Float[np.ndarray, " scored"]
    bytes: int
    pseudo: bool

    @property
    def bits(self) -> float:
        """The total surprisal, bits."""
        return float(self.surprisal.sum())

    @property
    def perplexity(self) -> float:
        """As uncertain, token by token, as a choice among so many equally likely ones."""
        return float(2 ** self.surprisal.mean())

    @property
    def bits_per_byte(self) -> float:
        """The total surprisal over the UTF-8 bytes of the scored text."""
        return self.bits / self.bytes

    def highest_surprisal(self, count: int) -> list[int]:
        """Indices into the arrays of the highest surprisal, highest first."""
        return [int(index) for index in np.argsort(-self.surprisal, kind="stable")[:count]]


def score(trace: Trace) -> TokenScores:
    """Score every token that has context before it: all but the first.

    Raises InputError where there is nothing to score, Unsupported for a masked model (see `score_masked`).
    """
    if trace.kind == "encoder":
        raise Unsupported(
            _("{model} has no next-token probabilities; its pseudo-likelihood can be computed.", model=trace.model)
        )
    tokens = trace.target_tokens or trace.tokens
    positions = np.arange(1, len(tokens))
    if len(positions) == 0:
        raise InputError(
            _("The target has one token and no context before it: type a longer target.")
            if trace.target_tokens
            else _("The text has one token and no context before it: type a longer text.")
        )
    ids = [token.id for token in tokens]
    found = [
        scored(trace.logits_of(slice(first, first + LOGIT_ROWS)), ids[first + 1 : first + 1 + LOGIT_ROWS])
        for first in range(0, len(positions), LOGIT_ROWS)
    ]
    return _token_scores(trace.target if trace.target_tokens else trace.text, tokens, positions, found, pseudo=False)


def score_masked(model: LanguageModel, text: str) -> Iterator[TokenScores | tuple[int, int]]:
    """The pseudo-likelihood of a text under a masked model: (done, of all) while it is computed, then the scores."""
    if model.kind != "encoder" or model.tokenizer.mask_token_id is None:
        raise Unsupported(_("{model} has no mask token, so it cannot predict a masked one.", model=model.name))
    tokens = model.tokenize(text)
    positions = [position for position, token in enumerate(tokens) if not token.special]
    if not positions:
        raise InputError(_("There is no text to score: type at least one word."))
    if len(tokens) > min(model.context or MAX_MASKED_TOKENS, MAX_MASKED_TOKENS):
        raise InputError(
            _(
                "Pseudo-likelihood runs the model once per token: use at most {most} tokens.",
                most=MAX_MASKED_TOKENS,
            )
        )
    together = max(1, MASKED_BATCH_TOKENS // len(tokens))
    found = []
    for first in range(0, len(positions), together):
        yield first, len(positions)
        found.append(_predicted(model, tokens, positions[first : first + together]))
    yield _token_scores(text, tokens, np.array(positions), found, pseudo=True)


def scores_of(model: LanguageModel, trace: Trace) -> TokenScores:
    """The scores of what a model has read, or a masked model's pseudo-likelihood; kept with the trace.

    Raises InputError where there is nothing to score.
    """

    def all_of_it() -> TokenScores:
        if trace.kind != "encoder":
            return score(trace)
        return next(news for news in score_masked(model, trace.text) if isinstance(news, TokenScores))

    return derived(trace, ("scores",), all_of_it)


def scores_on_the_way(model: LanguageModel, trace: Trace) -> Iterator[TokenScores | tuple[int, int]]:
    """As `scores_of`, with (done, of all) while a masked model is asked; kept with the trace in the end."""
    if trace.kind == "encoder" and trace.derived.peek(("scores",)) is None:
        for news in score_masked(model, trace.text):
            if isinstance(news, TokenScores):
                found = news
                derived(trace, ("scores",), lambda: found)  # noqa: B023 - called before the next round
            else:
                yield news
    yield scores_of(model, trace)


ScoreArrays = tuple[np.ndarray, np.ndarray, np.ndarray]


def scored(logits: Float32[np.ndarray, "scored vocab"], ids: Sequence[int]) -> ScoreArrays:
    """Surprisal (bits), rank and entropy (bits) of each token under its row of logits; further rows are dropped."""
    rows, chosen = logits[: len(ids)].astype(np.float64), np.array(ids)
    own = np.take_along_axis(rows, chosen[:, None], 1)
    highest = rows.max(1, keepdims=True)
    weights = np.exp(rows - highest)
    total = weights.sum(1, keepdims=True)
    surprisal = (np.log(total) + highest - own)[:, 0] / np.log(2)
    ahead = (rows > own).sum(1)
    return surprisal, ahead + 1, np.asarray(entropy_bits(weights / total))


@torch.no_grad()
def masked_logits(
    model: LanguageModel, tokens: Sequence[Token], positions: Sequence[int]
) -> Float32[np.ndarray, "position vocab"]:
    """What a masked model predicts at each of these positions, hidden one at a time, from all other tokens."""
    device = model.network.get_input_embeddings().weight.device
    masked: Tensor = torch.tensor([[token.id for token in tokens]] * len(positions), device=device)
    row = torch.arange(len(positions), device=device)
    hidden = torch.tensor(positions, device=device)
    masked[row, hidden] = model.tokenizer.mask_token_id
    with model.lock:
        logits = model.network(input_ids=masked).logits[row, hidden]
    return np.asarray(logits.float().cpu().numpy())


def expected_behind_mask(
    model: LanguageModel, tokens: Sequence[Token], position: int, count: int = 8
) -> tuple[Candidate, ...]:
    """The likeliest tokens at a position that is hidden from a masked model, likeliest first."""
    if not 0 <= position < len(tokens) or tokens[position].special:
        raise InputError(_("Choose a token of the text."))
    return distribution(masked_logits(model, tokens, [position])[0], Sampling()).top(count)


def _predicted(model: LanguageModel, tokens: Sequence[Token], positions: Sequence[int]) -> ScoreArrays:
    return scored(masked_logits(model, tokens, positions), [tokens[position].id for position in positions])


def _token_scores(
    text: str, tokens: tuple[Token, ...], positions: np.ndarray, found: Sequence[ScoreArrays], *, pseudo: bool
) -> TokenScores:
    surprisal, rank, entropy = (np.concatenate(parts) for parts in zip(*found, strict=True))
    first = tokens[int(positions[0])]
    covered = len(text[first.start :].encode("utf-8", "surrogatepass"))
    # The first scored token may be the rest of a character that began in a token without a score.
    given = sum(len(token.bytes) for token in tokens[: int(positions[0])] if token.group == first.group)
    return TokenScores(
        tokens=tokens,
        positions=positions,
        surprisal=surprisal,
        rank=rank,
        entropy=entropy,
        bytes=max(1, covered - given),
        pseudo=pseudo,
    )
