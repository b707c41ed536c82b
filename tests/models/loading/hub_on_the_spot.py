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
Answer = tuple[int, bytes, dict[str, str]]


@dataclass
class Hub:
    """Repositories by id; `gated` ones show what they have and give nothing out. `asked` lists every path requested.

    A `broken` one answers everything with `status`; the line breaks in the middle of files whose names are in `cut`.
    """

    folders: dict[str, Path]
    gated: set[str] = field(default_factory=set)
    broken: bool = False
    status: int = 503
    cut: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    url: str = ""


@contextmanager
def serving(hub: Hub) -> Iterator[Hub]:
    """Serves until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answers", (Handler,), {"hub": hub}))
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Handler(BaseHTTPRequestHandler):
    """The few questions a download asks."""

    hub: Hub

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def log_message(self, *_: Any) -> None:
        pass

    def _answer(self, *, body: bool) -> None:
        path = self.path.split("?")[0].strip("/")
        self.hub.asked.append(path)
        status, content, headers = self._found(path)
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(content))}).items():
            self.send_header(name, value)
        self.end_headers()
        if body and path.rpartition("/")[2] in self.hub.cut:
            self.wfile.write(content[: len(content) // 2])
            self.close_connection = True
        elif body:
            self.wfile.write(content)

    def _found(self, path: str) -> Answer:
        if self.hub.broken:
            return self.hub.status, b"down", {}
        if path.startswith("api/models/"):
            return self._repository(path.removeprefix("api/models/"))
        name, _, file = path.partition(f"/resolve/{SHA}/")
        return self._file(name, file) if name in self.hub.folders else (404, b"{}", {})

    def _repository(self, name: str) -> Answer:
        if name not in self.hub.folders:
            return 401, b"{}", {"X-Error-Code": "RepoNotFound"}
        files = sorted(self.hub.folders[name].iterdir())
        siblings = [{"rfilename": file.name, "size": file.stat().st_size} for file in files]
        content = json.dumps({"id": name, "sha": SHA, "siblings": siblings}).encode()
        return 200, content, {"Content-Type": "application/json"}

    def _file(self, name: str, file: str) -> Answer:
        if name in self.hub.gated:
            return 403, b"{}", {"X-Error-Code": "GatedRepo"}
        content = (self.hub.folders[name] / file).read_bytes()
        return 200, content, {"ETag": f'"{hashlib.sha1(content).hexdigest()}"', "X-Repo-Commit": SHA}
