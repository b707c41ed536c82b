"""What an attribution explains: one logit at one position, or the difference of two."""

from dataclasses import dataclass

from models.contributions.position import position_of
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.errors import InputError
from models.text.vocabulary import vocabulary
from models.translation import _


@dataclass(frozen=True, kw_only=True)
class Question:
    """The logit of `token` at `position` of what the model reads, less that of `against` if there is one."""

    position: int
    token: int
    against: int | None = None

    def of(self, trace: Trace) -> float:
        """The number asked about, as the trace has it."""
        logits = trace.logits_at(self.position)
        return float(logits[self.token]) - (0.0 if self.against is None else float(logits[self.against]))


def question(model: LanguageModel, trace: Trace, token: str = "", against: str = "", position: int = -1) -> Question:
    """Reads a question as a person asks it; raises InputError for what is no token or no position.

    `token` "" is the likeliest there, `against` "" none. A negative position counts from the end; −1 is a masked
    model's first mask, where it has one.
    """
    position = position_of(trace, position)
    chosen = vocabulary(model).entry(token) if token else int(trace.logits_at(position).argmax())
    foil = vocabulary(model).entry(against) if against else None
    if foil == chosen:
        raise InputError(_("A token cannot be compared with itself; choose another for one of the two."))
    count = len(trace.logits_at(position))
    if max(chosen, foil or 0) >= count:
        raise InputError(_("{model} gives this token no logit; choose another.", model=model.name))
    return Question(position=position, token=chosen, against=foil)
