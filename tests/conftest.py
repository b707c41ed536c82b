"""What every test shares: no network, one thread for arithmetic, and a clear rule for tests that need a browser."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

# Before any import of gradio, transformers or torch: the suite never leaves the machine.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
# Browser, server and tests share few cores: threads that wait for each other make small products many times slower.
os.environ.setdefault("OMP_NUM_THREADS", "1")

pytest_plugins = ["tests.server"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


MOST_WORKERS = 4
# Files that take a minute or more, the longest first: begun late, one of them would run on alone while others wait.
LONGEST = (
    "tests/browser/test_saving.py",
    "tests/browser/test_accessibility.py",
    "tests/browser/links/test_completion.py",
    "tests/browser/links/test_map.py",
    "tests/browser/links/test_attention.py",
    "tests/browser/test_first_screen.py",
    "tests/browser/test_attention.py",
    "tests/browser/test_embeddings.py",
    "tests/browser/test_completion.py",
    "tests/browser/test_page.py",
    "tests/test_pretended.py",
)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """As many processes as there are cores for a folder of tests; a file or a single test needs no second one."""
    if any(Path(argument.split("::")[0]).is_dir() for argument in config.args):
        return min(MOST_WORKERS, os.cpu_count() or 1)
    config.option.dist = "no"
    return 0


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the longest files, leave pretended devices to their own process, skip browser tests without Chromium.

    Where EXPLORER_REQUIRE_BROWSER is set, Chromium must be there.
    """
    items.sort(key=_turn)
    if "EXPLORER_PRETENDED" not in os.environ:
        elsewhere = [item for item in items if item.get_closest_marker("pretended")]
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if not item.get_closest_marker("pretended")]
    if CHROMIUM or os.environ.get("EXPLORER_REQUIRE_BROWSER"):
        return
    skip = pytest.mark.skip(reason="needs Chromium: apt-get install chromium")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(skip)


def _turn(item: pytest.Item) -> tuple[int, bool]:
    """When a test's file has its turn: the longest, what opens a browser, everything else, each as it was collected."""
    file = item.nodeid.split("::", maxsplit=1)[0]
    place = LONGEST.index(file) if file in LONGEST else len(LONGEST)
    return place, not item.get_closest_marker("browser")


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep what the suite computes out of the user's own cache folder."""
    folder = tmp_path_factory.mktemp("cache")
    before = os.environ.get("EXPLORER_CACHE")
    os.environ["EXPLORER_CACHE"] = str(folder)
    yield folder
    if before is None:
        del os.environ["EXPLORER_CACHE"]
    else:
        os.environ["EXPLORER_CACHE"] = before
