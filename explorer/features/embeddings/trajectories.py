"""The text's tokens on their way through the layers: one picture for several sentences, and cosines along the way."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, Run, RunRequest, Whole, call
from explorer.calls.answers import numbers, packed
from explorer.features.embeddings.figures import FigureAnswer, cosine_figure, plain
from explorer.features.embeddings.points import padded, quantised
from explorer.features.embeddings.vector_set import Stack, rounded, token_name
from models.changes.kinds import without_positions
from models.engine.trace import Trace
from models.errors import InputError
from models.projection.methods import Metric, Projection
from models.projection.trajectories import shared_components
from models.translation import _, _n, number
from models.vectors.embedding_tables import Path, mean_cosine, path_cosines, paths

MAX_SENTENCES = 12
MAX_PATHS = 200
MAX_CHARACTERS = 10_000
SentenceAndPosition = Annotated[list[Whole], Field(min_length=2, max_length=2)]


class SentencesRequest(RunRequest):
    """The run's text and `sentences` beside it, one per line."""

    sentences: str = Field("", max_length=MAX_CHARACTERS)
    stack: Stack = Field("decoder")


class TrajectoriesRequest(SentencesRequest):
    """Which tokens to draw (`word`: only those that spell it) and how."""

    word: str = Field("", max_length=200)
    dimensions: Whole = Field(2, ge=2, le=3)
    metric: Metric = Field("cosine")


class CosineRequest(SentencesRequest):
    """Two tokens, each by sentence and position."""

    left: SentenceAndPosition
    right: SentenceAndPosition


class TrajectoryAnswer(TypedDict):
    """One token that is drawn: its sentence, its position there, and its name."""

    sentence: int
    position: int
    name: str


class TrajectoriesAnswer(TypedDict):
    """All paths in one projection; `points` are uint16, base64, `depths` of them for each path."""

    points: str
    dimensions: int
    depths: int
    paths: list[TrajectoryAnswer]
    sentences: list[str]
    explained: list[float | None]
    caption: str


class CosineAnswer(TypedDict):
    """The cosine at every depth, and its figure."""

    figure: FigureAnswer
    values: list[float | None]


@call
def trajectories(context: Context, request: TrajectoriesRequest) -> TrajectoriesAnswer:
    """Every chosen token's place at every depth, in one projection shared by all sentences."""
    traces = _traces(context, request)
    found = _chosen(paths(traces, request.stack), request.word)
    drawn = found[:MAX_PATHS]
    dimensions: Literal[2, 3] = 3 if request.dimensions == 3 else 2
    projection = shared_components(drawn, dimensions=dimensions, metric=request.metric)
    return {
        "points": packed(quantised(padded(projection.points, dimensions))),
        "dimensions": dimensions,
        "depths": len(drawn[0].vectors),
        "paths": [{"sentence": one.text, "position": one.position, "name": token_name(one.token)} for one in drawn],
        "sentences": [trace.text for trace in traces],
        "explained": [rounded(share, 5) for share in projection.explained[:dimensions]],
        "caption": _caption(projection, dimensions, len(found) - len(drawn)),
    }


@call
def cosine_by_depth(context: Context, request: CosineRequest) -> CosineAnswer:
    """The cosine of two tokens at every depth, as a figure."""
    found = paths(_traces(context, request), request.stack)
    left, right = (_at(found, place) for place in (request.left, request.right))
    values = path_cosines(left, right)
    baseline = mean_cosine(found) if len(found) > 1 else None
    figure = cosine_figure(values, baseline, names=(_name(left), _name(right)))
    return {"figure": plain(figure), "values": numbers(values)}


def _traces(context: Context, request: SentencesRequest) -> tuple[Trace, ...]:
    """The page's text first, then one trace for every other sentence that is not empty."""
    others = [line.strip() for line in request.sentences.splitlines() if line.strip()]
    if len(others) >= MAX_SENTENCES:
        raise InputError(
            _("At most {most} more sentences can be compared; here are {count}.",
              most=MAX_SENTENCES - 1, count=len(others)),
        )  # fmt: skip
    everywhere = without_positions(request.changes)  # what names a place of the page's text has none in the others
    runs = [Run(model=request.model, text=line, target=request.target, changes=everywhere) for line in others]
    return tuple(context.trace(run) for run in (request.run, *runs))


def _chosen(found: tuple[Path, ...], word: str) -> tuple[Path, ...]:
    """The tokens that spell the wanted word, or all; the word's parts where the model cuts it."""
    wanted = word.strip().casefold()
    if not wanted:
        return found
    spelled = tuple(one for one in found if token_name(one.token).strip().casefold() == wanted)
    if not spelled:
        raise InputError(_("No token here spells “{word}”; leave the box empty to see all tokens.", word=wanted))
    return spelled


def _at(found: tuple[Path, ...], place: list[int]) -> Path:
    path = next((one for one in found if [one.text, one.position] == place), None)
    if path is None:
        raise InputError(_("Choose two tokens to compare."))
    return path


def _name(path: Path) -> str:
    return _("“{token}” in sentence {sentence}", token=token_name(path.token).strip(), sentence=str(path.text + 1))


def _caption(projection: Projection, dimensions: int, left_out: int) -> str:
    share = number(100 * float(projection.explained[:dimensions].sum()), 1)
    told = [
        _("One PCA of all these tokens at all depths; what is drawn holds {share} % of the variance.", share=share),
        _("Large dots are the last depth."),
    ]
    if projection.settings.metric == "cosine":
        told.insert(0, _("Every vector is taken with length one."))
    if left_out:
        told.append(
            _n(
                "Only the first {most} tokens are drawn; {count} is left out.",
                "Only the first {most} tokens are drawn; {count} are left out.",
                left_out,
                most=MAX_PATHS,
            )
        )
    return " ".join(told)
