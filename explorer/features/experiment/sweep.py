"""Sweeps on their way to the page and to programs: how much of an answer each activation brings into another run."""

from collections.abc import Iterator
from contextlib import closing
from typing import NotRequired

from numpy import ndarray
from typing_extensions import TypedDict

from explorer.calls import Context, ModelRequest, call
from explorer.calls.answers import numbers, texts
from explorer.calls.requests import Run
from explorer.features.experiment.sweep_endpoint import METRIC, ColumnAnswer, SweepAnswer, SweepRequest, TextsRequest
from models.engine.language_model import LanguageModel
from models.errors import InputError
from models.sweeps.cells import Column, read_by
from models.sweeps.estimate import Estimate, estimate
from models.sweeps.examples import examples_of
from models.sweeps.names import Direction, Metric
from models.sweeps.pair import Pair, Side, pair_of
from models.sweeps.sweep import Found, Plan, Sweep, plan, sweeping
from models.translation import _

HOSTED_COST = 1e13  # tokens times parameters of one sweep in hosted mode: some minutes of a processor
DIGITS = 5
DIRECTIONS: tuple[Direction, ...] = ("denoise", "noise", "control")


class SweepWord(TypedDict):
    """A token that is asked about, and its probability in the clean and in the corrupted run."""

    id: int
    text: str
    clean: float
    corrupted: float


class PairAnswer(TypedDict):
    """What is compared: the words, and the metric in both runs."""

    answer: SweepWord
    foil: SweepWord
    clean: float
    corrupted: float
    clean_tokens: int
    corrupted_tokens: int


class PanelAnswer(TypedDict):
    """One of the pictures before it is filled: `direction` names it."""

    direction: str
    rows: int
    columns: list[ColumnAnswer]
    runs: int


class EstimateAnswer(TypedDict):
    """The cells estimated from one gradient, and how far they are from the exact ones, in shares."""

    values: list[list[float | None]]
    mean_error: float
    largest_error: float


class SweepMessage(TypedDict):
    """What is known by now: the pair, a picture's frame, some of its cells (row, column, value), or its estimate."""

    pair: NotRequired[PairAnswer]
    panel: NotRequired[PanelAnswer]
    direction: NotRequired[str]
    cells: NotRequired[list[tuple[int, int, float]]]
    fraction: NotRequired[float]
    estimate: NotRequired[EstimateAnswer]


class SweepPanelsRequest(TextsRequest):
    """The three sweeps of the page: denoise, noise and control, and on request the estimate of the first."""

    metric: Metric = METRIC
    estimate: bool = False


class SweepExample(TypedDict):
    """A pair that comes with a model, the answers it leads to, and the logit difference in each of its runs."""

    text: str
    other: str
    target: str
    answer: str
    foil: str
    clean: float
    corrupted: float


@call
def sweep_panels(context: Context, request: SweepPanelsRequest) -> Iterator[SweepMessage]:
    """Sweep in both directions and with the unrelated control, cell by cell as they come."""
    model, pair = _pair(context, request)
    plans = [_planned(context, model, pair, request.of, way, request.metric) for way in DIRECTIONS]
    yield {"pair": _pair_answer(model, pair, plans[0])}
    for wanted in plans:
        yield {"panel": _panel(wanted)}
    for wanted in plans:
        for news in _worked(context, wanted):
            if isinstance(news, Found):
                cells = [(row, column, round(value, DIGITS)) for row, column, value in news.cells]
                yield {"direction": wanted.direction, "cells": cells, "fraction": news.fraction}
                continue
            yield {"direction": wanted.direction, "cells": _cells(news), "fraction": 1.0}
            if request.estimate and wanted.direction == "denoise":
                with context.slots:
                    found = estimate(wanted)
                yield {"direction": wanted.direction, "estimate": _estimate(found, news)}


@call
def sweep_examples(_context: Context, request: ModelRequest) -> list[SweepExample]:
    """The pairs of texts that come with a model."""
    return [
        {
            "text": one.text,
            "other": one.other,
            "target": one.target,
            "answer": one.answer,
            "foil": one.foil,
            "clean": one.clean,
            "corrupted": one.corrupted,
        }
        for one in examples_of(request.model)
    ]


