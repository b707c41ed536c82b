"""The call that puts the surprisal of two runs beside each other, and says how far it is while masked models work."""

from collections.abc import Iterator
from typing import NotRequired

from typing_extensions import TypedDict

from explorer.calls import Context, PairRequest, call
from explorer.features.surprisal.endpoints import CompareAnswer, compared_answer
from models.comparison.correspondence import read_by
from models.generation.scoring import TokenScores, scores_on_the_way


class BothAnswer(TypedDict):
    """What `/compare` answers, whether both read one text, and which sides give pseudo-log-likelihoods."""

    found: CompareAnswer
    one_text: bool
    pseudo: list[bool]


class BothMessage(TypedDict):
    """How many tokens of `side` (0 or 1) are `done`, `of` all; at the end the answer."""

    side: NotRequired[int]
    done: NotRequired[int]
    of: NotRequired[int]
    answer: NotRequired[BothAnswer]


@call
def surprisal_of_both(context: Context, request: PairRequest) -> Iterator[BothMessage]:
    """Say what both runs cost, stretch by stretch; masked models are asked for one token after the other."""
    runs = (request.run, request.other)
    models, traces = [context.model(run) for run in runs], [context.trace(run) for run in runs]
    scores: list[TokenScores] = []
    for side, (model, trace) in enumerate(zip(models, traces, strict=True)):
        for news in scores_on_the_way(model, trace):
            if isinstance(news, TokenScores):
                scores.append(news)
            else:
                yield {"side": side, "done": news[0], "of": news[1]}
    texts = [read_by(trace)[1] for trace in traces]
    found = compared_answer(models, traces, scores)
    yield {"answer": {"found": found, "one_text": texts[0] == texts[1], "pseudo": [one.pseudo for one in scores]}}
