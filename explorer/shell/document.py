"""The document as a browser first sees it: Gradio's own page, with our scripts asked for in its head.

Gradio adds the head of an app only when its own bundle runs, a second later on a slow machine. Written into the
document, our modules come while Gradio starts, and the first run is over before its components stand.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer.shell.assets import EXPLORER, address, compressed, takes_brotli

IMPORT = re.compile(r'^(?:import|export)\b[^;"]*"(\.{1,2}/[^"]+\.js)"', re.MULTILINE)
END_OF_HEAD = b"</head>"


_kept = lru_cache(maxsize=8)(compressed)


class WithHead:
    """ASGI middleware: writes `head` to the end of every document's head, and leaves other answers as they are."""

    def __init__(self, app: ASGIApp, head: str) -> None:
        self.app = app
        self.head = head.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on whatever is no document as it comes; a document when it is whole."""
        is_page = scope["type"] == "http" and scope["path"].removeprefix(scope.get("root_path", "")) in {"", "/"}
        if not is_page or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        accepted = Headers(scope=scope).get("accept-encoding", "")
        await self.app(scope, receive, _Document(send, self.head, compress=takes_brotli(accepted)).take)


class _Document:
    """The messages of one answer, held back until its length is known."""

    def __init__(self, send: Send, head: bytes, *, compress: bool) -> None:
        self._send, self._head, self._compress = send, head, compress
        self._start: Message = {}
        self._body = b""

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        headers = MutableHeaders(scope=self._start)
        if headers.get("content-type", "").startswith("text/html") and "content-encoding" not in headers:
            self._body = self._body.replace(END_OF_HEAD, self._head + END_OF_HEAD, 1)
            if self._compress:
                self._body = _kept(self._body)
                headers["content-encoding"] = "br"
                headers.add_vary_header("Accept-Encoding")
            headers["content-length"] = str(len(self._body))
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": self._body})


def preloads(*groups: Iterable[Path]) -> str:
    """Links that fetch modules, and all they import, before somebody asks; of later groups with less hurry."""
    links: list[str] = []
    known: set[Path] = set()
    for rank, group in enumerate(groups):
        hurry = ' fetchpriority="low"' if rank else ""
        fresh = [file for file in imported(group) if file not in known]
        known.update(fresh)
        names = (file.relative_to(EXPLORER).as_posix() for file in fresh)
        links += [f'<link rel="modulepreload" href="{address()}{name}"{hurry}>' for name in names]
    return "".join(links)


def imported(modules: Iterable[Path]) -> list[Path]:
    """These modules and everything they import, each once, those that nothing waits for first."""
    found: list[Path] = []
    waiting = [file.resolve() for file in modules]
    while waiting:
        file = waiting.pop(0)
        if file in found:
            continue
        found.append(file)
        waiting += [(file.parent / name).resolve() for name in IMPORT.findall(file.read_text("utf-8"))]
    return found
