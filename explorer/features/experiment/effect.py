"""The effect of changes, in the plain values of the answer."""

from explorer.calls import Context, Run
from explorer.calls.answers import candidate
from explorer.features.experiment.endpoints import ExperimentAnswer, ExperimentRequest, MovedAnswer
from models.changes.experiment import Effect, effect, predicted_position
from models.engine.language_model import LanguageModel
from models.generation.sampling import Distribution, Sampling, distribution


def measured(context: Context, request: ExperimentRequest) -> ExperimentAnswer:
    """Both sides of an experiment; the unchanged one comes from the trace that everybody shares."""
    model = context.pool.model(request.model)
    plain = context.trace(Run(model=request.model, text=request.text, target=request.target))
    predicted_position(plain)
    changed = context.trace(request)
    found = effect(plain, changed)
    sides = [distribution(trace.logits_at(found.position), Sampling()) for trace in (plain, changed)]
    before, after = ([candidate(model, one) for one in side.top(request.limit)] for side in sides)
    return {
        "before": before,
        "after": after,
        "kl": found.kl,
        "gained": [_moved(model, found, int(token), sides[0]) for token in found.gained],
        "lost": [_moved(model, found, int(token), sides[0]) for token in found.lost],
        "position": found.position,
    }


def _moved(model: LanguageModel, found: Effect, token: int, side: Distribution) -> MovedAnswer:
    named = candidate(model, side.of(token))
    return {
        "id": token,
        "text": named["text"],
        "special": named["special"],
        "before": float(found.before[token]),
        "after": float(found.after[token]),
    }
