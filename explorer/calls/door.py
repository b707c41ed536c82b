"""The door over HTTP: `POST calls/<name>` with one JSON object, answered by one object, or line by line by a stream.

A reader who leaves ends the stream: the connection closes, the generator is closed, the work it did stops. Work runs in
threads of two kinds, so that a run that waits for its model never holds up a slider.
"""

import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from threading import Semaphore
from typing import Any

import anyio
import gradio as gr
import orjson
from anyio import CapacityLimiter, to_thread
from gradio.context import LocalContext
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from explorer.calls.declaration import Call, Context, Engine, by_name
from explorer.calls.failures import sentence_of
from explorer.calls.requests import checked
from explorer.compression import compressed, takes_brotli
from explorer.settings import Settings
from models.engine.pool import Pool
from models.errors import InputError, ModelError
from models.translation import _

log = logging.getLogger(__name__)

THREADS = 16
STREAMS = 128
MAX_BODY_BYTES = 1_000_000
SESSION_CHARACTERS = 64
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # no proxy may keep an answer or hold a line back
END = object()
WORTH_COMPRESSING = 1_000  # bytes
QUALITY = 4  # of compression: 10 ms to a megabyte


class Door:
    """Every declared call, served: `calls` at once, all others when the engine is there."""

    def __init__(
        self,
        calls: Sequence[Call[Any, Any]],
        settings: Settings,
        pool: Pool,
        *,
        engine: Engine | None = None,
        queued: Callable[[], int] = lambda: 0,
    ) -> None:
        self.calls = by_name(calls)
        self.engine = engine or Engine()
        self.settings = settings
        self.pool = pool
        self.queued = queued
        self._threads = CapacityLimiter(THREADS)
        self._streams = CapacityLimiter(STREAMS)
        self._slots = Semaphore(settings.workers)

    @property
    def route(self) -> Route:
        """Where the page asks, relative to it."""
        return Route("/calls/{name}", self.serve, methods=["POST"])

    def context(self, session_id: str = "") -> Context:
        """What a call of this visitor may use."""
        return Context(
            pool=self.pool, settings=self.settings, session_id=session_id, waiting=self.waiting, slots=self._slots,
            engine=self.engine,
        )  # fmt: skip

    def context_with_engine(self) -> Context:
        """The same for a call that needs the engine; waits until that is imported."""
        self.engine.calls()
        return self.context()

    def waiting(self) -> int:
        """How many requests wait for a thread, here and in Gradio's queue."""
        here = sum(limiter.statistics().tasks_waiting for limiter in (self._threads, self._streams))
        return here + self.queued()

    async def serve(self, request: Request) -> Response:
        """Answer one request; what a person can put right comes back as `{"error": sentence}`."""
        asked = await self._find(request.path_params["name"])
        if asked is None:
            return _refusal(_("This page asks for something the app does not know; load it again."), 404)
        if (count := self.waiting()) >= self.settings.queue:
            return _refusal(_("{count} requests are waiting already; try again in a few seconds.", count=count), 503)
        LocalContext.request.set(gr.Request(request))  # whose share of a borrowed GPU this is
        try:
            return await self._answer(asked, request)
        except ClientDisconnect:
            return Response(status_code=499)
        except ModelError as error:
            return _refusal(str(error), 200)  # an answer like any other: browsers count 400 as a fault of the page
        except Exception as error:  # noqa: BLE001 - the visitor gets a sentence, the log the place
            return _refusal(sentence_of(log, asked.name, error), 500)

    async def _find(self, name: str) -> Call[Any, Any] | None:
        if name in self.calls:
            return self.calls[name]
        later = self.engine.calls() if self.engine.ready else await to_thread.run_sync(self.engine.calls)
        return later.get(name)

    async def _answer(self, asked: Call[Any, Any], request: Request) -> Response:
        context = self.context(request.headers.get("explorer-session", "")[:SESSION_CHARACTERS])
        given, accepted = await _object(request), request.headers.get("accept-encoding", "")
        if asked.stream:
            lines = self._lines(asked, context, checked(asked.request, given))
            return StreamingResponse(lines, media_type="application/x-ndjson", headers=HEADERS)
        if asked.asynchronous:

            async def listening() -> bool:
                return not await request.is_disconnected()

            answer = await asked.ask(replace(context, listening=listening), given)
            return await to_thread.run_sync(_written, answer, accepted, limiter=self._threads)
        return await to_thread.run_sync(lambda: _written(asked.ask(context, given), accepted), limiter=self._threads)

    async def _lines(self, asked: Call[Any, Any], context: Context, request: Any) -> AsyncIterator[bytes]:
        answers: Iterator[Any] = asked(context, request)
        try:
            while line := await to_thread.run_sync(_next, answers, limiter=self._streams):
                yield line
        except ModelError as error:
            yield _json({"error": str(error)}) + b"\n"
        except Exception as error:  # noqa: BLE001 - the visitor gets a sentence, the log the place
            yield _json({"error": sentence_of(log, asked.name, error)}) + b"\n"
        finally:
            with anyio.CancelScope(shield=True):
                await to_thread.run_sync(_close, answers, limiter=self._streams)


async def _object(request: Request) -> Any:
    """The body as JSON. A page of another address could not send this type without asking first."""
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        raise InputError(_("A request is one JSON object, sent as application/json."))
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY_BYTES:
            raise InputError(_("The request is larger than {bytes} bytes; shorten the text.", bytes=MAX_BODY_BYTES))
    try:
        return json.loads(body)  # not orjson: half a character comes through, to be refused with a better sentence
    except (ValueError, RecursionError):
        raise InputError(_("A request is one JSON object, sent as application/json.")) from None


def _next(answers: Iterator[Any]) -> bytes:
    """The next answer as a line, written in its thread: others' answers pass meanwhile; nothing after the last."""
    answer = next(answers, END)
    return b"" if answer is END else _json(answer) + b"\n"


def _close(answers: Any) -> None:
    if hasattr(answers, "close"):
        answers.close()


def _refusal(sentence: str, status: int) -> JSONResponse:
    return JSONResponse({"error": sentence}, status_code=status, headers=HEADERS)


def _written(answer: Any, accepted: str) -> Response:
    """An answer as JSON; compressed where that spares a visitor more than it costs."""
    body, headers = _json(answer), HEADERS
    if len(body) >= WORTH_COMPRESSING and takes_brotli(accepted):
        body, headers = compressed(body, QUALITY), {**HEADERS, "Content-Encoding": "br"}
    return Response(body, media_type="application/json", headers=headers)


def _json(answer: Any) -> bytes:
    """Numbers that are none (NaN, infinite) become null."""
    return orjson.dumps(answer, option=orjson.OPT_SERIALIZE_NUMPY)
