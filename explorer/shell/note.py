"""Notes: what to look for in a picture and what it does not prove, one key away and never in its place."""

import re
from html import escape

from models.translation import _

BOLD = re.compile(r"\*\*(.+?)\*\*")
ITALIC = re.compile(r"\*(.+?)\*")
PARAGRAPH = re.compile(r"\n\s*\n")


def paragraphs(markdown: str) -> str:
    """A note as HTML; of Markdown it knows bold and italic type, and paragraphs."""
    marked = ITALIC.sub(r"<em>\1</em>", BOLD.sub(r"<strong>\1</strong>", escape(markdown.strip())))
    return "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPH.split(marked))


def folded(markdown: str) -> str:
    """The note as HTML behind a "?"."""
    label = escape(_("What to look for, and what it does not prove"))
    button = f'<summary aria-label="{label}" title="{label}">?</summary>'
    return f'<details class="fold note">{button}<div>{paragraphs(markdown)}</div></details>'
