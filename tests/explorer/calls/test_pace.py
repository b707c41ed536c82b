"""How often streams speak: always while there is one, more rarely when there are many."""

from contextlib import ExitStack

import pytest

from explorer.calls import pace
from explorer.calls.pace import Pace


def test_one_stream_tells_each_step_and_many_tell_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(pace, "monotonic", lambda: now[0])
    streams = Pace()

    def told() -> int:
        """Of fifty steps, ten milliseconds apart."""
        count = 0
        with streams.stream() as due:
            for _step in range(50):
                now[0] += 0.01
                count += due()
        return count

    assert told() == 50
    with ExitStack() as others:
        for _other in range(29):
            others.enter_context(streams.stream())
        assert told() == 1  # the first is never kept waiting
        now[0] += 1
    assert told() == 50
