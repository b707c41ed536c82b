"""Runs: `main`, and `other` when someone compares. What a run is, in plain values, and the call that makes one."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NotRequired

from typing_extensions import TypedDict

from explorer.calls import Context, RunRequest, call
from explorer.calls.answers import TokenRow, token_rows
from explorer.shell.progress import Done, Progress, ReportProgress, run_with_progress
from models.catalog import find, offered
from models.changes.kinds import plain
from models.translation import _

if TYPE_CHECKING:
    import models.engine.language_model
    import models.engine.trace


class AttentionKind(TypedDict):
    """One kind of attention of a run: `kind` is self, encoder, decoder or cross.

    `heads` is the most heads a layer has, `heads_by_layer` those of each: 0 for blocks of a hybrid that do not attend.
    """

    kind: str
    layers: int
    heads: int
    heads_by_layer: list[int]


class Sample(TypedDict):
    """An example text, and for encoder-decoder models a target."""

    text: str
    target: str


class RunFacts(TypedDict):
    """What the page knows about a run without asking: one model, one text, its tokens.

    `closed` says in one sentence why there is no "attention", or no "words". `changes` are those under which it ran.
    """

    model: str
    revision: str
    kind: str
    text: str
    target: str
    changes: list[Any]
    layers: int
    heads: int
    attention_kinds: list[AttentionKind]
    closed: dict[str, str]
    tokens: list[TokenRow]
    target_tokens: list[TokenRow]
    context: int | None
    vocab: int
    parameters: int
    device: str
    samples: list[Sample]


class RunMessage(TypedDict):
    """How far a run is (`fraction` from 0 to 1), and at the end its facts."""

    doing: NotRequired[str]
    fraction: NotRequired[float]
    facts: NotRequired[RunFacts]


@call
def run(context: Context, request: RunRequest) -> Iterator[RunMessage]:
    """Load the model if nobody has it yet, run it over the text, and say what came of it."""

    def work(report: ReportProgress) -> RunFacts:
        if not context.engine.ready:
            report(0.0, _("The engine is starting…"))
            context.engine.calls()
        report(0.0, _("Waiting for {model}…", model=request.model))  # somebody else may be loading it already
        with context.slots:
            model = context.pool.model(request.model, progress=report)
            report(1.0, _("Running the model…"))
            return facts_of(model, context.trace(request))

    for message in run_with_progress(work):
        if isinstance(message, Done):
            yield {"facts": message.value}
        elif isinstance(message, Progress):
            yield {"doing": message.doing, "fraction": message.fraction}


def facts_of(model: "models.engine.language_model.LanguageModel", trace: "models.engine.trace.Trace") -> RunFacts:
    """Describe one trace for every view."""
    return {
        "model": model.name,
        "revision": model.revision,
        "kind": trace.kind,
        "text": trace.text,
        "target": trace.target,
        "changes": plain(trace.changes),
        "layers": trace.layers,
        "heads": trace.heads,
        "attention_kinds": [
            {
                "kind": kind,
                "layers": trace.layers_of(kind),
                "heads": trace.heads_of(kind),
                "heads_by_layer": list(trace.heads_by_layer(kind)),
            }
            for kind in trace.attention_kinds
        ],
        "closed": dict(trace.closed),
        "tokens": token_rows(trace.tokens),
        "target_tokens": token_rows(trace.target_tokens),
        "context": model.context,
        "vocab": model.vocab,
        "parameters": model.parameters,
        "device": f"{model.device} {model.precision}",
        "samples": samples_of(model.name, model.kind),
    }


def samples_of(name: str, kind: str = "decoder") -> list[Sample]:
    """Examples of the model itself, or of the first catalogue model of its kind that has some."""
    own = find(name)
    shelf = [own] if own and own.examples else [entry for entry in offered() if entry.kind == kind and entry.examples]
    targets: Sequence[str] = shelf[0].targets or ("",) * len(shelf[0].examples)
    return [{"text": text, "target": target} for text, target in zip(shelf[0].examples, targets, strict=True)]
