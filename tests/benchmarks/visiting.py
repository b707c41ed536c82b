"""The app in a process of its own, and visitors in Chromium: what every row of the table is measured with."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.conftest import CHROMIUM

ROOT = Path(__file__).parents[2]
TIMEOUT_MS = 180_000
SETTLED = "window.explorer && explorer.ready() && explorer.state.main && !explorer.busy()"
# The first moment at which the open tab's picture stands and nothing is asked for any more.
WATCH = """
window.marks = {};
const timer = setInterval(() => {
  if (!window.explorer?.ready() || !explorer.state.main || explorer.busy()) return;
  const seen = (one) => one.getBoundingClientRect().height > 0;
  if (![...document.querySelectorAll("#tabs .tabitem [data-picture]")].some(seen)) return;
  clearInterval(timer);
  requestAnimationFrame(() => setTimeout(() => { marks.picture = performance.now(); }));
}, 10);
"""


class Server:
    """The app as `python app.py` starts it."""

    def __init__(self, **settings: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}/"
        environment = {**os.environ, "GRADIO_SERVER_PORT": str(self.port), "EXPLORER_DEVICE": "cpu", **settings}
        self.began = time.perf_counter()
        self.process = psutil.Popen(
            [sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def answers(self) -> float:
        """Seconds from the start until the page is there."""
        while True:
            try:
                with urllib.request.urlopen(self.url, timeout=30) as page:
                    page.read()
                return time.perf_counter() - self.began
            except OSError:
                if self.process.poll() is not None:
                    raise
                time.sleep(0.01)

    def processor_seconds(self) -> float:
        """What the process has used of all cores together."""
        used = self.process.cpu_times()
        return float(used.user + used.system)

    def megabytes(self) -> float:
        """What the process holds."""
        return float(self.process.memory_info().rss) / 2**20

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)


@contextmanager
def server(**settings: str) -> Iterator[Server]:
    """A running app that answers."""
    started = Server(**settings)
    try:
        started.answers()
        yield started
    finally:
        started.stop()


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def page_of(context: BrowserContext) -> Page:
    """A new page whose first complete picture is marked."""
    page = context.new_page()
    page.set_default_timeout(TIMEOUT_MS)
    page.add_init_script(WATCH)
    return page


def visitor(browser: Browser) -> BrowserContext:
    """Somebody who has never been here."""
    return browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")


def picture(page: Page, address: str) -> float:
    """Seconds from asking for a page to its picture."""
    page.goto(address)
    page.wait_for_function("marks.picture")
    return float(page.evaluate("marks.picture")) / 1000
