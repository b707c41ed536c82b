"""The way from the last block's output to the logits: final norm, output embedding, scale, soft cap; found by one run.

No table of names per family: the probe notes every module call after the last block, and the chain of calls whose
input is the output of the one before is followed until the model's own logits are met. What lies between (a scale, a
soft cap, a shift) is recognised by its numbers. The chain is trusted only if it gives the model's logits back.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

import torch
from torch import Tensor, nn

from models.engine.exact import exact

Step = Callable[[Tensor], Tensor]


@dataclass(frozen=True, eq=False)
class Scale:
    """Multiplies: T5 before its output embedding, Granite and Cohere after it."""

    factor: float

    def __call__(self, values: Tensor) -> Tensor:
        return values * self.factor

    def within(self, _entries: slice | Tensor) -> "Scale":
        return self


@dataclass(frozen=True, eq=False)
class SoftCap:
    """limit · tanh(logit / limit), so that no logit leaves ±limit (Gemma 2)."""

    limit: float

    def __call__(self, values: Tensor) -> Tensor:
        return self.limit * torch.tanh(values / self.limit)

    def within(self, _entries: slice | Tensor) -> "SoftCap":
        return self


@dataclass(frozen=True, eq=False)
class Shift:
    """Adds one number per vocabulary entry: the final bias of BART's family."""

    amount: Tensor

    def __call__(self, values: Tensor) -> Tensor:
        return values + self.amount.to(values.device)

    def within(self, entries: slice | Tensor) -> "Shift":
        return Shift(self.amount.reshape(-1)[entries])


@dataclass(frozen=True, eq=False)
class Call:
    """One module call of the probe: when it started and ended, what went in and came out."""

    module: nn.Module
    start: int
    end: int
    incoming: Tensor
    outgoing: Tensor


@dataclass(frozen=True, eq=False)
class Unembedding:
    """From a residual (position, width) at the last depth to logits (position, vocab), the model's own numbers."""

    steps: tuple[Step, ...]

    def __call__(self, residual: Tensor) -> Tensor:
        for step in self.steps:
            found: Any = step(residual)
            residual = found if isinstance(found, Tensor) else found[0]  # XLM's comes in a tuple
        return residual

    @property
    def soft_capped(self) -> bool:
        """Whether the logits go through a soft cap."""
        return any(isinstance(step, SoftCap) for step in self.steps)

    def by_entries(self) -> "ByEntries | None":
        """The same way with its last matrix open to parts of the vocabulary; None where it ends in anything else."""
        before, after = list(self.steps), list[Tail]()
        while before and isinstance(step := before[-1], Scale | SoftCap | Shift):
            before, after = before[:-1], [step, *after]
        if not before or not _is_plain_matrix(matrix := before[-1]):
            return None
        return ByEntries(before=Unembedding(tuple(before[:-1])), matrix=matrix, after=tuple(after))


Tail = Scale | SoftCap | Shift


@dataclass(frozen=True, eq=False)
class ByEntries:
    """An unembedding whose last matrix can be read by parts of the vocabulary, for what follows does so too."""

    before: Unembedding
    matrix: nn.Linear
    after: tuple[Tail, ...]

    def stretches(self, residual: Tensor, size: int) -> Iterator[tuple[int, Tensor]]:
        """The logits (row, entry) of `size` vocabulary entries at a time, with the number of the first of them.

        `residual` is (row, width). All are written to one place: each is gone when the next is asked for.
        """
        weight, bias = self.matrix.weight, self.matrix.bias
        read = self.before(residual[None])[0].to(weight.device)
        room = read.new_empty(len(read) * min(size, len(weight)))
        for start in range(0, len(weight), size):
            entries = slice(start, min(start + size, len(weight)))
            found = room[: len(read) * (entries.stop - start)].view(len(read), -1)
            if bias is None:
                torch.mm(read, weight[entries].T, out=found)
            else:
                torch.addmm(bias[entries], read, weight[entries].T, out=found)
            yield start, self._after(found, entries)

    def logits_of(self, residual: Tensor, entries: Tensor) -> Tensor:
        """The logit of one vocabulary entry in each row, summed in single precision: `residual` is (row, width)."""
        read = self.before(residual[None])[0].to(self.matrix.weight.device)
        found = torch.linalg.vecdot(read.float(), self.matrix.weight[entries].float())
        if self.matrix.bias is not None:
            found += self.matrix.bias[entries]
        return self._after(found.to(read.dtype), entries)

    def _after(self, values: Tensor, entries: slice | Tensor) -> Tensor:
        for step in self.after:
            values = step.within(entries)(values)
        return values


def find_unembedding(calls: Sequence[Call], last: Tensor, logits: Tensor, soft_cap: float | None) -> Unembedding | None:
    """Follows the calls from the last block's output to the logits; None if they cannot be followed truthfully.

    `calls` in the order they started, none of them before the last block ended.
    """
    steps: list[Step] = []
    current, now = last, -1
    while (found := _next_call(calls, current, now)) is not None:
        call, factor = found
        if factor is not None:
            steps.append(Scale(factor))
        steps.append(call.module)
        current, now = call.outgoing, call.end
        if current.shape == logits.shape and (tail := _tail(current, logits, soft_cap)) is not None:
            unembedding = Unembedding((*steps, *tail))
            return unembedding if _close(unembedding(last), logits) else None
    return None


def _next_call(calls: Sequence[Call], current: Tensor, now: int) -> tuple[Call, float | None] | None:
    """The outermost call after `now` that reads `current`, as it is or multiplied by a number."""
    later = [call for call in calls if call.start > now and call.incoming.shape == current.shape]
    for call in later:
        if torch.equal(call.incoming, current):
            return call, None
    for call in later:
        factor = _ratio(current, call.incoming)
        if factor is not None:
            return call, factor
    return None


def _tail(values: Tensor, logits: Tensor, soft_cap: float | None) -> tuple[Step, ...] | None:
    """What turns the output embedding's output into the logits: nothing, a scale, a soft cap or a shift."""
    candidates: list[tuple[Step, ...]] = [()]
    if soft_cap is not None:
        candidates.append((SoftCap(soft_cap),))
    if (factor := _ratio(values, logits)) is not None:
        candidates.append((Scale(factor),))
    candidates.append((Shift((logits - values)[:, :1].clone()),))
    return next((steps for steps in candidates if _close(Unembedding(steps)(values), logits)), None)


def _ratio(before: Tensor, after: Tensor) -> float | None:
    """The number `before` was multiplied by to give `after`, if it was."""
    wide, result = exact(before), exact(after)
    factor = float((wide * result).sum() / (wide * wide).sum().clamp_min(1e-30))
    return factor if factor != 0 and _close(before * factor, after) else None


def _close(one: Tensor, other: Tensor) -> bool:
    """Equal up to the rounding of the precision the model runs in."""
    tolerance = 1e-4 if one.dtype == torch.float32 else 3e-2
    one = one.to(other.device)
    scale = float(other.float().abs().max()) or 1.0
    return bool(((one.float() - other.float()).abs().max() <= tolerance * scale).item())


def _is_plain_matrix(step: Step) -> TypeGuard[nn.Linear]:
    """A matrix whose rows can be used by themselves: not quantized, nor of a class that does more than multiply."""
    return type(step) is nn.Linear and type(step.weight) is nn.Parameter
