"""How the next token is sampled: the settings, and what they do to the distribution over the whole vocabulary.

The rules are transformers' own logits processors, in the order `generate` applies them:

    repetition penalty → temperature → top-k → top-p → min-p → typical-p

The penalty and the temperature change scores; the other four cut. Each cut is put down to the rule that made it.
"""

import dataclasses
import math
import numbers
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Float32, Int, Int8
from transformers import (
    LogitsProcessor,
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
    TypicalLogitsWarper,
)

from models.errors import InputError
from models.translation import _, number

# The rule that cut a token is an index into RULES, 0 for a token that is kept.
RULES = ("", "repetition penalty", "temperature", "top-k", "top-p", "min-p", "typical-p", "greedy")
KEPT, TOP_P, GREEDY = 0, RULES.index("top-p"), RULES.index("greedy")

LIMITS: dict[str, tuple[float, float]] = {
    "temperature": (0.0, 100.0),
    "top_k": (0, 10_000_000),
    "top_p": (0.0, 1.0),
    "min_p": (0.0, 1.0),
    "typical_p": (0.0, 1.0),
    "repetition_penalty": (0.0, 100.0),
    "seed": (0, 2**63 - 1),
}
WHOLE = {"top_k", "seed"}
ABOVE_ZERO = {"top_p", "typical_p", "repetition_penalty"}  # for each of them 1 means off
MIN_TEMPERATURE = 0.001  # below this the scores overflow float32; 0 itself means greedy


@dataclass(frozen=True)
class Sampling:
    """The sampling settings; checked when made.

    temperature 0.001 to 100, or 0 for greedy · top_k 0 (off) or more · top_p, typical_p above 0 up to 1 (off) ·
    min_p 0 (off) to 1 · repetition_penalty above 0 up to 100, 1 is off · seed a whole number ≥ 0.

    Raises InputError naming the argument and its range.
    """

    temperature: float | int = 1.0
    top_k: float | int = 0
    top_p: float | int = 1.0
    min_p: float | int = 0.0
    typical_p: float | int = 1.0
    repetition_penalty: float | int = 1.0
    seed: float | int = 0
    greedy: bool = False

    def __post_init__(self) -> None:
        for name in LIMITS:
            object.__setattr__(self, name, _checked(name, getattr(self, name)))
        if 0 < self.temperature < MIN_TEMPERATURE:
            raise InputError(
                _("temperature must be 0 (greedy) or between {lowest} and 100.", lowest=number(MIN_TEMPERATURE, 3))
            )

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Sampling":
        """From values that come from outside (a request, a form): unknown names are ignored, None means the default."""
        known = {
            field.name: values[field.name] for field in dataclasses.fields(cls) if values.get(field.name) is not None
        }
        if not isinstance(known.get("greedy", False), bool):
            raise InputError(_("greedy must be true or false."))
        known |= {name: _checked(name, known[name]) for name in LIMITS.keys() & known.keys()}
        return cls(**known)

    @property
    def is_greedy(self) -> bool:
        """Always the likeliest token: asked for, or temperature 0."""
        return self.greedy or self.temperature == 0

    def seeded(self, seed: int) -> "Sampling":
        return dataclasses.replace(self, seed=seed)

    def rules(self) -> tuple[tuple[int, LogitsProcessor], ...]:
        """The rules in force, as (index into RULES, transformers' processor), in the order `generate` applies them."""
        return tuple((rule, _processor(rule, value)) for rule, value in self._active())

    def rule_names(self) -> tuple[str, ...]:
        """The rules in force, in order, greedy choice included."""
        return tuple(RULES[rule] for rule, _ in self._active()) + ((RULES[GREEDY],) if self.is_greedy else ())

    def _active(self) -> list[tuple[int, Any]]:
        penalty = [(1, self.repetition_penalty)] if self.repetition_penalty != 1 else []
        if self.is_greedy:
            return penalty  # as in `generate`: without sampling, nothing but the penalty applies
        settings = (self.temperature, self.top_k, self.top_p, self.min_p, self.typical_p)
        off = (1.0, 0, 1.0, 0.0, 1.0)
        return penalty + [
            (rule, value)
            for rule, value, neutral in zip(range(2, GREEDY), settings, off, strict=True)
            if value != neutral
        ]


def _checked(name: str, value: object) -> float | int:
    low, high = LIMITS[name]
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise _out_of_range(name)
    value = float(value) if not isinstance(value, int) else value
    if not math.isfinite(value):
        raise _out_of_range(name)
    if not low <= value <= high or (name in ABOVE_ZERO and value <= low) or (name in WHOLE and value != int(value)):
        raise _out_of_range(name)
    return int(value) if name in WHOLE else float(value)


