"""The endpoints: what programs and assistants get, and the sentence when they cannot."""

import json
import re
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import numpy as np
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from models.loading.loader import load

TEXT = "Once upon a time 😀"
DOCUMENTED = {
    "models",
    "tokenize",
    "attention",
    "next_token",
    "complete",
    "neighbours",
    "project",
    "lens",
    "contributions",
    "attribution",
    "neurons",
    "sweep",
    "compare",
    "experiment",
    "health",
}


def ask(client: Client, name: str, *given: Any, **named: Any) -> Any:
    return client.predict(*given, api_name=f"/{name}", **named)


def refusal(client: Client, name: str, *given: Any, **named: Any) -> str:
    with pytest.raises(AppError) as caught:
        ask(client, name, *given, **named)
    return str(caught.value)


@pytest.fixture(scope="module")
def model() -> Any:
    return load("storybook", device="cpu")


def test_every_endpoint_of_the_table_is_there_and_no_other(client: Client) -> None:
    named = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert {name.removeprefix("/") for name in named} == DOCUMENTED


def test_health_names_device_models_and_queue(client: Client) -> None:
    ask(client, "tokenize", "storybook", "a")
    told = ask(client, "health")
    assert told.pop("models")[-1] == "storybook"  # other tests use this server too: the model used last is the last one
    assert told == {"status": "ok", "device": "cpu", "queue": 0}


def test_models_are_listed_with_what_they_are(client: Client) -> None:
    ask(client, "tokenize", "storybook", "a")
    listed = {row["name"]: row for row in ask(client, "models")}
    assert {"storybook", "gpt2", "bert-base-uncased", "flan-t5-small"} <= set(listed)
    assert listed["storybook"]["loaded"] is True
    assert listed["gpt2"] == {
        "name": "gpt2", "family": "gpt2", "kind": "decoder", "parameters": 124_439_808, "loaded": False,
    }  # fmt: skip


def test_the_parameters_of_a_bundled_model_are_counted(client: Client, model: Any) -> None:
    listed = {row["name"]: row for row in ask(client, "models")}
    assert listed["storybook"]["parameters"] == model.parameters


def test_tokens_carry_their_place_in_the_text(client: Client) -> None:
    answer = ask(client, "tokenize", "storybook", TEXT)
    assert answer["count"] == len(answer["tokens"])
    assert all(set(row) == {"id", "text", "start", "end", "special"} for row in answer["tokens"])
    assert all(TEXT[row["start"] : row["end"]] == row["text"] for row in answer["tokens"])
    assert answer["context"] > answer["count"]


def test_attention_is_the_models_own(client: Client, model: Any) -> None:
    answer = ask(client, "attention", "storybook", TEXT, 2, 1)
    trace = model.trace(TEXT)
    assert answer["queries"] == answer["keys"] == [token.text for token in trace.tokens]
    np.testing.assert_allclose(answer["weights"], trace.attention(2, 1), atol=1e-6)


@pytest.mark.parametrize(
    ("named", "part"),
    [
        ({"layer": 99, "head": 0}, "0 to 5"),
        ({"layer": -1, "head": 0}, "0 to 5"),
        ({"layer": 0, "head": 99}, "head"),
        ({"layer": 1.5, "head": 0}, "layer must be a whole number"),
        ({"layer": "one", "head": 0}, "layer must be a whole number"),
        ({"layer": 0, "head": 0, "kind": "cross"}, "no 'cross' attention"),
        ({"layer": 0, "head": True}, "head must be a whole number"),
    ],
)
def test_attention_out_of_range_is_a_sentence(client: Client, named: dict[str, Any], part: str) -> None:
    sentence = refusal(client, "attention", model="storybook", text=TEXT, **named)
    assert part in sentence
    assert "Traceback" not in sentence


def test_next_token_gives_raw_and_final_probability(client: Client, model: Any) -> None:
    answer = ask(client, "next_token", "storybook", "Once upon a", temperature=0.5, top_k=3, limit=5)
    logits = model.trace("Once upon a").logits_at(-1).astype(np.float64)
    raw = np.exp(logits - logits.max())
    raw /= raw.sum()
    order = np.argsort(-logits)[:5]
    rows = answer["candidates"]
    assert [row["id"] for row in rows] == order.tolist()
    np.testing.assert_allclose([row["probability"] for row in rows], raw[order], rtol=1e-4)
    sharp = np.where(np.arange(5) < 3, raw[order] ** 2, 0)
    np.testing.assert_allclose([row["final_probability"] for row in rows], sharp / sharp.sum(), rtol=1e-4, atol=1e-9)
    assert [row["kept"] for row in rows] == [True, True, True, False, False]
    assert answer["kept"] == 3
    np.testing.assert_allclose(answer["entropy"], -(raw * np.log2(raw)).sum(), rtol=1e-4)


