"""Which logit a question is about: of which token, over which other, at which position."""

from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import RunRequest, Whole
from explorer.calls.answers import CandidateAnswer, candidate
from explorer.features.why.endpoints import AGAINST, TOKEN
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.generation.sampling import Distribution

CANDIDATES = 6


class LogitRequest(RunRequest):
    """A token's logit, or its lead over another's; no position is where the text goes on, or its first mask."""

    token: str = TOKEN
    against: str = AGAINST
    position: Whole | None = Field(None, description="Of the text that is written; none is where it goes on.")


class CandidateChoice(CandidateAnswer):
    """A likely token; `typed` is what stands for it in a request."""

    typed: str


class TokenName(TypedDict):
    """One entry of the vocabulary."""

    id: int
    text: str
    special: bool


def position_of(trace: Trace, asked: int | None) -> int:
    """The position asked about, from the front or from the end: by itself the first mask, or the end of the text."""
    if asked is not None:
        return asked
    return trace.mask_positions[0] if trace.mask_positions else -1


def candidates(model: LanguageModel, found: Distribution) -> list[CandidateChoice]:
    """The likeliest tokens of a distribution, as they can be chosen."""
    rows = [candidate(model, one) for one in found.top(CANDIDATES)]
    return [{**row, "typed": typed(row["id"], row["text"], special=row["special"])} for row in rows]


def typed(token_id: int, text: str, *, special: bool) -> str:
    """What a request writes for this token: its word where that is clear, else its id."""
    is_word = text.startswith(" ") and text[1:].isalnum() and not special
    return text.strip() if is_word else f"#{token_id}"


def token_name(model: LanguageModel, token_id: int) -> TokenName:
    """A token of the vocabulary by its text, a special one by its own name."""
    special = token_id in model.token_decoder.special
    text = model.token_decoder.piece(token_id) if special else model.token_text(token_id)
    return {"id": token_id, "text": text, "special": special}
