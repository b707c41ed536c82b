"""What the lenses are called, known without the engine."""

from typing import Literal, get_args

Lens = Literal["logit", "tuned", "jacobian", "decoder"]
LENSES: tuple[Lens, ...] = get_args(Lens)