@pytest.mark.parametrize(
    ("named", "part"),
    [
        ({"top_p": 0}, "top_p must be a number above 0 to 1"),
        ({"temperature": -1}, "temperature must be a number from 0 to 100"),
        ({"temperature": 1e-9}, "temperature"),
        ({"top_k": -5}, "top_k must be a whole number from 0"),
        ({"min_p": 2}, "min_p must be a number from 0 to 1"),
        ({"limit": 0}, "limit must be from 1 to 1,000"),
        ({"limit": 10**9}, "limit must be from 1 to 1,000"),
        ({"temperature": "hot"}, "temperature must be a number"),
        ({"text": ""}, "Type at least one character"),
        ({"text": "word " * 10_000}, "50,000 characters"),
        ({"text": 7}, "text must be a text"),
        ({"model": ""}, "model"),
        ({"model": "../../etc/passwd"}, ""),
        ({"model": "no/such-model"}, "no/such-model"),
    ],
)
def test_bad_settings_of_next_token_are_a_sentence(client: Client, named: dict[str, Any], part: str) -> None:
    sentence = refusal(client, "next_token", **({"model": "storybook", "text": "Once"} | named))
    assert part in sentence
    assert "Traceback" not in sentence
    assert len(sentence) < 300


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_a_number_that_is_none_is_a_sentence(app_url: str, word: str) -> None:
    data = f'{{"data": ["storybook", "Once upon a", {word}, 0, 1, 0, 1, 1, 50, ""]}}'
    assert "temperature must be a number" in called(app_url, "next_token", data)


def test_half_a_character_is_a_sentence(app_url: str) -> None:
    assert "position 2" in called(app_url, "tokenize", '{"data": ["storybook", "ab\\ud800"]}')


def test_null_means_the_default(app_url: str) -> None:
    data = json.dumps({"data": ["storybook", "Once upon a", None, None, None, None, None, None, 1, None]})
    assert '"candidates"' in called(app_url, "next_token", data)


def test_arguments_with_a_default_may_be_left_out(app_url: str) -> None:
    assert '"candidates"' in called(app_url, "next_token", '{"data": ["storybook", "Once upon a"]}')
    assert '"status"' in called(app_url, "health", '{"data": []}')


