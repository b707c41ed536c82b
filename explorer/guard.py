"""What stands before every route: who may ask, what may be asked, how much may be sent, and what a browser may do.

Local mode answers to its own addresses only, so that no web page a person happens to have open can drive the app on
their machine: neither from its own address (Origin, Sec-Fetch-Site) nor under a name it points at this machine (Host;
"DNS rebinding"). Hosted mode serves whoever asks, as a public page does. SECURITY.md says what that promises.
"""

import asyncio
import ipaddress
import os
import re
import socket
from collections.abc import Collection, Iterable
from functools import cache
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer.settings import Settings
from models.translation import _

MAX_BODY_BYTES = 1_000_000
BODY_SECONDS = 30.0  # between two parts of a body: who sends half of one holds no place for ever
GRADIO = "/gradio_api"

# What the page, its endpoints and MCP need. Uploads, recordings, reloading, files of other addresses: nobody does.
READ = re.compile(
    r"/(|config/?|openapi\.json|theme\.css|favicon\.ico|robots\.txt|manifest\.json|plotly-[\d.]+\.min\.js"
    r"|(static|assets|svelte|pwa_icon)(/.*)?"
    rf"|{GRADIO[1:]}/((info|openapi\.json|app_id|startup-events|queue/data|queue/status)/?|heartbeat/\w+"
    r"|call/[\w.-]+/\w+|mcp(/.*)?))"
)
SENT = re.compile(
    rf"/(calls/\w+|{GRADIO[1:]}/((call|call/v2|run|api)/[\w.-]+/?|queue/join/?|cancel/?|reset/?|mcp(/.*)?))"
)
PARTS = {"X-Content-Type-Options": "nosniff"}
"""The header of a script, a style sheet or a font: they open no page, and there are a hundred of them to a page."""
ENDING = re.compile(rf"{GRADIO}/mcp(/.*)?")


class Guard:
    """ASGI middleware; see the module."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.local = settings.mode == "local"
        self.hosts = frozenset(host.lower() for host in settings.hosts)
        self.headers = _headers(settings.embed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what may not pass; hand on the rest, with its body counted and its answer's headers added."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refused = self._refusal(scope)
        if refused is not None:
            await refused(scope, receive, self._dressed(send))
            return
        body = _Counted(receive, self._dressed(send))
        try:
            await self.app(scope, body.receive, body.send)
        except Exception:
            if not body.is_too_large:
                raise
        if body.is_too_large and not body.is_answered:
            await _said(too_large(), 413)(scope, receive, self._dressed(send))

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        headers = Headers(scope=scope)
        if not _exists(scope["method"], scope["path"].removeprefix(scope.get("root_path", ""))):
            return _said(_("There is nothing at this address."), 404)
        if self.local and not all(self._own(_name(headers.get(name, ""))) for name in _named_by(headers)):
            return _said(
                _(
                    "This app answers to addresses of its own machine only; to serve it under another name, name that "
                    "in EXPLORER_HOSTS."
                ),
                403,
            )
        if self.local and _foreign(scope["method"], headers):
            return _said(_("Another page may not use this app; open the app's own page."), 403)
        if int(headers.get("content-length") or 0) > MAX_BODY_BYTES:
            return _said(too_large(), 413)
        return None

    def _own(self, host: str) -> bool:
        return "*" in self.hosts or host in self.hosts or host in _own_names() or _is_address(host)

    def _dressed(self, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                told = self.headers if _opens(headers.get("content-type", "")) else PARTS
                for name, value in told.items():
                    headers.setdefault(name, value)
            await send(message)

        return sending


def too_large() -> str:
    """What is said of a request that is larger than any question can be."""
    return _("The request is larger than {bytes} bytes; shorten the text.", bytes=MAX_BODY_BYTES)


def _headers(embed: Iterable[str]) -> dict[str, str]:
    """What the browser is told: scripts and answers of this server only, embedded by its own pages and by `embed`.

    Gradio writes its configuration into the page as a script and makes functions of text, so that "inline" and "eval"
    have to be allowed; what those could send, `connect-src` keeps at home.
    """
    policy = {
        "default-src": "'self'",
        "script-src": "'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self' data: blob:",
        "worker-src": "'self' blob:",
        "frame-src": "'self' blob: data:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": " ".join(["'self'", *embed]),
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        **PARTS,
        "Referrer-Policy": "same-origin",
    }


def _exists(method: str, path: str) -> bool:
    if method in {"GET", "HEAD", "OPTIONS"} and (READ.fullmatch(path) or SENT.fullmatch(path)):
        return True
    wanted = {"POST": SENT, "DELETE": ENDING}.get(method)
    return wanted is not None and wanted.fullmatch(path) is not None


def _foreign(method: str, headers: Headers) -> bool:
    """Whether a browser says that a page of another address asks for work; programs say nothing of the kind."""
    if method in {"GET", "HEAD", "OPTIONS"} and headers.get("sec-fetch-dest") != "iframe":
        return False
    if headers.get("sec-fetch-site") == "cross-site":
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()


def _named_by(headers: Headers) -> list[str]:
    """The headers that say under which address the app is asked; Gradio believes a proxy's before the browser's."""
    return ["host", *(["x-forwarded-host"] if "x-forwarded-host" in headers else [])]


def _name(host: str) -> str:
    """The name in a Host header, without the port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_address(host: str) -> bool:
    """Whether the visitor typed a number: only a name can be made to point at a machine by somebody else."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


@cache
def _own_names() -> Collection[str]:
    machine, served = socket.gethostname().lower(), os.environ.get("GRADIO_SERVER_NAME", "").lower()
    return frozenset({"localhost", machine, f"{machine}.local", served} - {""})


def _opens(kind: str) -> bool:
    """Whether a browser that is sent here by a link makes a page of it, which a policy has to hold."""
    return not kind.startswith(("text/javascript", "application/javascript", "text/css", "font/"))


def _said(sentence: str, status: int) -> JSONResponse:
    return JSONResponse({"error": sentence}, status_code=status)


class _Counted:
    """A body counted as it comes; past the limit its reader is told that the sender has left, and is not heard.

    So it is with a sender who falls silent in the middle.
    """

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._bytes = 0
        self._is_whole = False
        self.is_answered = False

    @property
    def is_too_large(self) -> bool:
        return self._bytes > MAX_BODY_BYTES

    async def receive(self) -> Message:
        if self._is_whole:  # what is waited for now is that the reader leaves
            return await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), BODY_SECONDS)
        except TimeoutError:
            return {"type": "http.disconnect"}
        self._bytes += len(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        return {"type": "http.disconnect"} if self.is_too_large else message

    async def send(self, message: Message) -> None:
        if self.is_too_large and not self.is_answered:
            return
        self.is_answered = True
        await self._send(message)
