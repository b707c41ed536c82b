"""Public calls as Gradio endpoints, and so as MCP tools: the same request, the same answer, one argument each."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, get_origin, no_type_check

import gradio as gr
from anyio import to_thread
from gradio.context import LocalContext
from gradio.events import api

from explorer.calls.declaration import Call, Context
from explorer.calls.failures import foreseen
from explorer.calls.requests import Request
from models.limits import MAX_BATCH_SIZE

# Arguments that follow those of their own kind, so that the shortest way to ask needs the fewest.
LAST = ("target", "changes")


def add_endpoints(calls: Sequence[Call[Any, Any]], context: Callable[[], Context], *, workers: int) -> None:
    """Offer every public call from inside the page that is being built; none waits for another kind.

    `workers` of one kind run at once. Of streams, which share the passes of their model, and of those that wait without
    a thread, many may.
    """
    for one in calls:
        if one.public:
            many = one.stream or one.asynchronous
            limit = MAX_BATCH_SIZE if many else workers if one.request.model_fields else None
            api(function_of(one, context), api_name=one.name, concurrency_id=one.name, concurrency_limit=limit)


# Gradio knows a stream by its being a generator function; a checker wrapped around it would hide that.
@no_type_check
def function_of(one: Call[Any, Any], context: Callable[[], Context]) -> Callable[..., Any]:
    """A function with the call's arguments by name and position, whose docstring the API page and MCP clients show."""
    signature = signature_of(one)

    def arguments(given: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any]:
        return dict(signature.bind(*given, **named).arguments)

    def answer(*given: Any, **named: Any) -> Any:
        with _telling():
            return one.ask(context(), arguments(given, named))

    def stream(*given: Any, **named: Any) -> Iterator[Any]:
        with _telling():
            yield from one.ask(context(), arguments(given, named))

    async def awaited(*given: Any, **named: Any) -> Any:
        own = await to_thread.run_sync(context)
        with _telling():
            return await one.ask(replace(own, session_id=_visitor(), listening=_listening), arguments(given, named))

    function: Any = awaited if one.asynchronous else stream if one.stream else answer
    function.__name__ = one.name
    function.__doc__ = documentation(one)
    function.__signature__ = signature
    function.__annotations__ = {name: given.annotation for name, given in signature.parameters.items()}
    function.__annotations__["return"] = signature.return_annotation
    return function


@contextmanager
def _telling() -> Iterator[None]:
    """What a person can put right is told clients in one sentence."""
    try:
        yield
    except Exception as error:
        if (told := foreseen(error)) is None:
            raise
        raise gr.Error(str(told), print_exception=False) from error


def _visitor() -> str:
    """Who asks; nothing outside Gradio's queue, where each request is for itself."""
    request = LocalContext.request.get(None)
    return str(getattr(request, "session_hash", None) or "")


async def _listening() -> bool:
    """Whether the reader of this answer is still there; Gradio notes it of the events under way."""
    blocks, event_id = LocalContext.blocks.get(None), LocalContext.event_id.get(None)
    jobs = blocks._queue.active_jobs if blocks else ()  # noqa: SLF001 - no public way
    return all(event.alive for job in jobs for event in job or () if event._id == event_id)  # noqa: SLF001 - as above


def signature_of(one: Call[Any, Any]) -> inspect.Signature:
    """The request's fields as arguments in their order; what comes back is JSON of one kind or another."""
    names = one.request.ORDER or sorted(
        one.request.model_fields, key=lambda name: LAST.index(name) + 1 if name in LAST else 0
    )
    plain: Any = list if get_origin(one.answer) is list else dict
    answer = Iterator[plain] if one.stream else plain
    return inspect.Signature([_parameter(name, one.request) for name in names], return_annotation=answer)


def documentation(one: Call[Any, Any]) -> str:
    """The call's own text, with its arguments before what it returns."""
    fields = signature_of(one).parameters
    lines = [f"    {name}: {one.request.model_fields[name].description}" for name in fields]
    head, _, returns = inspect.cleandoc(one.summary).partition("Returns:")
    arguments = "\n".join(["Args:", *lines, "", ""]) if lines else ""
    return f"{head}{arguments}Returns:{returns}"


def _parameter(name: str, request: type[Request]) -> inspect.Parameter:
    field = request.model_fields[name]
    default = inspect.Parameter.empty if field.is_required() else field.default
    return inspect.Parameter(
        name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation=_plain(field.annotation)
    )


def _plain(annotation: Any) -> Any:
    """What an endpoint says of an argument: a list of changes is a list."""
    return list if get_origin(annotation) is list else annotation