@pytest.mark.parametrize("data", ["[]", '["storybook"]'])
def test_what_is_missing_is_named_and_not_written_to_the_log(
    app_url: str, data: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    assert re.search(r"(model|text) is missing", called(app_url, "next_token", f'{{"data": {data}}}'))
    written = capfd.readouterr()
    assert "storybook" not in written.out + written.err + caplog.text


@pytest.mark.parametrize("name", ["next_token", "complete", "attention", "project"])
def test_no_text_of_a_visitor_reaches_the_log(
    app_url: str, name: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    secret = "mysecretword"
    wishes: list[list[Any]] = [
        [{"path": f"/etc/{secret}", "meta": {"_type": "gradio.FileData"}}, secret],
        ["storybook", {"path": secret, "url": secret, "meta": {"_type": "gradio.FileData"}}],
        [secret, secret, secret, secret, secret],
        ["storybook", [secret] * 3, None, {"a": secret}],
    ]
    for wish in wishes:
        told = called(app_url, name, json.dumps({"data": wish}))
        assert "event: error" in told or "event: complete" in told or "error" in told
        assert "Traceback" not in told
        assert '"error": null' not in told
    written = capfd.readouterr()
    assert secret not in written.out + written.err + caplog.text


def test_completion_streams_and_ends_with_everything(client: Client) -> None:
    streamed = list(client.submit("storybook", "Once upon a", max_new_tokens=6, seed=3, api_name="/complete"))
    assert [len(one["tokens"]) for one in streamed] == [1, 2, 3, 4, 5, 6]
    last = streamed[-1]
    assert last["text"] == "Once upon a" + last["completion"]
    assert last["seed"] == 3
    assert "".join(row["text"] for row in last["tokens"]) == last["completion"]
    assert all(0 < row["probability"] <= 1 and row["rank"] >= 1 for row in last["tokens"])


def test_the_same_seed_gives_the_same_completion(client: Client) -> None:
    wish = {"model": "storybook", "text": "The king", "max_new_tokens": 8}
    first, again = (ask(client, "complete", **wish, seed=11)["completion"] for _ in range(2))
    assert first == again
    assert ask(client, "complete", **wish, seed=12)["completion"] != first


def test_greedy_takes_the_likeliest_each_time(client: Client) -> None:
    answer = ask(client, "complete", "storybook", "The king", max_new_tokens=5, greedy=True)
    assert [row["rank"] for row in answer["tokens"]] == [1] * 5
    cold = ask(client, "complete", "storybook", "The king", max_new_tokens=5, temperature=0)
    assert cold["completion"] == answer["completion"]


@pytest.mark.parametrize(
    ("named", "part"),
    [
        ({"max_new_tokens": 0}, "max_new_tokens must be a whole number from 1"),
        ({"max_new_tokens": 10**6}, "max_new_tokens must be a whole number from 1"),
        ({"seed": -1}, "seed must be a whole number from 0"),
        ({"greedy": "yes"}, "greedy must be true or false"),
    ],
)
def test_bad_settings_of_complete_are_a_sentence(client: Client, named: dict[str, Any], part: str) -> None:
    assert part in refusal(client, "complete", **({"model": "storybook", "text": "Once"} | named))


def test_neighbours_are_the_nearest_in_the_true_space(client: Client, model: Any) -> None:
    rows = ask(client, "neighbours", "storybook", " king", 5)
    table = model.embedding("input").astype(np.float64)
    unit = table / np.linalg.norm(table, axis=1, keepdims=True)
    number = model.tokenize("The king")[1].id
    cosines = unit @ unit[number]
    cosines[number] = -1
    assert [row["id"] for row in rows] == np.argsort(-cosines)[:5].tolist()
    np.testing.assert_allclose([row["cosine"] for row in rows], np.sort(cosines)[::-1][:5], atol=1e-5)


def test_neighbours_of_what_is_no_token_are_a_sentence(client: Client) -> None:
    assert "zzqqxx" in refusal(client, "neighbours", "storybook", "zzqqxx")
    assert "count must be from 1 to 1,000" in refusal(client, "neighbours", "storybook", " king", 0)


def test_the_vocabulary_is_projected_whole(client: Client, model: Any) -> None:
    answer = ask(client, "project", "storybook")
    assert answer["ids"] == list(range(model.vocab))
    assert len(answer["texts"]) == len(answer["points"]) == model.vocab
    assert all(len(point) == 2 for point in answer["points"])
    assert 0 < answer["explained"][1] <= answer["explained"][0] < 1


def test_a_text_is_projected_token_by_token(client: Client) -> None:
    answer = ask(client, "project", "storybook", dimensions=3, of="The king and the queen")
    assert answer["texts"] == ["The", " king", " and", " the", " queen"]
    assert all(len(point) == 3 for point in answer["points"])


@pytest.mark.parametrize(
    ("named", "part"),
    [({"method": "magic"}, "method"), ({"dimensions": 4}, "dimensions"), ({"of": "Hm"}, "at least three tokens")],
)
def test_bad_settings_of_project_are_a_sentence(client: Client, named: dict[str, Any], part: str) -> None:
    assert part in refusal(client, "project", **({"model": "storybook"} | named))


def test_every_endpoint_is_a_tool_with_its_arguments_explained(app_url: str) -> None:
    with urlopen(f"{app_url}gradio_api/mcp/schema") as answer:
        tools = {tool["name"]: tool for tool in json.load(answer)}
    assert {name for name in DOCUMENTED if any(tool.endswith(name) for tool in tools)} == DOCUMENTED
    attention = next(tool for name, tool in tools.items() if name.endswith("attention"))
    described = attention["inputSchema"]["properties"]
    assert set(described) == {"model", "text", "layer", "head", "kind", "target", "changes"}
    assert all(value.get("description") for value in described.values())
    assert "how much each token" in attention["description"]


def test_runs_of_the_page_are_not_offered_to_programs(app_url: str) -> None:
    with urlopen(f"{app_url}gradio_api/info") as answer:
        info = json.load(answer)
    assert {name.removeprefix("/") for name in info["named_endpoints"]} == DOCUMENTED
    assert info["unnamed_endpoints"] == {}


def called(app_url: str, name: str, data: str) -> str:
    """Call an endpoint as curl would, and give the whole stream of events as text."""
    headers = {"Content-Type": "application/json"}
    request = Request(f"{app_url}gradio_api/call/{name}", data.encode(), headers)
    try:
        with urlopen(request) as answer:
            event = json.load(answer)["event_id"]
    except HTTPError as error:
        return error.read().decode()
    with urlopen(f"{app_url}gradio_api/call/{name}/{event}") as stream:
        return stream.read().decode()
