"""Notes: what to look for in a picture and what it does not prove, one key away and never in its place."""

import re
from html import escape

from models.translation import _

BOLD = re.compile(r"\*\*(.+?)\*\*")
PARAGRAPH = re.compile(r"\n\s*\n")


def folded(markdown: str) -> str:
    """The note as HTML behind a "?"; of Markdown it knows bold type and paragraphs."""
    paragraphs = PARAGRAPH.split(BOLD.sub(r"<strong>\1</strong>", escape(markdown.strip())))
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    label = escape(_("What to look for, and what it does not prove"))
    button = f'<summary aria-label="{label}" title="{label}">?</summary>'
    return f'<details class="fold note">{button}<div>{text}</div></details>'
