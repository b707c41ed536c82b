"""The door: JSON in, JSON out, errors in sentences, and a reader who leaves ends the work."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient
from typing_extensions import TypedDict

from explorer.calls import Call, Context, Engine, Request, RunRequest, call
from explorer.calls.catalog import all_calls, feature_endpoints, page_calls
from explorer.calls.door import MAX_BODY_BYTES, Door
from explorer.pool_factory import pool_for
from explorer.settings import Settings
from explorer.shell.runs import run
from models.errors import InputError
from tests.explorer.calls.test_requests import JSON

SETTINGS = Settings(mode="local", device="cpu")


class Number(Request):
    """One number."""

    number: float = 0.0


class Half(TypedDict):
    """Half of it."""

    half: float
    session: str


@call
def halve(context: Context, request: Number) -> Half:
    if request.number < 0:
        raise InputError("A number below zero is not halved here.")
    if request.number == 14:
        raise MemoryError
    return {
        "half": 1 / (request.number - 13) if request.number == 13 else request.number / 2,
        "session": context.session_id,
    }


class Counter:
    """Counts until nobody listens."""

    def __init__(self) -> None:
        self.given = 0
        self.closed = threading.Event()


COUNTER = Counter()


@call
def count(_context: Context, request: Number) -> Iterator[Half]:
    COUNTER.closed.clear()
    try:
        while True:
            if COUNTER.given > 10**6 or request.number == COUNTER.given:
                raise InputError("Enough.")
            COUNTER.given += 1
            yield {"half": COUNTER.given / 2, "session": ""}
            time.sleep(0.01)  # work
    finally:
        COUNTER.closed.set()


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    door = Door([halve, count], SETTINGS, pool_for(SETTINGS))
    with TestClient(Starlette(routes=[door.route])) as opened:
        yield opened


def test_an_answer_is_one_object(client: TestClient) -> None:
    answer = client.post("/calls/halve", json={"number": 3}, headers={"Explorer-Session": "me"})
    assert (answer.status_code, answer.json()) == (200, {"half": 1.5, "session": "me"})
    assert answer.headers["cache-control"] == "no-store"


def test_a_refusal_is_a_sentence(client: TestClient) -> None:
    answer = client.post("/calls/halve", json={"number": -1})
    assert (answer.status_code, answer.json()) == (200, {"error": "A number below zero is not halved here."})
    assert client.post("/calls/halve", json={"number": "x"}).json() == {"error": "number must be a number."}


def test_an_error_nobody_foresaw_is_a_sentence_and_in_the_log(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.post("/calls/halve", json={"number": 13})
    assert answer.status_code == 500
    assert answer.json()["error"].startswith("Something went wrong on the server")
    assert "ZeroDivisionError" in caplog.text


def test_memory_that_runs_out_is_a_sentence_and_the_next_run_works(client: TestClient) -> None:
    assert "The memory ran out" in client.post("/calls/halve", json={"number": 14}).json()["error"]
    assert client.post("/calls/halve", json={"number": 4}).json()["half"] == 2


def test_a_call_nobody_declared_is_a_sentence(client: TestClient) -> None:
    assert client.post("/calls/nothing", json={}).status_code == 404


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff\xfe", b"nope"])
def test_what_is_no_json_is_a_sentence(client: TestClient, body: bytes) -> None:
    answer = client.post("/calls/halve", content=body, headers={"Content-Type": "application/json"})
    assert answer.json()["error"].startswith("A request is one")


def test_a_page_of_another_address_cannot_ask_without_permission(client: TestClient) -> None:
    answer = client.post("/calls/halve", content=b'{"number": 1}', headers={"Content-Type": "text/plain"})
    assert set(answer.json()) == {"error"}


def test_a_body_is_bounded(client: TestClient) -> None:
    body = json.dumps({"number": 1, "more": "x" * MAX_BODY_BYTES})
    answer = client.post("/calls/halve", content=body, headers={"Content-Type": "application/json"})
    assert "1,000,000 bytes" in answer.json()["error"]


def test_a_stream_is_a_line_for_each_answer_and_ends_with_its_refusal(client: TestClient) -> None:
    COUNTER.given = 0
    lines = [json.loads(line) for line in client.post("/calls/count", json={"number": 3}).text.splitlines()]
    assert [line.get("half") for line in lines] == [0.5, 1.0, 1.5, None]
    assert lines[-1] == {"error": "Enough."}


def test_a_reader_who_leaves_ends_the_work() -> None:
    COUNTER.given = 0
    door = Door([halve, count], SETTINGS, pool_for(SETTINGS))
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=[door.route]), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    with httpx.stream("POST", f"http://127.0.0.1:{port}/calls/count", json={"number": -1}) as answer:
        assert json.loads(next(answer.iter_lines()))["half"] == 0.5
    assert COUNTER.closed.wait(5)
    given = COUNTER.given
    time.sleep(0.1)
    assert COUNTER.given == given
    server.should_exit = True
    thread.join(10)


def test_two_calls_may_not_share_a_name() -> None:
    with pytest.raises(ValueError, match="share a name"):
        Door([halve, halve], SETTINGS, pool_for(SETTINGS))


def test_a_call_that_needs_the_engine_waits_for_it_and_others_do_not() -> None:
    imported = threading.Event()

    def everything() -> list[Call[Any, Any]]:
        assert imported.wait(10)
        return [halve, count]

    door = Door(page_calls(), SETTINGS, pool_for(SETTINGS), engine=Engine(everything))
    with TestClient(Starlette(routes=[door.route])) as client, ThreadPoolExecutor() as threads:
        waiting = threads.submit(client.post, "/calls/halve", json={"number": 3})
        told = client.post("/calls/health", json={}).json()
        assert (told["status"], told["device"], waiting.done()) == ("starting", "cpu", False)
        first = next(run(door.context(), RunRequest(model="storybook", text="Once", target="", changes=[])))
        assert first.get("doing") == "The engine is starting…"
        imported.set()
        assert waiting.result().json()["half"] == 1.5
        assert client.post("/calls/health", json={}).json()["status"] == "ok"


def test_all_endpoints_are_declared_where_the_page_finds_them() -> None:
    found = {one.name for one in (*page_calls(), *feature_endpoints()) if one.public}
    assert found == {one.name for one in all_calls() if one.public}


def test_every_call_has_a_typed_request_and_answer() -> None:
    calls = all_calls()
    assert len(calls) >= 9
    for one in calls:
        assert issubclass(one.request, Request), one.name
        assert one.answer is not Any, one.name
        assert one.answer is not dict, one.name
        if one.public:
            assert "Returns:" in one.summary, one.name
            assert all(field.description for field in one.request.model_fields.values()), one.name


@pytest.mark.parametrize("name", [one.name for one in all_calls()])
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_call_answers_any_json_with_a_sentence_or_an_answer(app_url: str, name: str, data: st.DataObject) -> None:
    (one,) = [one for one in all_calls() if one.name == name]
    fields = st.sampled_from(sorted(one.request.model_fields) or ["x"])
    asked = data.draw(st.dictionaries(fields, JSON, max_size=6))
    known = {"model": "storybook", "text": "The king", "target": ""}
    asked |= {key: known[key] for key in known if key in one.request.model_fields and data.draw(st.booleans())}
    if asked.get("method") in ("tsne", "umap"):  # minutes of work, asked for by chance
        del asked["method"]
    body = json.dumps(asked)
    headers = {"Content-Type": "application/json"}
    with httpx.stream("POST", f"{app_url}calls/{name}", content=body, headers=headers, timeout=60) as answer:
        first = next(answer.iter_lines(), "{}")
    told = json.loads(first)
    assert answer.status_code == 200, told
    if isinstance(told, dict) and "error" in told:
        assert told["error"].endswith(".")
        assert "Something went wrong" not in told["error"]
