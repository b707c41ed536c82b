"""From the residual of any depth to what the last depth would hold, by any lens: one object per model."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from models.engine.architecture import Architecture
from models.engine.cache import Derived, derived
from models.engine.trace import Trace
from models.errors import Unsupported
from models.lenses.decoder_lens import decoder_states
from models.lenses.fitted import FITTED, Faithfulness, FittedLens, read
from models.translation import _


@dataclass(frozen=True, eq=False, kw_only=True)
class LensReader:
    """The lenses of one model. `lock` and `derived` are the model's own."""

    name: str
    folder: Path | None
    network: Any = field(repr=False)
    architecture: Architecture = field(repr=False)
    lock: AbstractContextManager[Any] = field(repr=False)
    derived: Derived = field(repr=False)

    def states(self, trace: Trace, lens: str, depth: int, positions: slice) -> Float32[ndarray, "position width"]:
        """What the last depth would hold, by this lens, at a depth before the last; the unembedding reads it."""
        if lens == "decoder":
            states: ndarray = derived(
                trace,
                "decoder lens",
                lambda: decoder_states(self.network, self.architecture, self.lock, trace),
            )
            return states[depth, positions]
        return self.fitted(lens).states(np.asarray(trace.residual[depth, positions]), depth)

    def fitted(self, lens: str) -> FittedLens:
        """The "tuned" or "jacobian" lens; Unsupported, with the command that makes it, where there is none."""
        found: FittedLens = derived(self, ("fitted lens", lens), lambda: self._read(lens))
        return found

    def faithfulness(self, lens: str) -> Faithfulness | None:
        """How far a lens agrees with the model on held-out text, by depth; None where that was never measured."""
        for kind in FITTED:
            try:
                found = self.fitted(kind).faithfulness.get(lens)
            except Unsupported:
                continue
            if found is not None:
                return found
        return None

    def _read(self, lens: str) -> FittedLens:
        fitted = read(self.folder, self.name, lens)
        wanted = (self.architecture.depths["decoder"] - 1, self.architecture.width, self.architecture.width)
        if fitted.matrices.shape != wanted:
            raise Unsupported(_("The {lens} lens of {model} has another shape than it.", lens=lens, model=self.name))
        return fitted
