"""Texts on their way to the page: each step once, two texts in turn, and nothing goes on for who has left."""

import http.client
import json
import math
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from explorer.calls import Context
from explorer.calls.steps import written
from explorer.features.completion.calls import replay, write
from explorer.launch import build, serve
from explorer.settings import Settings
from models.engine.pool import Pool
from models.errors import ModelError
from models.generation.completion import follow
from models.generation.sampling import Sampling
from models.generation.scheduler import Scheduler, scheduler_of
from models.loading.loader import load
from tests.models import families

GPT2: dict[str, Any] = {"model": "gpt2", "text": families.text_of(8)}
BERT: dict[str, Any] = {"model": "bert", "text": "w9 <mask> w11 <mask>"}


def messages(stream: Iterator[Any]) -> list[Any]:
    found = list(stream)
    json.dumps(found)  # plain values only
    return found


def steps_of(told: list[Any]) -> list[Any]:
    return [step for message in told for step in message["steps"]]


def test_every_step_is_sent_once_with_its_alternatives(context: Context) -> None:
    told = messages(write.ask(context, GPT2 | {"max_new_tokens": 6, "seed": 4}))
    own = list(families.model("gpt2").complete(GPT2["text"], Sampling(seed=4), max_new_tokens=6))
    assert [step["id"] for step in steps_of(told)] == [step.token.id for step in own]
    states = [message["state"] for message in told if message["steps"]]
    assert states == ["writing"] * (len(states) - 1) + ["done"]
    assert told[-1]["finish_reason"] == own[-1].finish_reason == "length"
    assert all(len(step["alternatives"]) == 10 for step in steps_of(told))


@pytest.mark.parametrize(("frame", "sizes"), [(0.0, [1] * 6), (60.0, [1, 5])])
def test_steps_of_one_picture_come_in_one_message(frame: float, sizes: list[int]) -> None:
    model = families.model("gpt2")
    news = follow(model, GPT2["text"], Sampling(seed=4), max_new_tokens=6)
    told = [message["steps"] for message in written(model, news, frame=frame)]
    assert [len(steps) for steps in told if steps] == sizes


def test_a_branch_goes_on_from_the_ids_it_begins_with(context: Context) -> None:
    wishes = GPT2 | {"max_new_tokens": 6, "seed": 4}
    ids = [step["id"] for step in steps_of(messages(write.ask(context, wishes)))]
    branch = steps_of(messages(write.ask(context, wishes | {"prefix_ids": ids[:2]})))
    assert [step["id"] for step in branch] == ids[2:]


def test_a_text_that_was_written_is_told_again_by_its_ids(context: Context) -> None:
    wishes = {"temperature": 0.8, "top_k": 20, "seed": 2}
    steps = steps_of(messages(write.ask(context, GPT2 | wishes | {"max_new_tokens": 6})))
    again = replay.ask(context, GPT2 | wishes | {"token_ids": [step["id"] for step in steps]})
    for step, once_more in zip(steps, again, strict=True):
        assert (step["id"], step["text"], step["rank"]) == (once_more["id"], once_more["text"], once_more["rank"])
        assert once_more["probability"] == pytest.approx(step["probability"], rel=1e-3)
        assert once_more["final_probability"] == pytest.approx(step["final_probability"], rel=1e-3)
        assert [one["id"] for one in once_more["alternatives"]] == [one["id"] for one in step["alternatives"]]


@pytest.mark.parametrize("ids", [[-1], [10_000], ["a"], [True], list(range(3_000))])
def test_a_branch_that_does_not_fit_is_refused(context: Context, ids: list[Any]) -> None:
    for asked, name in ((write, "prefix_ids"), (replay, "token_ids")):
        with pytest.raises(ModelError) as caught:
            list(asked.ask(context, GPT2 | {name: ids}))
        assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        (BERT, "bert"),
        (GPT2 | {"temperature": math.nan}, "temperature must be a number"),
        (GPT2 | {"top_p": 0}, "top_p"),
        (GPT2 | {"max_new_tokens": 10**9}, "max_new_tokens"),
        (GPT2 | {"stop": "x" * 201}, "200 characters"),
        (GPT2 | {"sampling": {}}, "not something this call knows"),
    ],
)
def test_what_cannot_be_written_is_refused_with_a_sentence(context: Context, asked: dict[str, Any], part: str) -> None:
    with pytest.raises(ModelError, match=part) as caught:
        list(write.ask(context, asked))
    assert str(caught.value).endswith(".")


PASS_SECONDS = 0.05  # makes the whole text take four times as long as who left is waited for


@pytest.fixture(scope="module")
def storybook() -> Iterator[Any]:
    """Storybook, slowed down: 250 tokens take more than twelve seconds."""
    model = load("storybook", device="cpu")
    hook = model.network.register_forward_pre_hook(lambda *_: time.sleep(PASS_SECONDS))
    yield model
    hook.remove()


@pytest.fixture(scope="module")
def served(storybook: Any) -> Iterator[str]:
    app = build(Settings(mode="local", model="storybook", device="cpu"), Pool(lambda _, **__: storybook))
    _, url, _ = serve(app, prevent_thread_lock=True, quiet=True)
    yield url
    app.blocks.close(verbose=False)


def wait_until_idle(scheduler: Scheduler, seconds: float = 3) -> bool:
    until = time.monotonic() + seconds
    while scheduler.active + scheduler.waiting and time.monotonic() < until:
        time.sleep(0.01)
    return scheduler.active + scheduler.waiting == 0


@pytest.mark.parametrize("name", ["write", "write_two"])
def test_a_reader_who_leaves_frees_the_place_at_once(served: str, storybook: Any, name: str) -> None:
    scheduler = scheduler_of(storybook)
    asked = {"model": "storybook", "text": "A", "max_new_tokens": 2_000, "stop": "no such text"}
    if name == "write_two":
        asked |= {"other_model": "storybook", "other_text": "A", "second": {"seed": 1}}
    connection = http.client.HTTPConnection(urlsplit(served).netloc, timeout=60)
    connection.request("POST", f"/calls/{name}", json.dumps(asked), {"Content-Type": "application/json"})
    response = connection.getresponse()
    lines = [json.loads(response.readline()) for _ in range(3)]
    assert all("error" not in line for line in lines)
    assert scheduler.active >= 1
    response.close()
    connection.close()
    assert wait_until_idle(scheduler)
