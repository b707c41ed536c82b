"""A borrowed GPU changes where a run happens and nothing else."""

import multiprocessing
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from models.engine.points import Point, editing
from models.loading import zerogpu
from tests import pretended
from tests.models.families import model, text_of


def in_a_fork(function: Callable[..., Any]) -> Callable[..., Any]:
    """As ZeroGPU calls a function: in a forked process, arguments and result by pickle."""

    def work(pipe: Any, packed: bytes) -> None:
        try:
            pipe.send(pickle.dumps(function(*pickle.loads(packed))))
        except KeyError as error:
            pipe.send(pickle.dumps(error))

    def call(*arguments: Any) -> Any:
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("fork").Process(target=work, args=(theirs, pickle.dumps(arguments)))
        process.start()
        assert ours.poll(60)
        answer = pickle.loads(ours.recv())
        process.join()
        calls.append(arguments)
        if isinstance(answer, KeyError):
            raise answer
        return answer

    calls: list[Any] = []
    call.calls = calls  # type: ignore[attr-defined]
    return call


@pytest.fixture
def lending(monkeypatch: pytest.MonkeyPatch) -> Any:
    lending = in_a_fork(zerogpu._forward_on_gpu)
    monkeypatch.setattr(zerogpu, "available", lambda: True)
    monkeypatch.setattr(zerogpu, "run_on_gpu", lending)
    gpu = pretended.register() if pretended.alone() else "cpu"
    monkeypatch.setattr(zerogpu, "GPU_DEVICE", gpu)  # the network is moved in the fork alone
    return lending


@pytest.mark.parametrize("case", ["gpt2", "bloom", "t5"])
def test_a_run_in_a_fork_gives_the_same_trace(case: str, lending: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    here = model(case).trace(text_of(9))
    monkeypatch.setattr(zerogpu, "MIN_PARAMETERS", 0)
    there = model(case).trace(text_of(9))
    assert len(lending.calls) == 1
    for kind in here.attention_kinds:
        np.testing.assert_allclose(there.attention(1, kind=kind), here.attention(1, kind=kind), atol=1e-6)
    np.testing.assert_allclose(there.logits, here.logits, atol=1e-5)
    assert zerogpu.registry == {}


def test_small_models_stay_at_home(lending: Any) -> None:
    model("gpt2").trace(text_of(9))
    assert lending.calls == []


def test_a_fork_that_does_not_know_the_model_is_no_harm(lending: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zerogpu, "MIN_PARAMETERS", 0)
    monkeypatch.setattr(zerogpu, "run_on_gpu", lambda key, inputs: lending(key + 1, inputs))
    assert len(model("gpt2").trace(text_of(9)).tokens) == 9
    assert len(lending.calls) == 1


def test_a_run_with_edits_stays_here(lending: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Edits are functions of this process: on a borrowed GPU they would be lost without a word."""
    monkeypatch.setattr(zerogpu, "MIN_PARAMETERS", 0)
    with editing({Point(layer=0, part="output"): torch.zeros_like}):
        assert not model("gpt2").trace(text_of(9)).residual[1].any()
    assert lending.calls == []


def test_nothing_is_lent_where_nobody_lends() -> None:
    assert not zerogpu.available()