def _out_of_range(name: str) -> InputError:
    low, high = LIMITS[name]
    values = {"name": name, "low": f"{low:g}", "high": f"{high:.15g}"}
    if name in WHOLE:
        return InputError(_("{name} must be a whole number from {low} to {high}.", **values))
    if name in ABOVE_ZERO:
        return InputError(_("{name} must be a number above {low} to {high}; 1 means off.", **values))
    return InputError(_("{name} must be a number from {low} to {high}.", **values))


def _processor(rule: int, value: Any) -> LogitsProcessor:
    kinds: dict[str, Callable[[Any], LogitsProcessor]] = {
        "repetition penalty": RepetitionPenaltyLogitsProcessor,
        "temperature": TemperatureLogitsWarper,
        "top-k": TopKLogitsWarper,
        "top-p": TopPLogitsWarper,
        "min-p": MinPLogitsWarper,
        "typical-p": TypicalLogitsWarper,
    }
    return kinds[RULES[rule]](int(value) if RULES[rule] == "top-k" else value)


@dataclass(frozen=True)
class Candidate:
    """One token in a distribution. Probabilities 0 to 1; `rank` 1 is the likeliest before any rule."""

    id: int
    logit: float
    probability: float
    final_probability: float
    rank: int
    kept: bool
    cut_by: str


@dataclass(frozen=True, eq=False)
class Distribution:
    """Next-token probabilities over the whole vocabulary, before and after the rules.

    `probability` is the model's own, `final_probability` the one drawn from, `offered` the one top-p adds up (after
    penalty, temperature and top-k). `cut_by_index` is the rule that cut a token: an index into RULES, 0 for kept.
    Arrays are read-only.
    """

    sampling: Sampling
    logits: Float32[np.ndarray, " vocab"]
    probability: Float32[np.ndarray, " vocab"]
    offered: Float32[np.ndarray, " vocab"]
    final_probability: Float32[np.ndarray, " vocab"]
    cut_by_index: Int8[np.ndarray, " vocab"]

    def __post_init__(self) -> None:
        for field in ("logits", "probability", "offered", "final_probability", "cut_by_index"):
            getattr(self, field).setflags(write=False)

    @property
    def kept(self) -> np.ndarray:
        """Per token, whether it is still in the draw."""
        return self.cut_by_index == KEPT

    @property
    def entropy(self) -> float:
        """Uncertainty before any rule, bits."""
        return entropy_bits(self.probability)

    @property
    def final_entropy(self) -> float:
        """Uncertainty of the draw itself, bits."""
        return entropy_bits(self.final_probability) if self.sampling.rule_names() else self.entropy

    def top(self, limit: int) -> tuple[Candidate, ...]:
        """The `limit` likeliest tokens before any rule, likeliest first; equal ones in order of id."""
        return self._candidates(largest(self.logits, limit), 1)

    def of(self, token: int) -> Candidate:
        """One token's probabilities and rank. Raises InputError for an id outside the vocabulary."""
        if not 0 <= token < len(self.logits):
            last = str(len(self.logits) - 1)
            raise InputError(
                _("Token id {token} is outside the vocabulary (0 to {last}).", token=str(token), last=last)
            )
        ahead = (self.logits > self.logits[token]).sum() + (self.logits[:token] == self.logits[token]).sum()
        return self._candidates(np.array([token]), int(ahead) + 1)[0]

    def draw(self, position: int, seed: int | None = None) -> int:
        """The token this seed gives at this position, by default the seed of the settings; see `draw`."""
        return draw(self.final_probability, int(self.sampling.seed if seed is None else seed), position)

    def _candidates(self, tokens: Int[np.ndarray, " rank"], first_rank: int) -> tuple[Candidate, ...]:
        arrays = (self.logits, self.probability, self.final_probability, self.cut_by_index)
        rows = zip(tokens.tolist(), *(array[tokens].tolist() for array in arrays), strict=True)
        return tuple(
            Candidate(
                id=token,
                logit=logit,
                probability=probability,
                final_probability=final,
                rank=rank,
                kept=cut_by == KEPT,
                cut_by=RULES[cut_by],
            )
            for rank, (token, logit, probability, final, cut_by) in enumerate(rows, start=first_rank)
        )


