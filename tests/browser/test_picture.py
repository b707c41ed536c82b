"""The picture of the README: `EXPLORER_PICTURE=1 pytest tests/browser/test_picture.py` takes it anew.

It shows the page as it opens, in a window of 1440 × 900, with the weights that are shipped.
"""

import os
import struct
from pathlib import Path

from tests.browser.conftest import OpenPage, settled

PICTURE = Path(__file__).parents[2] / ".github" / "page.png"
SIZE = (1440, 900)


def test_the_picture_of_the_readme_is_the_page_as_it_opens(open_page: OpenPage) -> None:
    if os.environ.get("EXPLORER_PICTURE"):
        page = open_page(width=SIZE[0], height=SIZE[1])
        settled(page)
        page.screenshot(path=PICTURE)
    png = PICTURE.read_bytes()
    assert struct.unpack(">II", png[16:24]) == SIZE
