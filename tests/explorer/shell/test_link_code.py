"""A link is drawn as a code that holds it, or a sentence says why not."""

import pytest

from explorer.calls import Context
from explorer.settings import Settings
from explorer.shell.link_code import MOST_CHARACTERS, LinkRequest, link_code
from models.engine.pool import Pool
from models.errors import InputError
from tests.models import families

CONTEXT = Context(pool=Pool(lambda name, **_: families.model(name)), settings=Settings(mode="local", device="cpu"))


def test_the_code_of_a_link_is_square_and_has_its_three_corners() -> None:
    rows = link_code(CONTEXT, LinkRequest(link="http://127.0.0.1:7860/?model=storybook"))["rows"]
    assert {len(row) for row in rows} == {len(rows)}
    assert set("".join(rows)) == {"0", "1"}
    assert all(rows[place][:7] == "1111111" for place in (0, -1))
    assert rows[0].endswith("1111111")


def test_a_link_too_long_for_a_telephone_is_refused_with_both_lengths() -> None:
    with pytest.raises(InputError, match=r"1,001 characters .* 1,000"):
        link_code(CONTEXT, LinkRequest(link="x" * (MOST_CHARACTERS + 1)))
