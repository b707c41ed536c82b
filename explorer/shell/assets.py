"""Scripts and style sheets at addresses that change with their content, so that browsers may keep them.

A script is served as it lies in the repository; style sheets are put together into one. Plotly's script comes out of
its package. All addresses are relative to the page, so that a path before them (a proxy) makes no difference.
"""

import hashlib
from functools import cache, lru_cache
from pathlib import Path

import brotli
import plotly
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

EXPLORER = Path(__file__).resolve().parents[1]
ROOMS = ("web", "shell", "features")
PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
PLOTLY_ADDRESS = f"plotly-{plotly.__version__}.min.js"
STYLE = "style.css"
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
    for file in files(".js", ".css"):
        digest.update(f"{file.relative_to(EXPLORER)}\0".encode() + file.read_bytes() + b"\0")
    return f"assets/{digest.hexdigest()[:16]}/"


def sent(request: Request, body: bytes, media_type: str) -> Response:
    """A text for ever, compressed for whoever can read that: a fifth of the bytes."""
    headers = {**KEPT, "Vary": "Accept-Encoding"}
    if takes_brotli(request.headers.get("accept-encoding", "")):
        body, headers = _kept(body), {**headers, "Content-Encoding": "br"}
    return Response(body, media_type=media_type, headers=headers)


def takes_brotli(accepted: str) -> bool:
    """Whether a browser can read Brotli, by what it says it accepts."""
    return "br" in (part.split(";")[0].strip() for part in accepted.split(","))


def compressed(body: bytes) -> bytes:
    """These bytes by Brotli, at a quality that takes no longer than sending them would."""
    return brotli.compress(body, quality=5)


_kept = lru_cache(maxsize=512)(compressed)


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name == STYLE:
        return sent(request, styles().encode(), "text/css")
    file = (EXPLORER / name).resolve()
    rooms = [EXPLORER / room for room in ROOMS]
    if file.suffix != ".js" or not any(file.is_relative_to(room) for room in rooms) or not file.is_file():
        return PlainTextResponse("There is no such file.", 404)
    return sent(request, file.read_bytes(), "text/javascript")


async def _plotly(request: Request) -> Response:
    return await to_thread.run_sync(sent, request, PLOTLY.read_bytes(), "text/javascript")


def routes() -> list[Route]:
    """What the server answers beside Gradio's own; a `Mount` would answer 404 behind a path prefix."""
    return [Route(f"/{address()}{{name:path}}", _asset), Route(f"/{PLOTLY_ADDRESS}", _plotly)]
