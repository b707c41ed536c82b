"""The calls that put two runs beside each other: their next tokens joined, and where their completions part."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, PairRequest, Run, Whole, call
from explorer.calls.answers import CandidateAnswer, candidate
from explorer.calls.sampling_request import SamplingSettings
from explorer.calls.steps import Column, ColumnMessage, side_by_side
from explorer.features.completion.writing import TextRequest, fitting, settings_in_words
from models.comparison.correspondence import has_same_vocabulary
from models.comparison.distances import TOP, Distance, distance, drawn_logits
from models.comparison.joined import JoinedToken, Side, joined
from models.comparison.parting import weighed
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.generation.generation_request import MAX_NEW_TOKENS
from models.generation.next_token import next_token_distribution
from models.generation.sampling import Candidate, Sampling
from models.translation import _

MAX_ROWS = 200


class SidesRequest(SamplingSettings, PairRequest):
    """Two runs, the settings of the first, and under `second` those of the other."""

    second: SamplingSettings = Field(description="The settings of the other side.")


class NextOfBothRequest(SidesRequest):
    """Which rows of the joined table to list, in which order."""

    limit: Whole = Field(10, ge=1, le=MAX_ROWS, description="How many tokens to list.")
    order: Literal["probability", "difference"] = Field("probability", description="What sorts them.")


class JoinedAnswer(TypedDict):
    """A token and what both sides say of it; null where a side's vocabulary does not have it."""

    text: str
    special: bool
    sides: list[CandidateAnswer | None]


class SideAnswer(TypedDict):
    """One side: entropies in bits before and after its rules; `gap` is whether it guesses a mask, `rules` are set."""

    entropy: float
    final_entropy: float
    kept: int
    vocab: int
    rules: list[str]
    gap: bool


class DistanceAnswer(TypedDict):
    """How far what both draw from is apart, in bits; a KL divergence is null where it is infinite.

    `overlap` is how many of the `top` likeliest tokens they share.
    """

    kl: float | None
    reverse_kl: float | None
    js: float
    overlap: int
    top: int


class NextOfBothAnswer(TypedDict):
    """The joined table; `missing` are sentences on a side without a place to predict, and then nothing else is there.

    `distance` is null across two vocabularies.
    """

    missing: list[str]
    rows: list[JoinedAnswer]
    sides: list[SideAnswer]
    distance: DistanceAnswer | None


class WriteTwoRequest(SidesRequest, TextRequest):
    """Two runs that are continued, each under its own settings."""


class PartingRequest(SidesRequest):
    """What both had written when they parted, and what each wrote next."""

    written: list[Whole] = Field(max_length=MAX_NEW_TOKENS, description="The ids both wrote before they parted.")
    token_ids: list[Whole] = Field(min_length=2, max_length=2, description="What each side wrote then.")


class PartingAnswer(TypedDict):
    """The two candidates as each side weighed them: the first side's view of both, then the other's."""

    sides: list[list[CandidateAnswer]]


@call
def next_of_both(context: Context, request: NextOfBothRequest) -> NextOfBothAnswer:
    """Join what may come next in two runs; no model runs again for other settings."""
    runs = (request.run, request.other)
    models, traces = [context.model(run) for run in runs], [context.trace(run) for run in runs]
    missing = [_missing(model) for model, trace in zip(models, traces, strict=True) if not _predicts(trace)]
    if missing:
        return {"missing": list(dict.fromkeys(missing)), "rows": [], "sides": [], "distance": None}
    settings = _settings(request, traces)
    found = [next_token_distribution(trace, one) for trace, one in zip(traces, settings, strict=True)]
    one, other = (Side(model, each) for model, each in zip(models, found, strict=True))
    same = has_same_vocabulary(*models)
    rows = joined(one, other, request.limit, request.order, same_vocabulary=same)
    logits = [drawn_logits(each, _read(trace)) for each, trace in zip(found, traces, strict=True)]
    return {
        "missing": [],
        "rows": [_joined(models, row) for row in rows],
        "sides": [_side(side, trace) for side, trace in zip((one, other), traces, strict=True)],
        "distance": _distance(distance(*logits)) if same else None,
    }


@call
def write_two(context: Context, request: WriteTwoRequest) -> Iterator[ColumnMessage]:
    """Continue two runs side by side."""
    columns = [
        Column(
            title=_("{model}: {settings}", model=run.model, settings=settings_in_words(sampling)),
            model=context.model(run), text=run.text, sampling=sampling, max_new_tokens=request.max_new_tokens,
            target=run.target, stop=request.stop,
        )
        for run, sampling in _sides(request)
    ]  # fmt: skip
    yield from side_by_side(columns, context.session_id)


@call
def parting(context: Context, request: PartingRequest) -> PartingAnswer:
    """Say what each side gave both candidates where two completions parted; their vocabulary is one."""
    found = []
    for run, sampling in _sides(request):
        model = context.model(run)
        written, both = fitting(request.written, model), fitting(request.token_ids, model)
        candidates = weighed(model, run.text, sampling, written, both, target=run.target)
        found.append([candidate(model, one) for one in candidates])
    return {"sides": found}


def _sides(request: SidesRequest) -> tuple[tuple[Run, Sampling], tuple[Run, Sampling]]:
    return (request.run, request.sampling), (request.other, request.second.sampling)


def _settings(request: SidesRequest, traces: list[Trace]) -> list[Sampling]:
    """The rules play no part at a mask."""
    given = (request.sampling, request.second.sampling)
    return [Sampling() if trace.kind == "encoder" else one for trace, one in zip(traces, given, strict=True)]


def _predicts(trace: Trace) -> bool:
    return trace.kind != "encoder" or bool(trace.mask_positions)


def _missing(model: LanguageModel) -> str:
    mask = str(model.tokenizer.mask_token or "")
    return _("{model} guesses masked words: put {mask} where it should predict.", model=model.name, mask=mask)


def _read(trace: Trace) -> list[int]:
    return [] if trace.kind == "encoder" else [token.id for token in trace.target_tokens or trace.tokens]


def _joined(models: list[LanguageModel], row: JoinedToken) -> JoinedAnswer:
    def answer(model: LanguageModel, one: Candidate | None) -> CandidateAnswer | None:
        return None if one is None else candidate(model, one)

    sides = [answer(model, one) for model, one in zip(models, row.sides, strict=True)]
    return {"text": row.text, "special": row.special, "sides": sides}


def _side(side: Side, trace: Trace) -> SideAnswer:
    found = side.found
    return {
        "entropy": found.entropy,
        "final_entropy": found.final_entropy,
        "kept": int(found.kept.sum()),
        "vocab": len(found.logits),
        "rules": list(found.sampling.rule_names()),
        "gap": trace.kind == "encoder",
    }


def _distance(found: Distance) -> DistanceAnswer:
    kl, reverse = (value if value < float("inf") else None for value in (found.kl, found.reverse_kl))
    return {"kl": kl, "reverse_kl": reverse, "js": found.js, "overlap": found.overlap, "top": TOP}
