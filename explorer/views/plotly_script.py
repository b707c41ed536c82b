"""Plotly's script out of its package, at an address that changes with its version, so that browsers may keep it.

Gradio's own file route would show the folder the app is installed in, and have each visit load 4.6 MB again.
"""

from pathlib import Path

import plotly
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route

FILE = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
ADDRESS = f"plotly-{plotly.__version__}.min.js"
"""Relative to the page."""


async def _script(_: Request) -> FileResponse:
    return FileResponse(FILE, headers={"Cache-Control": "public, max-age=31536000, immutable"})


ROUTE = Route(f"/{ADDRESS}", _script)
