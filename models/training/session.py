"""One run of training: steps, validation, checkpoints, until the budget is used or the model stops improving."""

import json
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from models.training import checkpoint, presets, samples, validation
from models.training.beginnings import begin
from models.training.corpus import Corpus
from models.training.loss import cross_entropy
from models.training.objectives import OBJECTIVES
from models.training.optimizer import Optimizer
from models.training.presets import Network
from models.training.rows import Rows
from models.training.schedule import DECAY_SHARE, rate

SAMPLE_STEPS = frozenset({0, 10, 30, 60, 100, 200, 350, 600, 900, 1300, 1800, 2400, 3200})
"""When the model writes its text for the lesson on learning; the end of training is one more."""


@dataclass(frozen=True)
class Budget:
    """When to stop: after so many minutes or epochs, whichever comes first.

    After `patience` measurements without progress the rate begins to decay, and if it does already, the run ends.
    """

    minutes: float = float("inf")
    epochs: float = float("inf")
    patience: int = 12
    validate_every: int = 100
    checkpoint_seconds: float = 240.0


@dataclass
class Progress:
    """Where a run stands; all of it is kept in the checkpoint."""

    step: int = 0
    seconds: float = 0.0
    best: float = float("inf")
    since_best: int = 0
    history: list[dict[str, Any]] = field(default_factory=list)
    samples: list[dict[str, Any]] = field(default_factory=list)
    beginning: str = ""
    repeats_from: int | None = None
    stalled: float | None = None
    """The share of the budget used when progress ended and the decay began early."""
    again: list[int] = field(default_factory=list)
    """Steps at which a run that had ended was given more time: the rate rose to its peak once more."""


class Session:
    """Trains one preset in `folder`, from its checkpoint where there is one and `resume` is asked for."""

    def __init__(  # noqa: PLR0913 -- each is a choice of the command line
        self, name: str, corpus: Corpus, folder: Path, budget: Budget, *, device: torch.device, precision: torch.dtype,
        resume: bool = False, beginning: Sequence[Path] = (), seed: int = 1,
    ) -> None:  # fmt: skip
        self.preset, self.corpus, self.folder, self.budget, self.seed = (
            presets.PRESETS[name],
            corpus,
            folder,
            budget,
            seed,
        )
        folder.mkdir(parents=True, exist_ok=True)
        self.network = presets.network(self.preset, seed=seed, device=device, precision=precision)
        resuming = resume and (folder / "checkpoint.pt").exists()
        if beginning and not resuming:
            begin(self.preset, self.network, beginning)
        self.optimizer = Optimizer(
            self.network,
            transposed=self.preset.transposed,
            fused_parts=self.preset.fused_parts,
            scales=self.preset.pace,
        )
        self.rows = Rows(
            corpus, length=self.preset.context + 1, rows=self.preset.rows, seed=seed, repeats=self.preset.repeats
        )
        self.progress = Progress(beginning=" and ".join(run.name for run in beginning))
        self.stopping = False
        if resuming:
            self._load(checkpoint.read(folder / "checkpoint.pt"))
        if self.preset.repeats and self.progress.repeats_from is None:
            self.progress.repeats_from = self.progress.step

    def run(self) -> Progress:
        """Train until the budget is used. SIGTERM and Ctrl+C save a checkpoint first."""
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            self._train()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        return self.progress

    def _train(self) -> None:
        began, saved = time.monotonic() - self.progress.seconds, time.monotonic()
        while not self.stopping and self._share_used() < 1 and self.progress.since_best < self.budget.patience:
            self._look()
            loss, norm = self._step()
            self.progress.step += 1
            self.progress.seconds = time.monotonic() - began
            if self.progress.step % 20 == 0:
                self._report(loss, norm)
            if time.monotonic() - saved > self.budget.checkpoint_seconds:
                self.save()
                saved = time.monotonic()
        if not self.stopping:
            self._validate()
            self._write_sample()
        self.save()

    def snapshot(self) -> Network:
        """The weights so far in a plain float32 network on the CPU."""
        return presets.plain(self.preset, self.optimizer.masters)

    def save(self) -> None:
        state = {"optimizer": self.optimizer.state_dict(), "progress": asdict(self.progress), "seed": self.seed}
        checkpoint.write(self.folder / "checkpoint.pt", state)
        (self.folder / "history.json").write_text(json.dumps(self.progress.history))
        (self.folder / "samples.json").write_text(json.dumps(self.progress.samples))

    def _step(self) -> tuple[float, float]:
        step = self.progress.step
        random = np.random.default_rng((self.seed, step))
        hidden, targets = OBJECTIVES[self.preset.objective](self.network, self.rows.batch(step), random)
        loss = cross_entropy(hidden, self.network.get_output_embeddings().weight, targets)
        torch.autograd.backward(loss)
        norm = self.optimizer.step(self.preset.peak * rate(step, self._share_used()))
        return loss.item(), norm

    def _share_used(self) -> float:
        """How much of the budget is used, 0 to 1. A number in the file `minutes` replaces the minutes while it runs."""
        minutes = self.folder / "minutes"
        budget = float(minutes.read_text()) if minutes.exists() else self.budget.minutes
        epochs = self.progress.step / self.rows.steps_per_epoch
        share = max(self.progress.seconds / 60 / budget, epochs / self.budget.epochs)
        return share if self.progress.stalled is None else share * (1 - DECAY_SHARE) / self.progress.stalled

    def _look(self) -> None:
        if self.progress.step in SAMPLE_STEPS:
            self._write_sample()
        if self.progress.step and self.progress.step % self.budget.validate_every == 0:
            self._validate()

    def _validate(self) -> None:
        snapshot = self.snapshot()
        score = validation.score(self.preset, snapshot, self.corpus.held_out, self.corpus.tokenizer)
        progress = self.progress
        progress.history.append(
            {"step": progress.step, "minutes": progress.seconds / 60, "held_out": score.loss, **score.figures}
        )
        progress.since_best += 1
        if progress.since_best >= self.budget.patience and self._share_used() < 1 - DECAY_SHARE:
            progress.stalled, progress.since_best = self._share_used(), 0
        if score.loss < progress.best:
            progress.best, progress.since_best = score.loss, 0
            checkpoint.write(self.folder / "best.pt", {"weights": snapshot.state_dict(), "step": progress.step})
        figures = "  ".join(f"{name} {value:.4f}" for name, value in score.figures.items())
        print(f"step {progress.step}  {progress.seconds / 60:.1f} min  held out: {figures}", flush=True)

    def _write_sample(self) -> None:
        text = samples.sample(self.preset, self.snapshot(), self.corpus.tokenizer)
        self.progress.samples.append({"step": self.progress.step, "minutes": self.progress.seconds / 60, **text})

    def _report(self, loss: float, norm: float) -> None:
        progress, share = self.progress, self._share_used()
        speed = progress.step * self.preset.rows * self.preset.context / progress.seconds
        print(
            f"step {progress.step}  {progress.seconds / 60:.1f} min  loss {loss:.3f}  norm {norm:.2f}  "
            f"rate {rate(progress.step, share):.3f}  {speed:.0f} tokens/s  {share:.1%} of budget",
            flush=True,
        )

    def _load(self, state: Mapping[str, Any]) -> None:
        self.optimizer.load_state_dict(state["optimizer"])
        self.progress = progress = Progress(**state["progress"])
        if progress.history and progress.history[-1]["step"] == progress.step:
            progress.again.append(progress.step)
        print(f"going on from step {self.progress.step}", flush=True)

    def _stop(self, *_: object) -> None:
        self.stopping = True
