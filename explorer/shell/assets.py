"""Scripts, style sheets and type at addresses that change with their content, so that browsers may keep them.

A script is served as it lies in the repository, without the comments that fill its lines; style sheets are put together
into one. Plotly's script and Gradio's own come out of their packages, whose names change with their content, too. All
addresses are relative to the page, so that a path before them (a proxy) makes no difference.
"""

import hashlib
import re
from functools import cache, lru_cache
from pathlib import Path

import gradio
import plotly
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from explorer.compression import compressed, takes_brotli

EXPLORER = Path(__file__).resolve().parents[1]
ROOMS = ("web", "shell", "features")
PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
PLOTLY_ADDRESS = f"plotly-{plotly.__version__}.min.js"
STYLE = "style.css"
FONTS = tuple(f"web/fonts/latin-{weight}.woff2" for weight in ("regular", "bold"))
GRADIO = Path(gradio.__file__).parent / "templates" / "frontend" / "assets"
TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}
OWN = (".js", ".woff2")
COMMENT = re.compile(r"^[ \t]*(?:/\*\*(?:(?!\*/)[\s\S])*\*/|//.*)[ \t]*$", re.MULTILINE)
KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}


def files(*suffixes: str) -> list[Path]:
    """The explorer's own files of these kinds, in a settled order."""
    return sorted(file for room in ROOMS for file in (EXPLORER / room).rglob("*") if file.suffix in suffixes)


def styles() -> str:
    """All style sheets as one text, the shared one first."""
    sheets = sorted(files(".css"), key=lambda sheet: (sheet != EXPLORER / "web/common.css", str(sheet)))
    return "\n".join(sheet.read_text("utf-8") for sheet in sheets)


@cache
def address() -> str:
    """Where scripts and style are found, ending in a slash; another content is another address."""
    digest = hashlib.sha256()
    for file in files(".js", ".css", ".woff2"):
        digest.update(f"{file.relative_to(EXPLORER)}\0".encode() + file.read_bytes() + b"\0")
    return f"assets/{digest.hexdigest()[:16]}/"


def sent(request: Request, body: bytes, kind: str) -> Response:
    """A file for ever, by its kind; text compressed for whoever can read that: a fifth of the bytes."""
    headers = {**KEPT, "Vary": "Accept-Encoding"}
    if kind != ".woff2" and takes_brotli(request.headers.get("accept-encoding", "")):
        body, headers = _kept(body), {**headers, "Content-Encoding": "br"}
    return Response(body, media_type=TYPES[kind], headers=headers)


_kept = lru_cache(maxsize=512)(compressed)


@lru_cache(maxsize=512)
def script(file: Path) -> bytes:
    """A module without the comments that fill its lines, a third of its bytes; every line keeps its number."""
    return COMMENT.sub(lambda found: "\n" * found[0].count("\n"), file.read_text("utf-8")).encode()


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name == STYLE:
        return sent(request, styles().encode(), ".css")
    file = (EXPLORER / name).resolve()
    rooms = [EXPLORER / room for room in ROOMS]
    if file.suffix not in OWN or not any(file.is_relative_to(room) for room in rooms) or not file.is_file():
        return _missing()
    return sent(request, script(file) if file.suffix == ".js" else file.read_bytes(), file.suffix)


async def _gradio(request: Request) -> Response:
    """A part of Gradio's page: its own route lets browsers ask again, and compresses anew for every visitor."""
    file = GRADIO / request.path_params["name"]
    if file.suffix in TYPES and file.parent == GRADIO and file.is_file():
        return sent(request, file.read_bytes(), file.suffix)
    return FileResponse(file) if file.parent == GRADIO and file.is_file() else _missing()


def _missing() -> Response:
    return PlainTextResponse("There is no such file.", 404)


async def _plotly(request: Request) -> Response:
    return await to_thread.run_sync(sent, request, PLOTLY.read_bytes(), ".js")


def routes() -> list[Route]:
    """What the server answers beside Gradio's own; a `Mount` would answer 404 behind a path prefix."""
    return [
        Route(f"/{address()}{{name:path}}", _asset),
        Route("/assets/{name}", _gradio),
        Route(f"/{PLOTLY_ADDRESS}", _plotly),
    ]
