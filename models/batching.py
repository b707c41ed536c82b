"""Many people at once: requests that arrive at different times share each forward pass of their model.

There is no thread of its own: whoever waits for a token takes the turn for everybody. So nothing runs when nobody
waits, and a visitor who closes the iterator is gone before the next token.

Why not transformers' continuous batching: its seed belongs to the engine, so a text would depend on the company; it
serves only families with paged attention; and on a CPU it was slower than this (figures: tests/benchmarks/serving.py).
"""

import threading
from collections import Counter, deque
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import torch
from jaxtyping import Float
from torch import Tensor

from models.choice import choose, noise_of
from models.decoding import Reader, Rows, Turns, agrees
from models.sampling import Distribution, Sampling, distribution, distributions
from models.writing import Request, Step, Waiting, Writer, Writing, end_tokens, step_of

PLACES = 32
KEPT_BYTES = 2**30  # keys and values of everyone together
READ_AT_ONCE = 512  # prompt tokens read between two tokens of the others


@dataclass(eq=False)
class Visit:
    """One request on its way: what was read and written, and the steps nobody has fetched yet."""

    request: Request
    order: int
    ids: list[int]
    writing: Writing
    steps: deque[Step] = field(default_factory=deque)
    finished: bool = False
    gone: bool = False
    error: Exception | None = None

    @property
    def over(self) -> bool:
        return self.finished or self.gone


