"""What the Surprisal tab offers to programs: what one text, or two, cost two models."""

from typing import TYPE_CHECKING

from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, Run, RunRequest, endpoint
from explorer.calls.answers import numbers
from models.changes.kinds import MOST_CHANGES, Change

if TYPE_CHECKING:
    from collections.abc import Sequence

    import models.comparison.segments
    import models.engine.language_model
    import models.engine.trace
    import models.generation.scoring


class CompareRequest(RunRequest):
    """Two runs; what is left empty of the other side is as on the first."""

    ORDER = ("model", "text", "other_model", "other_text", "target", "other_target", "changes", "other_changes")

    other_model: str = Field("", description="The model of the other side; empty is the same.")
    other_text: str = Field("", description="The text of the other side; empty is the same.")
    other_target: str = Field("", description="The target of the other side; empty is the same.")
    other_changes: list[Change] = Field(
        [], max_length=MOST_CHANGES, description="Changes to the model of the other side."
    )

    @property
    def other(self) -> Run:
        """The other run."""
        return Run(
            model=self.other_model or self.model,
            text=self.other_text or self.text,
            target=self.other_target or self.target,
            changes=tuple(self.other_changes),
        )


class SegmentAnswer(TypedDict):
    """A stretch that both sides spell with whole tokens, with the positions of these; what one lacks is null there.

    Bits are null where a token has no score: the first of a text, and special ones.
    """

    text: str | None
    other_text: str | None
    bits: float | None
    other_bits: float | None
    positions: list[int]
    other_positions: list[int]


class CompareAnswer(TypedDict):
    """Two runs beside each other; `kl` has KL(model ‖ other) in bits for each token, null for two vocabularies."""

    segments: list[SegmentAnswer]
    bits_per_byte: float | None
    other_bits_per_byte: float | None
    kl: list[float | None] | None


@endpoint
def compare(context: Context, request: CompareRequest) -> CompareAnswer:
    """Compare what a text costs two models, what two texts cost one, or any mixture, with changes or without.

    Returns:
        segments (text, bits and, of the other side, other_text, other_bits: the shortest stretches that both spell with
        whole tokens; positions of these), bits_per_byte and other_bits_per_byte over what both have a score for, and kl
        in bits for each token of the text, where both models have one vocabulary.

    """
    from models.generation.scoring import scores_of

    runs = (request.run, request.other)
    sides, traces = [context.model(run) for run in runs], [context.trace(run) for run in runs]
    scores = [scores_of(model, trace) for model, trace in zip(sides, traces, strict=True)]
    return compared_answer(sides, traces, scores)


def compared_answer(
    sides: "Sequence[models.engine.language_model.LanguageModel]",
    traces: "Sequence[models.engine.trace.Trace]",
    scores: "Sequence[models.generation.scoring.TokenScores]",
) -> CompareAnswer:
    """Two scored runs beside each other."""
    from models.comparison.correspondence import has_same_vocabulary, read_by, read_counterparts
    from models.comparison.distances import kl_by_position
    from models.comparison.segments import compared

    found = compared(scores[0], read_by(traces[0])[1], scores[1], read_by(traces[1])[1])
    kl = None
    if has_same_vocabulary(sides[0], sides[1]):
        matched = read_counterparts(traces[0], traces[1], same_vocabulary=True)
        kl = numbers(kl_by_position(traces[0], traces[1], matched), 6)
    return {
        "segments": [_segment(one, two) for one, two in found.segments],
        "bits_per_byte": found.bits_per_byte[0],
        "other_bits_per_byte": found.bits_per_byte[1],
        "kl": kl,
    }


def _segment(
    one: "models.comparison.segments.Part | None", two: "models.comparison.segments.Part | None"
) -> SegmentAnswer:
    return {
        "text": one.text if one else None,
        "other_text": two.text if two else None,
        "bits": one.bits if one else None,
        "other_bits": two.bits if two else None,
        "positions": list(one.positions) if one else [],
        "other_positions": list(two.positions) if two else [],
    }
