"""One client of a public endpoint, in a process of its own and with nothing but the standard library."""

import json
import time
import urllib.request
from collections.abc import Iterator
from typing import Any


def call(url: str, name: str, arguments: list[Any]) -> Iterator[float]:
    """Seconds until each answer of one call, as a program gets it: `POST call/…`, then the stream of its answers."""
    began = time.perf_counter()
    asked = urllib.request.Request(
        f"{url}gradio_api/call/{name}", json.dumps({"data": arguments}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(asked, timeout=300) as answer:
        event = json.load(answer)["event_id"]
    failed = False
    with urllib.request.urlopen(f"{url}gradio_api/call/{name}/{event}", timeout=300) as lines:
        for line in lines:
            failed = failed or line.startswith(b"event: error")
            if line.startswith(b"data:") and not line.startswith(b"data: null"):
                if failed:
                    raise RuntimeError(line.decode())
                yield time.perf_counter() - began


def completed(job: "tuple[str, int, int]") -> tuple[float, float]:
    """Seconds until the first and the last token of one completion."""
    url, seed, tokens = job
    times = list(call(url, "complete", ["storybook", TEXT, tokens, 0.9, 0, 1.0, seed]))
    return times[0], times[-1]


TEXT = "Once upon a time, there was a little girl who lived"


def pinging(job: "tuple[str, str, list[Any], float]") -> list[float]:
    """Seconds of each call to one endpoint, five times a second for so many seconds."""
    url, name, arguments, seconds = job
    until = time.perf_counter() + seconds
    times = []
    while time.perf_counter() < until:
        times.append(list(call(url, name, arguments))[-1])
        time.sleep(0.2)
    return times
