"""Memory that runs out in a run is one sentence; what the run had taken is free, and the next run works."""

import gc
import weakref
from typing import Any

import pytest
import torch

from models.engine.points import Point, editing
from models.memory import make_room, out_of_memory
from tests.models.families import model, text_of


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
        RuntimeError("MPS backend out of memory (MPS allocated: 5 GB)"),
        RuntimeError("[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory"),
    ],
)
def test_every_way_of_saying_it_is_understood(error: Exception) -> None:
    assert out_of_memory(error)


def test_other_errors_are_others() -> None:
    assert not out_of_memory(ValueError("out of memory"))
    assert not out_of_memory(RuntimeError("shapes do not match"))


def test_what_a_failed_run_had_taken_is_free_and_the_next_one_works() -> None:
    taken: list[Any] = []

    def exhausted(value: torch.Tensor) -> torch.Tensor:
        room = value.clone()
        taken.append(weakref.ref(room))
        raise torch.OutOfMemoryError("CUDA out of memory.")

    with editing({Point(layer=1, part="output"): exhausted}), pytest.raises(torch.OutOfMemoryError) as failed:
        model("llama").trace(text_of(9))
    gc.collect()
    assert taken[0]() is not None  # the traceback holds it
    assert "shorten the text" in str(make_room(failed.value))
    assert taken[0]() is None
    assert len(model("llama").trace(text_of(9)).tokens) == 9
