"""A link as a QR code, so that a class can follow a slide."""

import segno
from pydantic import Field
from segno.encoder import DataOverflowError
from typing_extensions import TypedDict

from explorer.calls import Context, Request, call
from models.errors import InputError
from models.translation import _

MOST_CHARACTERS = 1_000
"""Codes of longer links have modules too small for a telephone at the other end of a classroom."""


class LinkRequest(Request):
    """A link to be drawn."""

    link: str = Field(description="An address.")


class LinkCode(TypedDict):
    """The modules of a code without its quiet zone, row by row: "1" is black."""

    rows: list[str]


@call
def link_code(_context: Context, request: LinkRequest) -> LinkCode:
    """Encode a link with the lowest error correction, which makes the largest modules."""
    if len(request.link) > MOST_CHARACTERS:
        raise InputError(
            _(
                "The link has {length} characters and a QR code that a telephone reads holds {most}; "
                "shorten the text, or save without the code.",
                length=len(request.link),
                most=MOST_CHARACTERS,
            )
        )
    try:
        code = segno.make(request.link, error="L", micro=False, boost_error=False)
    except DataOverflowError:  # characters outside Latin take several bytes each, even in an address
        raise InputError(_("The link does not fit into a QR code; save without the code.")) from None
    return {"rows": ["".join("1" if module else "0" for module in row) for row in code.matrix]}