class Crowd:
    """Everyone who is being served by one model, and those who wait for a place."""

    def __init__(self, model: Writer, places: int = PLACES) -> None:
        self.model = model
        self.places = places
        self.positions = KEPT_BYTES // (8 * model.layers * model.width)  # float32 keys and values of one position
        self._ends = end_tokens(model.network)
        self._noise = noise_of(model.network.dtype)
        self._turn = threading.Lock()
        self._desk = threading.Lock()  # guards the queue; held for an instant only
        self._waiting: list[Visit] = []
        self._active: list[Visit] = []
        self._order = 0
        self._shared: bool | None = None  # whether texts of different lengths may share a pass; None until it matters
        self._rows: Rows | Turns = Rows(model.network) if model.kind == "decoder" else Turns(model.network)

    @property
    def active(self) -> int:
        """How many are being served."""
        return sum(not visit.over for visit in self._active)

    @property
    def waiting(self) -> int:
        """How many wait for a place."""
        with self._desk:
            return sum(not visit.over for visit in self._waiting)

    def follow(self, asked: Request) -> Generator[Step | Waiting, None, None]:
        """The steps of one request as they come, and while it waits its place in the queue."""
        visit = self._enter(asked)
        try:
            while (news := self._news(visit)) is not None:
                yield news
        finally:
            visit.gone = True

    def _enter(self, asked: Request) -> Visit:
        writing = Writing(self.model.spelling, asked.ids[len(asked.ids) - asked.written :], asked.stop)
        with self._desk:
            self._order += 1
            visit = Visit(request=asked, order=self._order, ids=list(asked.ids), writing=writing)
            self._waiting.append(visit)
        return visit

    def _news(self, visit: Visit) -> Step | Waiting | None:
        if not visit.steps and not visit.finished:
            with self._turn:
                if not visit.steps and not visit.finished:
                    self._take_turn()
        if visit.error is not None:
            raise visit.error
        if visit.steps:
            return visit.steps.popleft()
        return None if visit.finished else Waiting(before=self._before(visit))

    def _before(self, visit: Visit) -> int:
        with self._desk:
            return sum(other.order < visit.order and not other.over for other in self._waiting)

    @torch.no_grad()
    def _take_turn(self) -> None:
        """One more token for everyone."""
        try:
            self._let_go()
            if self._active:
                with self.model.lock:
                    logits = self._rows.next([visit.ids[-1] for visit in self._active])
                self._write(self._active, logits)
                self._let_go()
            self._let_in()
        except Exception as error:
            self._abandon(error)
            raise

    def _let_go(self) -> None:
        stay = [row for row, visit in enumerate(self._active) if not visit.over]
        if len(stay) < len(self._active):
            self._rows.keep(stay)
            self._active = [self._active[row] for row in stay]

    def _let_in(self) -> None:
        newcomers = self._choose()
        if not newcomers:
            return
        with self.model.lock:
            self._prepare(len(self._active) + len(newcomers))
            logits = self._rows.join([(visit.ids, visit.request.source) for visit in newcomers])
        self._active += newcomers
        self._write(newcomers, logits, alone=True)

    def _choose(self) -> list[Visit]:
        """Whoever of those waiting comes from the visitor with the fewest places, then whoever came first."""
        chosen: list[Visit] = []
        with self._desk:
            self._waiting = [visit for visit in self._waiting if not visit.over]
            served = Counter(visit.request.visitor for visit in self._active)
            while self._waiting:
                first = min(self._waiting, key=lambda visit: (served[visit.request.visitor], visit.order))
                if not self._fits([*chosen, first]):
                    break
                self._waiting.remove(first)
                served[first.request.visitor] += 1
                chosen.append(first)
        return chosen

    def _fits(self, newcomers: Sequence[Visit]) -> bool:
        everyone = [*self._active, *newcomers]
        longest = max(len(visit.request.ids) + visit.request.room for visit in everyone)
        prompts = sum(len(visit.ids) for visit in newcomers)
        if len(everyone) == 1 or len(newcomers) == 1:
            prompts = 0  # one newcomer is always read, however long
        within = len(everyone) <= self.places and len(everyone) * longest <= self.positions and prompts <= READ_AT_ONCE
        return within or len(everyone) == 1

    def _prepare(self, rows: int) -> None:
        """Before the first company, find out whether this network reads rows together as it reads them alone."""
        if rows == 1 or self._shared is not None or isinstance(self._rows, Turns):
            return
        self._shared = agrees(self.model.network, self.model.network.get_input_embeddings().num_embeddings)
        if not self._shared:
            self._rows = Turns(self.model.network)
            if self._active:
                self._rows.join([(visit.ids[:-1], visit.request.source) for visit in self._active])

    def _write(self, visits: Sequence[Visit], logits: Float[Tensor, "row vocab"], *, alone: bool = False) -> None:
        groups: dict[Sampling, list[int]] = {}
        for row, visit in enumerate(visits):
            groups.setdefault(visit.request.sampling.seeded(0), []).append(row)
        for sampling, rows in groups.items():
            contexts = [visits[row].ids for row in rows] if sampling.repetition_penalty != 1 else [()] * len(rows)
            for row, found in zip(rows, distributions(logits[rows], sampling, contexts), strict=True):
                self._add(visits[row], found, alone=alone)

    def _add(self, visit: Visit, found: Distribution, *, alone: bool) -> None:
        seed = int(visit.request.sampling.seed)
        number, settled = choose(found, visit.ids, seed, self._noise)
        if not (settled or alone):
            found = self._read_again(visit)
            number = found.draw(len(visit.ids), seed)
        visit.ids.append(number)
        visit.steps.append(step_of(found, number, visit.writing, self._finished(visit)))
        visit.finished = visit.steps[-1].finished != ""

    def _read_again(self, visit: Visit) -> Distribution:
        """The whole text once more, alone and without a cache: what decides must not depend on the company."""
        with self.model.lock:
            logits = Reader(self.model.network, visit.request.source).next([visit.ids])
        return distribution(logits[0], visit.request.sampling, visit.ids)

    def _finished(self, visit: Visit) -> str:
        if visit.ids[-1] in self._ends:
            return "end"
        return visit.request.limit if len(visit.ids) - len(visit.request.ids) >= visit.request.room else ""

    def _abandon(self, error: Exception) -> None:
        """A pass that failed leaves no state to go on from: everyone in it is told, the queue stays."""
        for visit in self._active:
            visit.error, visit.finished = error, True
        self._active = []
        self._rows = type(self._rows)(self.model.network)


_crowds: WeakKeyDictionary[Any, Crowd] = WeakKeyDictionary()
_founding = threading.Lock()


def crowd(model: Writer) -> Crowd:
    """The one crowd around this model."""
    with _founding:
        if model not in _crowds:
            _crowds[model] = Crowd(model)
        return _crowds[model]
