"""The document as a browser first sees it: Gradio's own page, with our scripts asked for in its head.

Gradio adds the head of an app only when its own bundle runs, a second later on a slow machine. Written into the
document, our modules come while Gradio starts, and the first run is over before its components stand.

And Gradio builds a component for every argument of every endpoint, which nobody sees: a third of all there are, and of
the time it takes to build the page. The document leaves them out; `/config`, which programs read, has them.
"""

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer.compression import compressed, takes_brotli
from explorer.shell.assets import EXPLORER, address

IMPORT = re.compile(r'^(?:import|export)\b[^;"]*"(\.{1,2}/[^"]+\.js)"', re.MULTILINE)
END_OF_HEAD = b"</head>"
CONFIGURATION = re.compile(rb"(window\.gradio_config = )(\{.*?\})(;</script>)", re.DOTALL)
FOR_PROGRAMS = ("api_info", "api_info_as_input", "api_info_as_output", "example_inputs")
"""What a component says of itself to programs; they read it in `/config`."""
QUALITY = 10  # of what every visitor is sent, and few different ones are: compressed once


@lru_cache(maxsize=8)
def _kept(body: bytes) -> bytes:
    return compressed(body, QUALITY)


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
            self._body = without_arguments(self._body).replace(END_OF_HEAD, self._head + END_OF_HEAD, 1)
            if self._compress:
                self._body = _kept(self._body)
                headers["content-encoding"] = "br"
                headers.add_vary_header("Accept-Encoding")
            headers["content-length"] = str(len(self._body))
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": self._body})


@lru_cache(maxsize=8)
def without_arguments(document: bytes) -> bytes:
    """A document of Gradio's whose configuration leaves out what stands for the arguments of endpoints."""
    return CONFIGURATION.sub(lambda found: found[1] + _slim(found[2]) + found[3], document, count=1)


def _slim(written: bytes) -> bytes:
    told: dict[str, Any] = json.loads(written)
    arguments = {one["id"] for one in told["components"] if one["type"] == "api"}
    told["components"] = [
        {key: value for key, value in one.items() if key not in FOR_PROGRAMS}
        for one in told["components"]
        if one["id"] not in arguments
    ]
    for layout in (told["layout"], *(page["layout"] for page in told["page"].values())):
        layout["children"] = [child for child in layout["children"] if child["id"] not in arguments]
    for page in told["page"].values():
        page["components"] = [one for one in page["components"] if one not in arguments]
    return json.dumps(told, separators=(",", ":")).replace("<", "\\u003c").encode()


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
