"""`/experiment` through HTTP: its numbers are the models' own, and anything in `changes` gives a sentence."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.generation.sampling import Sampling
from models.loading.loader import load
from models.sweeps import sweep as sweep_module
from models.sweeps.patched_runs import PatchedRuns

TEXT = "Once upon a time there was a little"
STREAMED = ("complete", "sweep")
HEAD = {"kind": "head", "layer": 4, "head": 0, "by": "zero"}


@pytest.fixture(scope="module")
def model() -> Any:
    return load("storybook", device="cpu")


def ask(address: str, name: str, **given: Any) -> Any:
    answer = httpx.post(f"{address}calls/{name}", json=given, timeout=120)
    return [json.loads(line) for line in answer.text.splitlines()] if name in STREAMED else answer.json()


def test_both_sides_are_the_models_own(app_url: str, model: Any) -> None:
    found = ask(app_url, "experiment", model="storybook", text=TEXT, changes=[HEAD], limit=20)
    plain, changed = (model.trace(TEXT, changes=changes).logits_at(-1).astype(np.float64) for changes in ([], [HEAD]))
    shares = [np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum() for logits in (plain, changed)]
    for side, share in zip(("before", "after"), shares, strict=True):
        assert [row["id"] for row in found[side]] == np.argsort(-share, kind="stable")[:20].tolist()
        np.testing.assert_allclose([row["probability"] for row in found[side]], np.sort(share)[::-1][:20], rtol=1e-4)
    before, after = shares
    np.testing.assert_allclose(found["kl"], (before * np.log2(before / after)).sum(), rtol=1e-4)
    assert found["gained"][0]["id"] == int((after - before).argmax())
    assert found["lost"][0]["id"] == int((after - before).argmin())


def test_without_changes_nothing_moves(app_url: str) -> None:
    found = ask(app_url, "experiment", model="storybook", text=TEXT, changes=[])
    assert found["kl"] == 0
    assert found["before"] == found["after"]
    assert found["gained"] == found["lost"] == []


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"kind": "head", "layer": 4, "head": 99}, "no head 4·99"),
        ({"kind": "head", "layer": 99, "head": 0}, "no layer 99"),
        ({"kind": "edge", "query": 99, "key": 0}, "outside its text"),
        ({"kind": "edge", "query": 2, "key": 5}, "comes after it"),
        ({"kind": "patch", "depth": 2, "position": 3, "text": TEXT}, "Both texts are the same"),
        ({"kind": "patch", "layer": 2, "position": 3, "text": "A"}, "needs depth"),
        ({"kind": "steer", "depth": 2, "toward": "incomprehensibilities"}, "not one token"),
        ({"kind": "steer", "depth": 2, "toward": " king", "away": "king"}, "no direction"),
        ({"kind": "steer", "depth": 2}, "needs a word"),
        ({"kind": "steer", "depth": 2, "toward": "king", "strength": "NaN"}, "must be a number"),
        ({"kind": "neuron", "layer": 2, "neuron": 100_000}, "no neuron"),
        ({"kind": "part", "layer": 2, "part": "norm"}, "must be one of"),
        ({"kind": "head", "layer": 2, "head": 1, "attention": "cross"}, "one stack"),
        ({"kind": "spell"}, "kind must be one of"),
        ({}, "needs a kind"),
        ("head", ""),
    ],
)
def test_what_cannot_be_changed_is_a_sentence(app_url: str, change: Any, part: str) -> None:
    sentence = ask(app_url, "experiment", model="storybook", text=TEXT, changes=[change])["error"]
    assert part in sentence
    assert "Traceback" not in sentence
    assert len(sentence) < 300


def test_not_a_number_is_refused(app_url: str) -> None:
    body = json.dumps(
        {"model": "storybook", "text": TEXT, "changes": [{"kind": "steer", "depth": 2, "toward": "king"}]}
    )
    body = body.replace('"depth": 2', '"depth": 2, "strength": NaN')
    answer = httpx.post(f"{app_url}calls/experiment", content=body, headers={"Content-Type": "application/json"})
    assert "must be a number" in answer.json()["error"]


PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
FIELDS = ("kind", "layer", "head", "by", "query", "key", "part", "neuron", "of", "depth", "position", "text", "toward",
          "away", "strength", "value", "attention", "from_position")  # fmt: skip
WORDS = ("head", "edge", "part", "neuron", "patch", "steer", "zero", "mean", "scale", "set", "residual", "attention")
SMALL = st.integers(0, 6)
CHANGE = st.dictionaries(st.sampled_from(FIELDS), PLAIN | SMALL | st.sampled_from(WORDS) | st.lists(PLAIN, max_size=3))
ANYTHING = st.recursive(PLAIN | CHANGE, lambda inner: st.lists(inner, max_size=4), max_leaves=8)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=ANYTHING)
def test_any_json_in_changes_gives_an_answer_or_a_sentence(app_url: str, changes: Any) -> None:
    asked = {"model": "storybook", "text": "Once upon a time", "changes": changes, "limit": 1}
    headers = {"Content-Type": "application/json"}
    answer = httpx.post(f"{app_url}calls/next_token", content=json.dumps(asked), headers=headers, timeout=60)
    assert answer.status_code == 200
    found = answer.json()
    assert "candidates" in found or (found["error"] and "went wrong" not in found["error"])


def test_an_endpoint_takes_changes_and_completes_under_them(app_url: str, model: Any) -> None:
    steer = {"kind": "steer", "depth": 4, "toward": "king", "strength": 1.0}
    written = ask(app_url, "complete", model="storybook", text=TEXT, greedy=True, max_new_tokens=8, changes=[steer])
    steps = list(model.complete(TEXT, Sampling(greedy=True), max_new_tokens=8, changes=[steer]))
    plain = list(model.complete(TEXT, Sampling(greedy=True), max_new_tokens=8))
    assert written[-1]["completion"] == steps[-1].completion != plain[-1].completion


def one_of_each(number: int) -> dict[str, Any]:
    """A change of its own for each visitor, every kind among them; their texts have eight tokens or more."""
    layer, head, more = number % 6, number % 4, number / 10
    kinds: list[dict[str, Any]] = [
        {"kind": "steer", "depth": 1 + number % 5, "toward": "king", "strength": 0.1 * (number + 1)},
        {"kind": "head", "layer": layer, "head": head, "by": "scale", "value": 2 + more},
        {"kind": "edge", "layer": layer, "query": 7, "key": number % 6},
        {"kind": "part", "layer": layer, "part": "feed_forward", "by": "mean"},
        {"kind": "neuron", "layer": layer, "neuron": number, "by": "set", "value": 4 + more},
        {"kind": "patch", "depth": layer, "position": 7, "text": f"The wolf saw {number} of the old kings and their"},
    ]
    return kinds[number // 5]


THIRTY = [[one_of_each(number)] for number in range(30)]
SWEPT: list[list[dict[str, Any]]] = [[], THIRTY[6], THIRTY[16]]


def test_thirty_visitors_with_thirty_lists_get_what_each_gets_alone(app_url: str) -> None:
    """At once, with visitors without changes among them; the unchanged answer is the same before, during and after."""

    def visit(number: int) -> Any:
        text = f"Once upon a time there were {number + 2} little"
        found = ask(app_url, "experiment", model="storybook", text=text, changes=THIRTY[number], limit=5)
        asked = {"model": "storybook", "text": text, "greedy": True, "max_new_tokens": 3}
        # The last message has it all; how many come before it depends on who else is served.
        changed = ask(app_url, "complete", **asked, changes=THIRTY[number])[-1]
        return found, changed, ask(app_url, "complete", **asked)[-1]["text"] if number % 5 == 0 else ""

    def unchanged() -> Any:
        return ask(app_url, "next_token", model="storybook", text=TEXT, limit=30)

    def swept(changes: Any) -> Any:
        pair = {"text": "The old man shook", "other": "The old woman shook", "of": "head", "changes": changes}
        return ask(app_url, "sweep", model="storybook", **pair)[-1]

    before = unchanged()
    with ThreadPoolExecutor(34) as threads:
        waiting = [threads.submit(visit, number) for number in range(30)]
        sweeps = [threads.submit(swept, changes) for changes in SWEPT]
        during = [unchanged() for _ in range(5)]
        together, grids = [one.result() for one in waiting], [one.result() for one in sweeps]
    with ThreadPoolExecutor(1) as alone:
        assert together == list(alone.map(visit, range(30)))
        assert grids == list(alone.map(swept, SWEPT))
    assert all(one == before for one in (*during, unchanged()))
    assert len({json.dumps(found["after"]) for found, *_ in together}) == 30
    assert len({json.dumps(grid["values"]) for grid in grids}) == len(SWEPT)


def test_a_sweep_whose_reader_leaves_frees_the_processor_within_one_batch(
    app_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    began: list[float] = []
    batch = PatchedRuns.__call__

    def slow(runs: PatchedRuns, patches: Any) -> Any:
        began.append(time.monotonic())
        time.sleep(0.2)
        return batch(runs, patches)

    monkeypatch.setattr(PatchedRuns, "__call__", slow)
    monkeypatch.setattr(sweep_module, "PASS_TOKENS", 8)  # a batch for each cell or two
    asked = {"model": "storybook", "text": "The old man shook hands", "other": "The old woman shook hands"}
    with httpx.stream("POST", f"{app_url}calls/sweep", json=asked, timeout=60) as answer:
        lines = answer.iter_lines()
        assert [json.loads(next(lines))["fraction"] < 1 for _ in range(3)] == [True] * 3
    left = time.monotonic()
    time.sleep(1.5)
    assert len([moment for moment in began if moment > left + 0.3]) == 0
    assert 2 <= len(began) <= 5
