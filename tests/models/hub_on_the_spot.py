"""A Hugging Face Hub on this machine: the few answers a download needs, over real HTTP."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

SHA = "a" * 40


@dataclass
class Hub:
    """Repositories by id; `gated` ones show what they have and give nothing out. `asked` lists every path requested."""

    folders: dict[str, Path]
    gated: set[str] = field(default_factory=set)
    broken: bool = False
    asked: list[str] = field(default_factory=list)
    url: str = ""


@contextmanager
def serving(hub: Hub) -> Iterator[Hub]:
    """Serves until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer(body=False)

        def do_GET(self) -> None:
            self._answer(body=True)

        def log_message(self, *_: Any) -> None:
            pass

        def _answer(self, *, body: bool) -> None:
            path = self.path.split("?")[0].strip("/")
            hub.asked.append(path)
            if hub.broken:
                return self._say(503, b"down", {}, body=body)
            if path.startswith("api/models/"):
                return self._repository(path.removeprefix("api/models/").split("/revision/")[0], body=body)
            name, _, file = path.partition(f"/resolve/{SHA}/")
            if name not in hub.folders:
                return self._say(404, b"{}", {}, body=body)
            return self._file(name, file, body=body)

        def _repository(self, name: str, *, body: bool) -> None:
            if name not in hub.folders:
                return self._say(401, b"{}", {"X-Error-Code": "RepoNotFound"}, body=body)
            files = sorted(hub.folders[name].iterdir())
            siblings = [{"rfilename": file.name, "size": file.stat().st_size} for file in files]
            content = json.dumps({"id": name, "sha": SHA, "siblings": siblings}).encode()
            return self._say(200, content, {"Content-Type": "application/json"}, body=body)

        def _file(self, name: str, file: str, *, body: bool) -> None:
            if name in hub.gated:
                return self._say(403, b"{}", {"X-Error-Code": "GatedRepo"}, body=body)
            content = (hub.folders[name] / file).read_bytes()
            etag = f'"{hashlib.sha1(content).hexdigest()}"'
            return self._say(200, content, {"ETag": etag, "X-Repo-Commit": SHA}, body=body)

        def _say(self, status: int, content: bytes, headers: dict[str, str], *, body: bool) -> None:
            self.send_response(status)
            for name, value in (headers | {"Content-Length": str(len(content))}).items():
                self.send_header(name, value)
            self.end_headers()
            if body:
                self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