def swept(context: Context, request: SweepRequest) -> Iterator[SweepAnswer]:
    """One sweep as a program gets it."""
    model, pair = _pair(context, request)
    wanted = _planned(context, model, pair, request.of, request.direction, request.metric)
    yield {"fraction": 0.0}
    for news in _worked(context, wanted):
        if isinstance(news, Found):
            yield {"fraction": news.fraction}
        else:
            clean, corrupted = _ends(news.plan)
            yield {
                "fraction": 1.0,
                "rows": list(range(news.plan.rows)),
                "columns": [_column(one, wanted) for one in news.columns],
                "values": _rows(news.values),
                "clean": clean,
                "corrupted": corrupted,
                "token": model.token_text(pair.answer),
                "against": model.token_text(pair.foil),
            }


def _pair(context: Context, request: TextsRequest) -> tuple[LanguageModel, Pair]:
    """The model that is swept, its two runs, and the two tokens.

    Without changes the runs are those everybody shares. A changed model is one for both texts: what its changes call
    the mean of this run is that of the clean text.
    """
    model = context.model_for(request, request.text, request.target)
    texts_of_sides = (request.text, request.other)
    if model.changes:
        clean, corrupted = (model.trace(text, request.target) for text in texts_of_sides)
    else:
        clean, corrupted = (
            context.trace(Run(model=request.model, text=text, target=request.target)) for text in texts_of_sides
        )
    return model, pair_of(model, clean, corrupted, request.token, request.against)


def _planned(context: Context, model: LanguageModel, pair: Pair, of: str, direction: str, metric: str) -> Plan:
    """The sweep, refused where it would hold up everybody else's work."""
    wanted = plan(model, pair, of, direction, metric)
    if context.settings.mode == "hosted" and wanted.cost > HOSTED_COST:
        raise InputError(
            _(
                "This sweep would run {model} {runs} times, more than this page can spare; shorten the text, or sweep "
                "the heads.",
                model=model.name,
                runs=len(wanted.cells),
            )
        )
    return wanted


def _worked(context: Context, wanted: Plan) -> Iterator[Found | Sweep]:
    """Each batch in a slot of its own, so that others come in between; closing this ends the work."""
    with closing(sweeping(wanted)) as news:
        while True:
            with context.slots:
                message = next(news, None)
            if message is None:
                return
            yield message


def _ends(wanted: Plan) -> tuple[float, float]:
    """The metric in the clean and in the corrupted run."""
    ends = (wanted.scale.other, wanted.scale.base)
    return ends[::-1] if wanted.direction == "noise" else ends


def _pair_answer(model: LanguageModel, pair: Pair, wanted: Plan) -> PairAnswer:
    clean, corrupted = _ends(wanted)
    return {
        "answer": _word(model, pair, pair.answer),
        "foil": _word(model, pair, pair.foil),
        "clean": clean,
        "corrupted": corrupted,
        "clean_tokens": len(pair.clean.trace.tokens),
        "corrupted_tokens": len(pair.corrupted.trace.tokens),
    }


def _word(model: LanguageModel, pair: Pair, token: int) -> SweepWord:
    special = token in model.token_decoder.special
    return {
        "id": token,
        "text": model.token_decoder.piece(token) if special else model.token_text(token),
        "clean": pair.clean.probability(token),
        "corrupted": pair.corrupted.probability(token),
    }


def _panel(wanted: Plan) -> PanelAnswer:
    return {
        "direction": wanted.direction,
        "rows": wanted.rows,
        "columns": [_column(one, wanted) for one in wanted.columns],
        "runs": len(wanted.cells),
    }


def _column(column: Column, wanted: Plan) -> ColumnAnswer:
    here = column.positions[0] if column.head is None else None
    come = column.donors[0] if column.head is None and column.donors else None
    return {
        "stack": column.stack,
        "attention": column.kind,
        "position": here,
        "from_position": come,
        "head": column.head,
        "text": _text(wanted.patched, column.stack, here),
        "from_text": _text(wanted.donor, column.stack, come),
    }


def _text(side: Side, stack: str, position: int | None) -> str:
    """What a token is called: its text, or its own name where it stands for none."""
    return "" if position is None else texts(read_by(side, stack)[0])[position]


def _cells(found: Sweep) -> list[tuple[int, int, float]]:
    return [
        (cell.row, cell.column, round(float(found.values[cell.row, cell.column]), DIGITS)) for cell in found.plan.cells
    ]


def _rows(values: ndarray) -> list[list[float | None]]:
    return [numbers(row, DIGITS) for row in values]


def _estimate(found: Estimate, exact: Sweep) -> EstimateAnswer:
    mean, largest = found.errors(exact)
    return {"values": _rows(found.values), "mean_error": mean, "largest_error": largest}
