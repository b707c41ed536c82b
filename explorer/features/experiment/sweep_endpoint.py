"""Sweeps for programs, and the fields that their requests and the page's share."""

from collections.abc import Iterator
from typing import NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import ChangedRequest, Context, endpoint
from models.limits import MAX_QUERY_LENGTH
from models.sweeps.names import Direction, Metric, Of

WORD = Field("", max_length=MAX_QUERY_LENGTH, description='A word or token, or "#" and its id; empty: the likeliest.')
METRIC: Metric = Field("logit_difference", description="logit_difference, log_probability or kl.")


class TextsRequest(ChangedRequest):
    """Two texts for one model, the answer of the first and the foil of the second, and what is patched.

    Under changes the changed model is swept; those that name a position have no place, for there are two texts.
    """

    text: str = Field(description="The clean text, which leads to the answer.")
    other: str = Field(description="The corrupted text, which leads to the foil.")
    token: str = WORD
    against: str = WORD
    of: Of = Field(
        "residual", description="What is patched: residual, attention or feed_forward (by position), or head."
    )
    target: str = Field("", description="What the decoder of an encoder-decoder model has written so far.")


class SweepRequest(TextsRequest):
    """One sweep, as a program asks for it."""

    ORDER = ("model", "text", "other", "token", "against", "of", "direction", "metric", "target", "changes")

    direction: Direction = Field(
        "denoise",
        description="denoise (clean into corrupted), noise (corrupted into clean) or control (an unrelated text).",
    )
    metric: Metric = METRIC


class ColumnAnswer(TypedDict):
    """A position of the text that is patched, or a head; `from_position` is the counterpart, null where there is none.

    `stack` is decoder (whatever yields the logits) or encoder, `attention` self or cross.
    """

    stack: str
    attention: str
    position: int | None
    from_position: int | None
    head: int | None
    text: str
    from_text: str


class SweepAnswer(TypedDict):
    """How far a sweep is; in the last answer all of it. A value of 1 is all of the way from one run to the other."""

    fraction: float
    rows: NotRequired[list[int]]
    columns: NotRequired[list[ColumnAnswer]]
    values: NotRequired[list[list[float | None]]]
    clean: NotRequired[float]
    corrupted: NotRequired[float]
    token: NotRequired[str]
    against: NotRequired[str]


@endpoint
def sweep(context: Context, request: SweepRequest) -> Iterator[SweepAnswer]:
    """Patch every position and depth (or head) of one run with another's, one real run each.

    Returns:
        A stream with the fraction that is done; the last value has rows (depths of residual, 0 the embedding; else
        layers), columns (position and from_position, or head; text), values (rows of shares: 1 is all of the way from
        the patched run to the other, null where the texts do not correspond), clean and corrupted (the metric in both
        runs), token and against (the answer and the foil).

    """
    from explorer.features.experiment.sweep import swept  # noqa: PLC0415 - imports the engine

    yield from swept(context, request)
