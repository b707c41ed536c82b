"""A link is drawn as a code that holds it, or a sentence says why not."""

import pytest

from explorer.shell.link_code import MOST_CHARACTERS, LinkRequest, link_code
from models.errors import InputError


def test_the_code_of_a_link_is_square_and_has_its_three_corners() -> None:
    rows = link_code(None, LinkRequest(link="http://127.0.0.1:7860/?model=storybook"))["rows"]  # type: ignore[arg-type]
    assert {len(row) for row in rows} == {len(rows)}
    assert set("".join(rows)) == {"0", "1"}
    assert rows[0].startswith("1111111") and rows[0].endswith("1111111") and rows[-1].startswith("1111111")


@pytest.mark.parametrize("link", ["x" * (MOST_CHARACTERS + 1)])
def test_a_link_too_long_for_a_telephone_is_refused_with_both_lengths(link: str) -> None:
    with pytest.raises(InputError, match=r"1,001 characters .* 1,000"):
        link_code(None, LinkRequest(link=link))  # type: ignore[arg-type]
