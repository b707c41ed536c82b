"""Public endpoints over HTTP, as programs reach them: whatever is sent, what comes back is an answer or a sentence."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.calls.catalog import feature_endpoints, page_calls
from tests.explorer.calls.test_requests import JSON

PUBLIC = sorted(one.name for one in (*page_calls(), *feature_endpoints()) if one.public)
KNOWN: st.SearchStrategy[Any] = st.sampled_from(
    ["storybook", "The king", "", "pca", "storybook-bert", 0, 1, None, [], {}]
)
WISHES = st.lists(KNOWN | JSON, max_size=8)


def said(events: Iterator[str]) -> tuple[str, Any]:
    """The last event of a stream, and what came with it."""
    kind, data = "", None
    for line in events:
        if line.startswith("event: "):
            kind = line.removeprefix("event: ")
        elif line.startswith("data: ") and kind != "heartbeat":
            data = json.loads(line.removeprefix("data: "))
            if kind in ("complete", "error"):
                break
    return kind, data


@pytest.mark.parametrize("name", PUBLIC)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wishes=WISHES)
def test_any_arguments_of_an_endpoint_are_answered(app_url: str, name: str, wishes: list[Any]) -> None:
    if {"tsne", "umap"} & {wish for wish in wishes if isinstance(wish, str)}:
        return  # minutes of work, asked for by chance
    address = f"{app_url}gradio_api/call/{name}"
    headers = {"Content-Type": "application/json"}
    begun = httpx.post(address, content=json.dumps({"data": wishes}), headers=headers, timeout=60)
    assert begun.status_code == 200, begun.text
    with httpx.stream("GET", f"{address}/{begun.json()['event_id']}", timeout=60) as answer:
        kind, data = said(answer.iter_lines())
    assert kind in ("complete", "error"), "nothing was said"
    if kind == "error":
        sentence = data["error"] if isinstance(data, dict) else data
        assert isinstance(sentence, str), data
        assert sentence.endswith((".", "?")), sentence
        assert "Traceback" not in sentence
        assert "Something went wrong" not in sentence


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b'{"data": 7}', b'{"data": {"model": "storybook"}}', b"\xff"])
@pytest.mark.parametrize("route", ["call/tokenize", "run/tokenize", "api/tokenize", "queue/join", "call/v2/tokenize"])
def test_what_is_no_call_is_refused_without_a_traceback(app_url: str, route: str, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = httpx.post(f"{app_url}gradio_api/{route}", content=body, headers=headers, timeout=30)
    assert "Traceback" not in answer.text
    assert answer.text
