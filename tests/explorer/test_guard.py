"""Who may ask, what may be asked, and what a browser is told."""

import re
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from explorer import guard
from explorer.guard import MAX_BODY_BYTES, Guard
from explorer.settings import Settings

HEALTH = "/calls/health"
CLOSED = (
    "/gradio_api/upload", "/gradio_api/upload_progress", "/gradio_api/process_recording", "/gradio_api/deep_link",
    "/gradio_api/dev/reload", "/gradio_api/file=https://example.org/", "/gradio_api/file=/etc/passwd",
    "/gradio_api/file/etc/passwd", "/gradio_api/proxy=https://example.org/", "/gradio_api/stream/1",
    "/gradio_api/custom_component/a/client/component/b", "/gradio_api/component_server", "/monitoring",
    "/monitoring/summary", "/login", "/logout", "/gradio_api/vibe-edit", "/gradio_api/vibe-code", "/gradio_api/runs",
    "/gradio_api/run-history/connect", "/gradio_api/profiling/traces", "/gradio_api/token", "/gradio_api/user",
    "/assets/../../pyproject.toml",
)  # fmt: skip


async def _echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


def guarded(settings: Settings, host: str = "127.0.0.1:7860") -> TestClient:
    app = Starlette(routes=[Route("/{path:path}", _echo, methods=["GET", "POST", "PUT", "DELETE"])])
    return TestClient(Guard(app, settings), base_url=f"http://{host}")


LOCAL = Settings(mode="local")
HOSTED = Settings(mode="hosted")


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost", "[::1]:7860", "192.168.1.20:7860", "LOCALHOST:1"])
def test_local_mode_answers_to_its_own_addresses(host: str) -> None:
    assert guarded(LOCAL, host).post(HEALTH).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example", "localhost.evil.example"]
)
def test_local_mode_answers_to_no_name_that_somebody_points_at_it(host: str) -> None:
    answer = guarded(LOCAL).post(HEALTH, headers={"Host": host})
    assert answer.status_code == 403
    assert "EXPLORER_HOSTS" in answer.json()["error"]
    assert (
        guarded(Settings(mode="local", hosts=(host.split(":", maxsplit=1)[0],)))
        .post(HEALTH, headers={"Host": host})
        .is_success
    )
    assert guarded(Settings(mode="local", hosts=("*",))).post(HEALTH, headers={"Host": host}).is_success
    assert guarded(HOSTED).post(HEALTH, headers={"Host": host}).is_success


def test_local_mode_believes_no_forwarded_name_it_does_not_know() -> None:
    forwarded = {"X-Forwarded-Host": "evil.example"}
    assert guarded(LOCAL).get("/", headers=forwarded).status_code == 403
    assert guarded(Settings(mode="local", hosts=("evil.example",))).get("/", headers=forwarded).is_success


@pytest.mark.parametrize("path", [HEALTH, "/gradio_api/queue/join", "/gradio_api/mcp/", "/gradio_api/call/health"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_page_of_another_address_cannot_drive_the_app(path: str, headers: dict[str, str]) -> None:
    assert guarded(LOCAL).post(path, headers=headers).status_code == 403
    assert guarded(HOSTED).post(path, headers=headers).is_success


def test_a_page_of_another_address_cannot_frame_the_app_and_a_link_still_opens_it() -> None:
    foreign = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert guarded(LOCAL).get("/", headers=foreign | {"Sec-Fetch-Dest": "iframe"}).status_code == 403
    assert guarded(LOCAL).get("/", headers=foreign | {"Sec-Fetch-Dest": "document"}).is_success


def test_its_own_page_and_programs_may_ask() -> None:
    own = {"Origin": "http://127.0.0.1:7860", "Sec-Fetch-Site": "same-origin"}
    assert guarded(LOCAL).post(HEALTH, headers=own).is_success
    assert guarded(LOCAL).post(HEALTH).is_success


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("settings", [LOCAL, HOSTED])
def test_what_nobody_needs_is_closed(settings: Settings, path: str) -> None:
    with guarded(settings) as client:
        for method in ("GET", "POST"):
            if path.startswith("/assets/") and method == "GET":
                continue  # a name among the assets, for them to refuse
            assert client.request(method, path).status_code == 404, method


def test_a_body_has_an_end() -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(30):
            yield b"x" * 100_000

    client = guarded(HOSTED)
    assert client.post(HEALTH, content=b"x" * MAX_BODY_BYTES).text == str(MAX_BODY_BYTES)
    for content in (b"x" * (MAX_BODY_BYTES + 1), pieces()):
        answer = client.post(HEALTH, content=content)
        assert answer.status_code == 413
        assert "shorten" in answer.json()["error"]


def test_who_sends_half_a_request_holds_no_place(app_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "BODY_SECONDS", 0.3)
    address = urlsplit(app_url)
    with socket.create_connection((address.hostname, address.port), timeout=20) as half:
        half.sendall(b"POST /calls/health HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n")
        half.sendall(b"Content-Length: 100\r\n\r\n{")
        while half.recv(4096):  # the answer, then the end of the connection
            pass


def test_every_answer_of_the_server_says_what_the_browser_may_do(app_url: str) -> None:
    for path in ("", "config", "nowhere"):
        headers = httpx.get(f"{app_url}{path}").headers
        assert headers["x-content-type-options"] == "nosniff"
        policy = headers["content-security-policy"]
        assert "connect-src 'self'" in policy
        assert "frame-ancestors 'self'" in policy
        assert "https:" not in policy


def test_parts_of_the_page_that_open_no_page_are_sent_without_a_policy(app_url: str) -> None:
    page = httpx.get(app_url).text
    parts = [
        re.search(rf'"[./]*((?:assets/[0-9a-f]{{16}}/|assets/)[^"]+\.{kind})"', page) for kind in ("js", "css", "woff2")
    ]
    for part in parts:
        assert part is not None
        headers = httpx.get(f"{app_url}{part[1]}").headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "content-security-policy" not in headers


def test_a_space_may_be_shown_by_the_hub_and_only_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPACE_ID", "someone/explorer")
    policy = guarded(Settings()).get("/").headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self' https://huggingface.co https://*.hf.space")
