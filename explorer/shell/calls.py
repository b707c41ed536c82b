"""The calls of the page itself: a run, the models on offer, and whether the app is well."""

from typing_extensions import TypedDict

from explorer.calls import Context, Request, endpoint
from explorer.shell.link_code import link_code
from explorer.shell.pair import pair
from explorer.shell.runs import run
from models.catalog import Entry, offered
from models.loading.weights import read_weights

__all__ = ["health", "link_code", "models", "pair", "run"]


class ModelAnswer(TypedDict):
    """One model; `kind` is decoder, encoder or encoder-decoder."""

    name: str
    family: str
    kind: str
    parameters: int | None
    loaded: bool


class HealthAnswer(TypedDict):
    """Whether the app answers: `status` is starting while the engine is imported, then ok; `queue` counts who waits."""

    status: str
    device: str
    models: list[str]
    queue: int


class Nothing(Request):
    """A question without arguments."""


@endpoint
def models(context: Context, _request: Nothing) -> list[ModelAnswer]:
    """List the models that can be asked for by name.

    Returns:
        One object per model: name, family, kind (decoder, encoder or encoder-decoder), parameters, loaded.

    """
    loaded = {name: context.pool.model(name) for name in context.pool.loaded}
    offers = {entry.name: _offer(entry, loaded=entry.name in loaded) for entry in offered()}
    others: list[ModelAnswer] = [
        {"name": name, "family": model.family, "kind": model.kind, "parameters": model.parameters, "loaded": True}
        for name, model in loaded.items()
        if name not in offers
    ]
    return [*offers.values(), *others]


@endpoint
def health(context: Context, _request: Nothing) -> HealthAnswer:
    """Say whether the app answers, on which device, with which models in memory and how many runs waiting.

    Returns:
        status (ok, or starting in the first seconds, when calls are answered a little later), device, models (names)
        and queue (how many wait).

    """
    return {
        "status": "ok" if context.engine.ready else "starting",
        "device": _device(context),
        "models": list(context.pool.loaded),
        "queue": context.waiting(),
    }


def _device(context: Context) -> str:
    """The device in use; the one that was asked for, if any, while nobody knows yet."""
    if not context.engine.ready:
        return context.settings.device or ""
    from models.loading.devices import choose_device  # noqa: PLC0415 - the page answers before the engine is there

    return choose_device(context.settings.device)


def _offer(entry: Entry, *, loaded: bool) -> ModelAnswer:
    counted = entry.parameters or (read_weights(entry.folder, entry.name).parameters if entry.folder else None)
    return {"name": entry.name, "family": entry.family, "kind": entry.kind, "parameters": counted, "loaded": loaded}
