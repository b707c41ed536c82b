"""The methods by name, one attribution by any of them, and how far two of them agree."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, get_args

import numpy as np
from jaxtyping import Float, Float32
from numpy import ndarray

from models.attention.rollout import rollout_of
from models.attribution.gradients import Integrated, gradient_input, integrated_gradients
from models.attribution.leave_one_out import masked, removed, replaced
from models.attribution.names import Baseline, Method
from models.attribution.output import Output
from models.attribution.question import Question
from models.contributions.ask import source_totals
from models.engine.cache import derived
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.errors import InputError, Unsupported
from models.limits import MAX_INTEGRATION_STEPS
from models.text.tokens import Token
from models.translation import _

MAX_TOKENS = 1_024  # of one attribution: each token is a run in some methods


@dataclass(frozen=True, eq=False, kw_only=True)
class Attribution:
    """How much each token the model read counts for one number, `output`.

    `tokens` are the source's and then, for an encoder-decoder, the target's. `values` are in logits, and signed, but
    for "rollout", whose values are shares of attention; NaN where a method says nothing of a token. "source" is what
    all heads bring from a token; what the position holds by itself is not in it. Integrated gradients alone have a
    `baseline_output`, and a `completeness_error`: Σ values − (output − baseline_output).
    """

    method: Method
    question: Question
    tokens: tuple[Token, ...]
    values: Float32[ndarray, " token"]
    output: float
    baseline_output: float | None = None

    @property
    def completeness_error(self) -> float | None:
        """What the values miss of the difference between output and baseline output, in logits."""
        if self.baseline_output is None:
            return None
        return float(self.values.astype(np.float64).sum()) - (self.output - self.baseline_output)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How much of one attribution is done, from 0 to 1."""

    fraction: float


def attribute(
    model: LanguageModel,
    trace: Trace,
    asked: Question,
    method: str,
    *,
    baseline: str = "mean",
    steps: int = 50,
) -> Attribution:
    """One attribution by one method; raises InputError for a setting out of range, Unsupported where it cannot be."""
    *_progress, found = attributing(model, trace, asked, method, baseline=baseline, steps=steps)
    if not isinstance(found, Attribution):
        raise TypeError("The last thing an attribution yields is itself.")
    return found


def attributing(
    model: LanguageModel,
    trace: Trace,
    asked: Question,
    method: str,
    *,
    baseline: str = "mean",
    steps: int = 50,
) -> Iterator[Progress | Attribution]:
    """The same with news of how far it is; closing the iterator stops it. What is finished is kept with the trace."""
    check(trace, method, baseline, steps)
    key = ("attribution", method, asked, *_settings(method, baseline, steps))
    kept = trace.derived.peek(key)
    if kept is not None:
        yield kept.value
        return
    output = Output(model=model, trace=trace, question=asked)
    found = yield from WAYS[method](output, baseline, steps)
    values, baseline_output = found
    values.flags.writeable = False
    made = Attribution(
        method=method,  # type: ignore[arg-type]
        question=asked,
        tokens=output.tokens,
        values=values,
        output=asked.of(trace),
        baseline_output=baseline_output,
    )
    yield derived(trace, key, lambda: made)


def check(trace: Trace, method: str, baseline: str, steps: int) -> None:
    """Raises InputError for what is out of range."""
    for name, value, choices in (("method", method, get_args(Method)), ("baseline", baseline, get_args(Baseline))):
        if value not in choices:
            known = ", ".join(choices)
            raise InputError(
                _("{name} must be one of {choices}, not {value}.", name=name, choices=known, value=repr(value))
            )
    if not 1 <= steps <= MAX_INTEGRATION_STEPS:
        raise InputError(
            _(
                "{name} must be from {low} to {high}, not {value}.",
                name="steps",
                low=1,
                high=MAX_INTEGRATION_STEPS,
                value=steps,
            )
        )
    count = len(trace.tokens) + len(trace.target_tokens)
    if count > MAX_TOKENS:
        raise Unsupported(
            _(
                "Attribution is offered up to {most} tokens, not {count}; shorten the text.",
                most=MAX_TOKENS,
                count=count,
            )
        )


def rank_agreement(one: Float[ndarray, " token"], other: Float[ndarray, " token"]) -> float | None:
    """Spearman's ρ of two orders of the same tokens, −1 to 1, over those both speak of; None where it says nothing."""
    from scipy.stats import spearmanr  # noqa: PLC0415 - takes a second, and most visitors never need it

    both = np.isfinite(one) & np.isfinite(other)
    if both.sum() < 2 or np.ptp(one[both]) == 0 or np.ptp(other[both]) == 0:
        return None
    return float(spearmanr(one[both], other[both]).statistic)


Values: TypeAlias = Float32[ndarray, " token"]
Found: TypeAlias = tuple[ndarray, float | None]
Way: TypeAlias = Callable[[Output, str, int], Generator[Progress, None, Found]]


def _settings(method: str, baseline: str, steps: int) -> Sequence[str | int]:
    """The settings a method depends on."""
    if method == "integrated_gradients":
        return (baseline, steps)
    return (baseline,) if method == "leave_one_out_replaced" else ()


def _gradient_input(output: Output, _baseline: str, _steps: int) -> Generator[Progress, None, Found]:
    yield Progress(fraction=0.0)
    return np.array(gradient_input(output)), None


def _integrated(output: Output, baseline: str, steps: int) -> Generator[Progress, None, Found]:
    for news in integrated_gradients(output, baseline, steps):
        if isinstance(news, Integrated):
            return np.array(news.values), news.baseline_output
        yield Progress(fraction=news / steps)
    raise TypeError("Integrated gradients end with their values.")


def _leaving_out(way: Callable[[Output, str], Iterator[int | ndarray]]) -> Way:
    def leave_out(output: Output, baseline: str, _steps: int) -> Generator[Progress, None, Found]:
        for news in way(output, baseline):
            if isinstance(news, ndarray):
                return news, None
            yield Progress(fraction=news / len(output.tokens))
        raise TypeError("Leaving out ends with the values.")

    return leave_out


def _source(output: Output, _baseline: str, _steps: int) -> Generator[Progress, None, Found]:
    """What all heads together bring to the logit from each token they look at: a part of the sum that is the logit."""
    asked = output.question
    yield Progress(fraction=0.0)
    against = "" if asked.against is None else f"#{asked.against}"
    totals = source_totals(output.model, output.trace, asked.position, f"#{asked.token}", against)
    own = totals.get("self", [0.0] * output.lengths[-1])
    return np.array([*totals.get("cross", [0.0] * (len(output.tokens) - len(own))), *own], dtype=np.float32), None


def _rollout(output: Output, _baseline: str, _steps: int) -> Generator[Progress, None, Found]:
    trace = output.trace
    if trace.kind == "encoder-decoder":
        raise Unsupported(_("Rollout follows one text through its layers, and this model reads two."))
    yield Progress(fraction=0.0)
    return np.array(rollout_of(trace, trace.layers_of("self") - 1)[output.question.position]), None


WAYS: Mapping[str, Way] = {
    "gradient_input": _gradient_input,
    "integrated_gradients": _integrated,
    "leave_one_out_masked": _leaving_out(lambda output, _baseline: masked(output)),
    "leave_one_out_replaced": _leaving_out(replaced),
    "leave_one_out_removed": _leaving_out(lambda output, _baseline: removed(output)),
    "source": _source,
    "rollout": _rollout,
}
