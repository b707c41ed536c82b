"""A call: a function of what it may use and what was asked, with a typed answer, once or as a stream of them."""

import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock, Semaphore
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, get_args, get_origin, get_type_hints

from explorer.calls.requests import ChangedRequest, Request, Run, RunRequest, checked
from explorer.settings import Settings
from models.changes.kinds import without_positions
from models.engine.pool import Pool

if TYPE_CHECKING:
    import models.engine.language_model
    import models.engine.trace

R = TypeVar("R", bound=Request)
A = TypeVar("A")


class Engine:
    """The calls that need the engine: imported by whoever needs them first, while all others wait."""

    def __init__(self, calls: "Callable[[], Sequence[Call[Any, Any]]]" = tuple) -> None:
        self._import = calls
        self._calls: Mapping[str, Call[Any, Any]] | None = None
        self._lock = Lock()

    @property
    def ready(self) -> bool:
        """Whether nobody has to wait."""
        return self._calls is not None

    def calls(self) -> "Mapping[str, Call[Any, Any]]":
        """The calls by name; takes seconds the first time."""
        with self._lock:
            if self._calls is None:
                self._calls = by_name(self._import())
            return self._calls


async def always() -> bool:
    """Who asks in this process does not leave."""
    return True


@dataclass(frozen=True, eq=False, kw_only=True)
class Context:
    """What a call may use besides its request: models, settings, who asks (and still listens), slots of heavy work."""

    pool: Pool
    settings: Settings
    session_id: str = ""
    waiting: Callable[[], int] = lambda: 0
    slots: Semaphore = field(default_factory=Semaphore)
    engine: Engine = field(default_factory=Engine)
    listening: Callable[[], Awaitable[bool]] = always

    def model(self, request: Any) -> "models.engine.language_model.LanguageModel":
        """The model that a request or a run names, with the changes that belong to the run."""
        run = request.run if isinstance(request, RunRequest) else request
        model = self.pool.model(run.model)
        return model.changed(run.changes, run.text, run.target) if isinstance(run, Run) and run.changes else model

    def model_for(
        self, request: ChangedRequest, text: str, target: str = ""
    ) -> "models.engine.language_model.LanguageModel":
        """The changed model for a text of the call's own; what names a position of the page's text is left out."""
        return self.pool.model(request.model).changed(without_positions(request.changes), text, target)

    def trace(self, request: Any) -> "models.engine.trace.Trace":
        """The trace of the run that a request names; computed once for all who ask."""
        run = request if isinstance(request, Run) else request.run
        return self.pool.trace(run.model, run.text, run.target, run.changes)


@dataclass(frozen=True, eq=False, kw_only=True)
class Call(Generic[R, A]):
    """One way through the door. `stream` calls give an answer again and again, the last one whole.

    An `asynchronous` one waits for others' work without a thread; it does its own in threads. `public` calls are
    endpoints too, for programs and (over MCP) for assistants; `summary` is their docstring.
    """

    name: str
    function: Callable[[Context, R], A]
    request: type[R]
    answer: Any
    stream: bool
    public: bool
    summary: str

    @property
    def asynchronous(self) -> bool:
        return inspect.iscoroutinefunction(inspect.unwrap(self.function))

    def __call__(self, context: Context, request: R) -> A:
        return self.function(context, request)

    def ask(self, context: Context, given: Any) -> A:
        """Check what came in and answer it; raises a ModelError with the sentence to show."""
        return self.function(context, checked(self.request, given))


def by_name(calls: Sequence[Call[Any, Any]]) -> Mapping[str, Call[Any, Any]]:
    """Calls by their names, of which each is one call's alone."""
    found = {one.name: one for one in calls}
    if len(found) < len(calls):
        raise ValueError(f"Two calls share a name: {sorted(one.name for one in calls)}.")
    return found


def call(function: Callable[[Context, R], A]) -> Call[R, A]:
    """Declare a call: its name is the function's, its request and answer are the function's annotations."""
    return _declared(function, public=False)


def endpoint(function: Callable[[Context, R], A]) -> Call[R, A]:
    """Declare a call that is also a public endpoint and an MCP tool."""
    return _declared(function, public=True)


def _declared(function: Callable[[Context, R], A], *, public: bool) -> Call[R, A]:
    hints: dict[str, Any] = get_type_hints(function)
    answer = hints.pop("return")
    request = [kind for kind in hints.values() if isinstance(kind, type) and issubclass(kind, Request)]
    if len(request) != 1 or len(hints) != 2:
        raise TypeError(f"{function.__name__} needs a context, and one request with a type.")
    stream = isinstance(get_origin(answer), type) and issubclass(get_origin(answer), Iterator)
    return Call(
        name=function.__name__,
        function=function,
        request=cast("type[R]", request[0]),
        answer=get_args(answer)[0] if stream else answer,
        stream=stream,
        public=public,
        summary=function.__doc__ or "",
    )
