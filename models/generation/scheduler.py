"""Continuous batching: requests that arrive at different times share each forward pass of their model.

No worker thread: the caller that waits runs one decoding step for the whole batch. So nothing runs when nobody waits,
and a caller who closes the iterator has left the batch before the next token.

Why not transformers' continuous batching: its seed belongs to the engine, so a text would depend on the batch; it
serves only families with paged attention; and on a CPU it was slower than this (figures: tests/benchmarks/serving.py).
"""

import threading
from collections import Counter, deque
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field

import torch
from jaxtyping import Float
from torch import Tensor

from models.engine.cache import derived
from models.engine.forward import no_numbers
from models.engine.points import Intervention, current, resuming
from models.errors import Unsupported
from models.generation.batch_invariance import logit_noise, sample
from models.generation.decoding import BatchedDecoder, CachedDecoder, SequentialDecoder, agrees, reads_alone
from models.generation.detokenizer import IncrementalDetokenizer
from models.generation.generation_request import GenerationRequest, GenerativeModel, end_tokens
from models.generation.sampling import Distribution, Sampling, distribution, distributions
from models.generation.steps import Step, Waiting, step_of
from models.limits import MAX_BATCH_SIZE
from models.translation import _

KV_CACHE_BYTES = 2**30  # of the whole batch
MAX_PREFILL_TOKENS = 512  # prompt tokens read between two decoding steps


@dataclass(eq=False)
class ScheduledSequence:
    """One request, waiting or in the batch: its ids so far, and the steps its caller has not fetched yet."""

    request: GenerationRequest
    order: int
    ids: list[int]
    detokenizer: IncrementalDetokenizer
    steps: deque[Step] = field(default_factory=deque)
    finished: bool = False
    abandoned: bool = False
    error: Exception | None = None

    @property
    def over(self) -> bool:
        return self.finished or self.abandoned

    @property
    def max_length(self) -> int:
        return len(self.request.ids) + self.request.max_tokens_left