def distribution(
    logits: Float[np.ndarray, " vocab"] | Float[torch.Tensor, " vocab"],
    sampling: Sampling,
    context_ids: Sequence[int] = (),
) -> Distribution:
    """Apply `sampling` to one row of logits; `context_ids` are the tokens so far (for the repetition penalty)."""
    row = logits.detach() if isinstance(logits, torch.Tensor) else torch.tensor(logits)
    (result,) = distributions(row.float().reshape(1, -1), sampling, [context_ids])
    return result


def distributions(
    logits: Float[torch.Tensor, "row vocab"], sampling: Sampling, contexts: Sequence[Sequence[int]]
) -> list[Distribution]:
    """As `distribution`, for several rows with the same settings at once (the seed plays no part here)."""
    ids = _context_tensor(contexts, logits.shape[-1], logits.device)
    scores = offered = raw = logits.float()
    cut_by = torch.zeros(raw.shape, dtype=torch.int8, device=raw.device)
    for rule, processor in sampling.rules():
        if ids is None and rule == 1:
            continue  # nothing said yet, nothing to repeat
        passed = processor(ids, scores)
        cut_by = torch.where(torch.isneginf(passed) & ~torch.isneginf(scores), rule, cut_by).to(torch.int8)
        scores = passed
        offered = scores if rule < TOP_P else offered
    if sampling.is_greedy:
        best = torch.zeros_like(cut_by, dtype=torch.bool).scatter_(-1, scores.argmax(-1, keepdim=True), value=True)
        cut_by = torch.where(best, KEPT, GREEDY).to(torch.int8)
        scores = scores.masked_fill(~best, -torch.inf)
    probability = torch.softmax(raw, -1)
    untouched = offered is raw
    seen = probability if untouched else torch.softmax(offered, -1)
    final = probability if scores is raw else seen if scores is offered else torch.softmax(scores, -1)
    parts = (raw, probability, seen, final, cut_by)
    brought = {id(part): part.cpu().numpy() for part in parts}  # what is the same twice leaves the device once
    return [Distribution(sampling, *(brought[id(part)][row] for part in parts)) for row in range(len(raw))]


def _context_tensor(
    contexts: Sequence[Sequence[int]], vocab: int, device: torch.device
) -> Int[torch.Tensor, "row position"] | None:
    """Ragged contexts as one tensor, filled up with an id past the vocabulary, which the penalty ignores."""
    longest = max((len(context) for context in contexts), default=0)
    if longest == 0:
        return None
    return torch.tensor([[*context, *[vocab] * (longest - len(context))] for context in contexts], device=device)


def draw(probability: Float[np.ndarray, " vocab"], seed: int, position: int) -> int:
    """Draw a token with these probabilities; the noise depends on (seed, position) and nothing else.

    An exponential race: the smallest Eᵢ / pᵢ wins, Eᵢ standard exponential, which happens with probability pᵢ. The
    same as taking the largest log pᵢ + Gumbel noise (Maddison et al. 2014, "A* sampling"). Because the noise belongs to
    a position in the text and not to a shared stream, a seed gives the same text alone and in a batch.
    """
    return int(np.argmin(arrival_times(probability, seed, position)))


def arrival_times(probability: Float[np.ndarray, " vocab"], seed: int, position: int) -> Float[np.ndarray, " vocab"]:
    """Per token its arrival time in the race (arbitrary units, smaller is earlier, ∞ where the probability is 0)."""
    # Double precision: in single, one draw in eight million is exactly 0, and its token would always win.
    noise = np.random.Generator(np.random.Philox(key=[seed, position])).standard_exponential(len(probability))
    return np.divide(noise, probability, out=np.full(len(noise), np.inf), where=probability > 0)


def entropy_bits(probability: Float[np.ndarray, "*position vocab"]) -> Any:
    """Shannon entropy in bits over the last axis; 0 · log 0 counts as 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(probability > 0, probability * np.log2(probability), 0)
    total = 0.0 - terms.sum(-1, dtype=np.float64)
    return float(total) if probability.ndim == 1 else total


def largest(values: Float[np.ndarray, " vocab"], limit: int) -> Int[np.ndarray, " rank"]:
    """Positions of the `limit` largest values, largest first; equal ones in order of position."""
    limit = max(0, min(limit, len(values)))
    if limit == 0:
        return np.zeros(0, dtype=np.int64)
    smallest_taken = np.partition(values, len(values) - limit)[len(values) - limit]
    chosen = np.flatnonzero(values >= smallest_taken)
    return chosen[np.lexsort((chosen, -values[chosen]))][:limit]
