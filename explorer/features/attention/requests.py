"""What the Attention tab may be asked, checked: one request for a picture, shared by all who show it."""

from typing import Annotated, Literal

from pydantic import Field

from explorer.calls import Context, RunRequest, Whole
from models.attention.pattern_spec import Combination, LeftOut, PatternSpec, Reading
from models.attention.picture import Window
from models.engine.trace import Trace

MAX_CHOSEN = 4096

Pair = Annotated[list[Whole], Field(min_length=2, max_length=2)]


class KindRequest(RunRequest):
    """One kind of attention of one run."""

    kind: str = Field("self", description="self; for encoder-decoder models encoder, decoder or cross.")

    def kind_of(self, trace: Trace) -> str:
        """The kind asked for, as the trace calls it."""
        return kind_in(trace, self.kind)


class PatternRequest(KindRequest):
    """Which pattern: of which heads, what its numbers are, what is left out."""

    layer: Whole = Field(0, ge=0, description="The layer, from 0.")
    head: Whole = Field(0, ge=0, description="The head, from 0.")
    reading: Reading = Field("weights", description="Weights, weights times value norms, or rollout up to the layer.")
    combination: Combination = Field("one", description="This head, or the mean or the largest of the chosen ones.")
    chosen: list[Pair] = Field([], max_length=MAX_CHOSEN, description="Chosen heads, each [layer, head].")
    left_out: LeftOut = Field("nothing", description="Keys that are not shown.")
    by_words: bool = Field(False, description="Whether tokens are merged into words.")


class PictureRequest(PatternRequest):
    """A pattern, or the window of it given in units (tokens or words): the first, and one past the last."""

    rows: Pair | None = None
    columns: Pair | None = None


class ShadingRequest(PatternRequest):
    """What one token looks at ("from"), or what looks at it ("to")."""

    position: Whole = Field(ge=0, description="The token's position.")
    direction: Literal["from", "to"] = "from"


class OverviewRequest(KindRequest):
    """Summaries of the layers `first` to `last` (exclusive; none means all)."""

    left_out: LeftOut = "nothing"
    first: Whole = Field(0, ge=0)
    last: Whole | None = Field(None, ge=1)


class BertvizRequest(KindRequest):
    """One of bertviz's drawings, of how much; only measured unless it is to be drawn."""

    layer: Whole = Field(0, ge=0)
    head: Whole = Field(0, ge=0)
    view: Literal["head", "model", "neuron"] = "head"
    scope: Literal["all", "layer", "head"] = "all"
    draw: bool = False


class ContinuationRequest(RunRequest):
    """How many tokens the model may add."""

    count: Whole = Field(20, ge=1, le=100)


def kind_in(trace: Trace, kind: str) -> str:
    """`self` is the first kind of attention that a model has."""
    return trace.attention_kinds[0] if kind == "self" and trace.attention_kinds else kind


def spec_of(request: PatternRequest, trace: Trace) -> PatternSpec:
    """The pattern a request means, checked against the trace."""
    chosen = sorted({(layer, head) for layer, head in request.chosen})
    spec = PatternSpec(
        kind=request.kind_of(trace),
        layer=request.layer,
        head=request.head,
        reading=request.reading,
        combination=request.combination,
        chosen=tuple(chosen),
        left_out=request.left_out,
        by_words=request.by_words,
    )
    spec.check(trace)
    return spec


def traced(context: Context, request: PatternRequest) -> tuple[Trace, PatternSpec]:
    """The trace that is asked about, and the pattern of it."""
    trace = context.trace(request)
    return trace, spec_of(request, trace)


def window(pair: list[int] | None) -> Window | None:
    """A pair as a window, none for everything."""
    return None if pair is None else (pair[0], pair[1])
