"""What one visitor waits for, measured in Chromium with real clicks on a server of its own."""

import statistics
import subprocess
import sys
import time
from typing import Any

from playwright.sync_api import Browser, Page

from tests.benchmarks.table import Row
from tests.benchmarks.visiting import ROOT, SETTLED, Server, chromium, page_of, picture, server, visitor

ROUNDS, STARTS = 3, 2
SESSIONS, WARM_SESSIONS = 30, 4
TABS = ("overview", "tokens", "attention", "layers", "embeddings", "completion", "surprisal", "why", "prompting")


def painting() -> list[Row]:
    """From the click on Write to the last of 100 tokens on the page, and bare `generate` in between."""
    from models import load  # noqa: PLC0415 - the other rows need no engine here
    from tests.benchmarks.painting import TEXT, TOKENS, WRITE, generated  # noqa: PLC0415

    model = load("storybook", device="cpu")
    painted, bare = [], []
    with server() as app, chromium() as browser:
        page = page_of(visitor(browser))
        page.goto(f"{app.url}?tab=completion&greedy=true&length={TOKENS}&text={TEXT}")
        page.wait_for_selector(".view-distribution tbody tr")
        page.wait_for_function(SETTLED)
        for _ in range(ROUNDS + 1):  # the first of each warms up
            painted.append(page.evaluate(WRITE, TOKENS))
            ids, milliseconds = generated(model)
            bare.append(milliseconds)
            page.wait_for_function("(ids) => String(explorer.state.written_ids) === String(ids)", arg=ids)
    one, other = statistics.median(painted[1:]), statistics.median(bare[1:])
    return [
        Row(
            what=f"click to the last of {TOKENS} tokens painted",
            goal="≤ 1.3 × bare `generate` + 150 ms",
            figure=f"{one:.0f} ms; bare {other:.0f} ms: {(one - 150) / other:.2f} × + 150 ms",
            met=one <= 1.3 * other + 150,
        )
    ]


def imported(modules: str) -> float:
    """Seconds of an interpreter that imports these and ends."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", f"import {modules}"], cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - began


def startup() -> list[Row]:
    """`python app.py` to the page, and to the first picture, beside bare imports, turn by turn."""
    page_after, picture_after, gradio, everything = [], [], [], []
    with chromium() as browser:
        for turn in range(STARTS + 1):
            bare = imported("gradio"), imported("gradio, torch, transformers")
            app = Server()
            answered = app.answers()
            page = page_of(visitor(browser))
            picture(page, app.url)
            drawn = time.perf_counter() - app.began
            page.context.close()
            app.stop()
            if turn:  # the first reads the files from the disk
                page_after.append(answered - bare[0])
                picture_after.append(drawn - bare[1])
                gradio.append(bare[0])
                everything.append(bare[1])
    page_late, picture_late = statistics.median(page_after), statistics.median(picture_after)
    return [
        Row(
            what="`python app.py` to page answering, warm files",
            goal="≤ bare `import gradio` + 2 s",
            figure=f"+ {page_late:.1f} s (bare {statistics.median(gradio):.1f} s)",
            met=page_late <= 2,
        ),
        Row(
            what="`python app.py` to the first picture",
            goal="≤ bare imports of all three + 3 s",
            figure=f"+ {picture_late:.1f} s (bare {statistics.median(everything):.1f} s)",
            met=picture_late <= 3,
        ),
    ]


def pictures() -> list[Row]:
    """The first picture of every tab on a warm server, for somebody who has been here before."""
    times: dict[str, list[float]] = {tab: [] for tab in TABS}
    with server() as app, chromium() as browser:
        context = visitor(browser)
        for turn in range(ROUNDS + 1):
            for tab in TABS:
                page = page_of(context)
                taken = picture(page, f"{app.url}?tab={tab}")
                page.close()
                if turn:
                    times[tab].append(taken)
    middle = {tab: statistics.median(one) for tab, one in times.items()}
    worst = max(middle, key=lambda tab: middle[tab])
    listed = ", ".join(f"{tab} {seconds:.2f}" for tab, seconds in middle.items())
    return [
        Row(
            what="first picture on a warm server, every tab",
            goal="≤ 1.5 s",
            figure=f"worst {worst} {middle[worst]:.2f} s ({listed})",
            met=middle[worst] <= 1.5,
        )
    ]


def transferred(page: Page, address: str) -> tuple[float, float]:
    """Kilobytes over the wire until the first picture, and seconds the main thread was at work."""
    session = page.context.new_cdp_session(page)
    received: list[float] = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    session.send("Network.enable")
    session.send("Performance.enable")
    picture(page, address)
    page.wait_for_timeout(1000)
    told: Any = session.send("Performance.getMetrics")["metrics"]
    work = next(one["value"] for one in told if one["name"] == "TaskDuration")
    return sum(received) / 1000, work


def transfer() -> list[Row]:
    """What comes over the wire at the first and second visit, and what the main thread does at the first."""
    first, second, works = [], [], []
    with server() as app, chromium() as browser:
        picture(page_of(visitor(browser)), app.url)
        for _ in range(ROUNDS):
            context = visitor(browser)
            kilobytes, work = transferred(page_of(context), app.url)
            again, _work = transferred(page_of(context), app.url)
            context.close()
            first.append(kilobytes)
            second.append(again)
            works.append(work)
    one, other, busy = statistics.median(first), statistics.median(second), statistics.median(works)
    return [
        Row(what="bytes, first visit", goal="≤ 0.6 MB", figure=f"{one / 1000:.2f} MB", met=one <= 600),
        Row(what="bytes, second visit", goal="≤ 60 kB", figure=f"{other:.0f} kB", met=other <= 60),
        Row(what="main thread, first load", goal="≤ 1.0 s", figure=f"{busy:.2f} s", met=busy <= 1),
    ]


def every_tab(browser: Browser, url: str, number: int) -> None:
    """Somebody with a text of their own, who opens every tab by clicking on it."""
    context = visitor(browser)
    page = page_of(context)
    picture(page, f"{url}?text=Visitor {number} tells of a king who")
    for tab in page.locator("#tabs > .tab-wrapper [role=tab], #tabs > .tab-nav [role=tab]").all():
        if tab.is_visible():
            tab.click()
            page.wait_for_function(SETTLED)
    context.close()


def memory() -> list[Row]:
    """What the server holds more after 30 visitors who each opened every tab; traces are kept within their share."""
    with server(EXPLORER_TRACE_MEMORY="0.02") as app, chromium() as browser:
        for number in range(WARM_SESSIONS):
            every_tab(browser, app.url, number)
        before = app.megabytes()
        for number in range(SESSIONS):
            every_tab(browser, app.url, WARM_SESSIONS + number)
        grown = (app.megabytes() - before) / SESSIONS
    return [
        Row(
            what="memory a visitor who used every tab",
            goal=f"≤ 0.5 MB, over {SESSIONS} sessions",
            figure=f"{grown:.2f} MB (of {before:.0f} MB)",
            met=grown <= 0.5,
        )
    ]