class Scheduler:
    """The batch of one model, and the requests that wait to join it."""

    def __init__(
        self,
        model: GenerativeModel,
        max_batch_size: int = MAX_BATCH_SIZE,
        intervention: Intervention | None = None,
    ) -> None:
        self.model = model
        self._intervention = intervention
        self.max_batch_size = max_batch_size
        self.max_positions = KV_CACHE_BYTES // position_bytes(model)
        self._end_tokens = end_tokens(model.network)
        self._noise = logit_noise(model.network.dtype)
        self._step_lock = threading.Lock()
        self._queue_lock = threading.Lock()  # held for an instant only
        self._waiting: list[ScheduledSequence] = []
        self._active: list[ScheduledSequence] = []
        self._order = 0
        self._readable: bool | None = None  # None until the first request: see `reads_alone`
        self._batchable: bool | None = None  # None until two requests meet: see `agrees`
        self._decoder: BatchedDecoder | SequentialDecoder = (
            BatchedDecoder(model.network) if model.kind == "decoder" else SequentialDecoder(model.network)
        )

    @property
    def active(self) -> int:
        """How many requests are in the batch."""
        return sum(not sequence.over for sequence in self._active)

    @property
    def waiting(self) -> int:
        """How many requests wait to join the batch."""
        with self._queue_lock:
            return sum(not sequence.over for sequence in self._waiting)

    @property
    def nbytes(self) -> int:
        """The bytes of the KV cache now."""
        return self._decoder.nbytes

    def follow(self, request: GenerationRequest) -> Generator[Step | Waiting, None, None]:
        """The steps of one request as they come, and its position in the queue while it waits."""
        sequence = self._enqueue(request)
        try:
            while (event := self._next_event(sequence)) is not None:
                yield event
        finally:
            sequence.abandoned = True

    def _enqueue(self, request: GenerationRequest) -> ScheduledSequence:
        detokenizer = IncrementalDetokenizer(self.model.token_decoder, request.prefix_ids, request.stop)
        with self._queue_lock:
            self._order += 1
            sequence = ScheduledSequence(request, self._order, list(request.ids), detokenizer)
            self._waiting.append(sequence)
        return sequence

    def _next_event(self, sequence: ScheduledSequence) -> Step | Waiting | None:
        if not sequence.steps and not sequence.finished:
            with self._step_lock:
                if not sequence.steps and not sequence.finished:
                    with resuming(self._intervention):
                        self._step()
        if sequence.error is not None:
            raise sequence.error
        if sequence.steps:
            return sequence.steps.popleft()
        return None if sequence.finished else Waiting(before=self._before(sequence))

    def _before(self, sequence: ScheduledSequence) -> int:
        with self._queue_lock:
            return sum(other.order < sequence.order and not other.over for other in self._waiting)

    @torch.no_grad()
    def _step(self) -> None:
        """One more token for every sequence in the batch; then those that fit join it."""
        try:
            self._remove_finished()
            if self._active:
                with self.model.lock:
                    logits = self._decoder.next([sequence.ids[-1] for sequence in self._active])
                self._append(self._active, logits)
                self._remove_finished()
            self._admit()
        except Exception as error:
            self._fail_batch(error)
            raise

    def _remove_finished(self) -> None:
        rows = [row for row, sequence in enumerate(self._active) if not sequence.over]
        if len(rows) < len(self._active):
            self._decoder.keep(rows)
            self._active = [self._active[row] for row in rows]

    def _admit(self) -> None:
        admitted = self._next_admitted()
        if not admitted:
            return
        with self.model.lock:
            self._check_batchable(len(self._active) + len(admitted))
            logits = self._decoder.join([(sequence.ids, sequence.request.source) for sequence in admitted])
        self._active += admitted
        self._append(admitted, logits, unbatched=True)

    def _next_admitted(self) -> list[ScheduledSequence]:
        """Of the waiting: the sessions with the fewest sequences in the batch first, then first come, first served."""
        admitted: list[ScheduledSequence] = []
        with self._queue_lock:
            self._waiting = [sequence for sequence in self._waiting if not sequence.over]
            served = Counter(sequence.request.session_id for sequence in self._active)
            while self._waiting:
                first = min(self._waiting, key=lambda sequence: (served[sequence.request.session_id], sequence.order))
                if not self._fits([*admitted, first]):
                    break
                self._waiting.remove(first)
                served[first.request.session_id] += 1
                admitted.append(first)
        return admitted

    def _fits(self, admitted: Sequence[ScheduledSequence]) -> bool:
        batch = [*self._active, *admitted]
        if len(batch) == 1:
            return True
        positions = len(batch) * max(sequence.max_length for sequence in batch)
        prompts = sum(len(sequence.ids) for sequence in admitted)
        prefill_fits = len(admitted) == 1 or prompts <= MAX_PREFILL_TOKENS  # one is always read, however long
        return len(batch) <= self.max_batch_size and positions <= self.max_positions and prefill_fits

    def _check_batchable(self, rows: int) -> None:
        """Measure whether this network computes a row in a batch as it does alone and without a cache.

        Once before the first sequence, and before the first batch of several; where it does not, they take turns.
        """
        if isinstance(self._decoder, SequentialDecoder):
            return
        with resuming(None):  # the network itself is measured, not a run with edits
            if self._readable is None:
                self._readable = reads_alone(self.model.network)
            if self._readable and rows > 1 and self._batchable is None:
                self._batchable = agrees(self.model.network)
        if not self._readable or self._batchable is False:
            self._decoder = SequentialDecoder(self.model.network)
            if self._active:
                self._decoder.join([(sequence.ids[:-1], sequence.request.source) for sequence in self._active])

    def _append(
        self, sequences: Sequence[ScheduledSequence], logits: Float[Tensor, "row vocab"], *, unbatched: bool = False
    ) -> None:
        """Sample a token for each row; rows with the same sampling rules are filtered together."""
        groups: dict[Sampling, list[int]] = {}
        broken = logits.isnan().any(dim=1).tolist()
        for row, sequence in enumerate(sequences):
            if broken[row]:
                sequence.error, sequence.finished = Unsupported(no_numbers(_("after this text"))), True
                continue
            groups.setdefault(sequence.request.sampling.seeded(0), []).append(row)
        for sampling, rows in groups.items():
            contexts = [sequences[row].ids for row in rows] if sampling.repetition_penalty != 1 else [()] * len(rows)
            for row, found in zip(rows, distributions(logits[rows], sampling, contexts), strict=True):
                self._add(sequences[row], found, unbatched=unbatched)

    def _add(self, sequence: ScheduledSequence, found: Distribution, *, unbatched: bool) -> None:
        seed = int(sequence.request.sampling.seed)
        token_id, settled = sample(found, sequence.ids, seed, self._noise)
        if not (settled or unbatched):
            found = self._recompute(sequence)
            token_id = found.draw(len(sequence.ids), seed)
        sequence.ids.append(token_id)
        step = step_of(found, token_id, sequence.detokenizer, self._finish_reason(sequence))
        sequence.steps.append(step)
        sequence.finished = step.finish_reason != ""

    def _recompute(self, sequence: ScheduledSequence) -> Distribution:
        """The whole text once more, unbatched and without a cache: a near-tie must not depend on the batch."""
        with self.model.lock:
            decoder = CachedDecoder(self.model.network, sequence.request.source, cached=False)
            logits = decoder.next([sequence.ids])
        return distribution(logits[0], sequence.request.sampling, sequence.ids)

    def _finish_reason(self, sequence: ScheduledSequence) -> str:
        if sequence.ids[-1] in self._end_tokens:
            return "end"
        return sequence.request.length_reason if len(sequence.ids) >= sequence.max_length else ""

    def _fail_batch(self, error: Exception) -> None:
        """A pass that failed leaves no cache to go on from: all in the batch get the error, the queue stays."""
        for sequence in self._active:
            sequence.error, sequence.finished = error, True
        self._active = []
        self._decoder = type(self._decoder)(self.model.network)


def position_bytes(model: GenerativeModel) -> int:
    """The bytes of one position's keys and values in all layers: of as many heads as share them, in their precision."""
    config = model.network.config.get_text_config()
    names = ("num_attention_heads", "num_key_value_heads", "head_dim")
    heads, shared, size = (value if isinstance(value := getattr(config, name, None), int) else 0 for name in names)
    width = (shared or heads) * (size or model.width // max(heads, 1)) or model.width
    return 2 * model.layers * width * model.network.dtype.itemsize


def scheduler_of(model: GenerativeModel) -> Scheduler:
    """The one scheduler of this model: its KV cache counts in the model's bytes, and it goes with the model.

    A run with edits or changes has one of its own: it shares no forward pass and no KV cache with anybody.
    """
    if (intervention := current()) is not None or model.changes:
        return Scheduler(model, intervention=intervention)
    return derived(model, "scheduler", lambda: Scheduler(model))
