"""What the Layers tab offers to programs."""

from typing import TYPE_CHECKING

from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, RunRequest, Whole, endpoint
from explorer.calls.answers import numbers, texts
from models.errors import InputError
from models.lenses.names import Lens
from models.translation import _

if TYPE_CHECKING:
    import models.engine.language_model

MAX_ENTRIES = 200_000  # tokens in one answer: about 15 MB as text


class LensToken(TypedDict):
    """One of the likeliest tokens of a reading."""

    id: int
    text: str
    probability: float


class LensRequest(RunRequest):
    """One lens over one run."""

    lens: Lens = Field(
        "logit", description="logit, tuned or jacobian; decoder (the encoder's depths) for encoder-decoder models."
    )
    top: Whole = Field(5, ge=1, le=100, description="How many of the likeliest tokens, from 1 to 100.")


class LensAnswer(TypedDict):
    """What a lens reads; `entropy` and `kl` in bits, by depth and position."""

    depths: list[int]
    tokens: list[str]
    top: list[list[list[LensToken]]]
    entropy: list[list[float | None]]
    kl: list[list[float | None]]


@endpoint
def lens(context: Context, request: LensRequest) -> LensAnswer:
    """Read what the model would say at every depth and position, as if nothing came after it.

    Returns:
        depths (0 is the embedding), tokens (texts), top (for each depth, for each position the likeliest tokens: id,
        text, probability), entropy and kl (in bits, one row per depth; kl from the model's own distribution).

    """
    from models.lenses.grid import lens_grid

    model, trace = context.model(request), context.trace(request)
    read = trace.target_tokens or trace.tokens
    entries = trace.lens_depths(request.lens) * len(read) * request.top
    if entries > MAX_ENTRIES:
        raise InputError(
            _(
                "{entries} tokens are too many for one answer ({most} at most); shorten the text or lower top.",
                entries=entries,
                most=MAX_ENTRIES,
            )
        )
    grid = lens_grid(model, trace, request.lens, request.top)
    return {
        "depths": list(range(len(grid.ids))),
        "tokens": texts(read),
        "top": [
            [
                [_token(model, *one) for one in zip(ids.tolist(), shares.tolist(), strict=True)]
                for ids, shares in zip(row, chances, strict=True)
            ]
            for row, chances in zip(grid.ids, grid.probabilities, strict=True)
        ],
        "entropy": [numbers(row) for row in grid.entropy],
        "kl": [numbers(row) for row in grid.kl],
    }


def _token(model: "models.engine.language_model.LanguageModel", one: int, share: float) -> LensToken:
    return {"id": one, "text": model.token_text(one), "probability": round(share, 6)}
