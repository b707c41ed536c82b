"""One client of the public endpoints, in a process of its own and with nothing but the standard library.

`python tests/benchmarks/client.py URL` reads one job a line, `["complete", [arguments]]` or
`["ping", name, [arguments], seconds]`, and writes a line with the seconds each answer took.

"""

import json
import sys
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

TEXT = "Once upon a time, there was a little girl who lived"


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


def pings(url: str, name: str, arguments: list[Any], seconds: float) -> Iterator[float]:
    """Seconds of each call to one endpoint, again and again for so many seconds."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        yield list(call(url, name, arguments))[-1]
        time.sleep(0.2)


def main(url: str) -> None:
    for line in sys.stdin:
        kind, *job = json.loads(line)
        times = list(pings(url, *job) if kind == "ping" else call(url, kind, *job))
        print(json.dumps(times), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
