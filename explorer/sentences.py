"""Every sentence to translate: `uv run python -m explorer.sentences de > models/locales/de.po` writes a catalogue.

Babel finds them in Python and in scripts by `_` and `_n`; in skeletons they are whatever a person reads.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import write_po

from explorer.shell.assets import EXPLORER
from explorer.shell.skeleton import sentences

ROOT = EXPLORER.parent
KEYWORDS = {"_": None, "_n": (1, 2)}
METHODS = {".py": "python", ".js": "javascript"}


def files() -> list[Path]:
    """Where people's sentences stand: the explorer and the engine, without what trains the bundled models."""
    found = sorted(path for room in ("explorer", "models") for path in (ROOT / room).rglob("*"))
    return [path for path in found if path.suffix in {*METHODS, ".html"} and "training" not in path.parts]


def extracted(path: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The sentences of one file, each with its line and its forms."""
    if path.suffix == ".html":
        yield from ((1, (sentence,)) for sentence in sentences(path.read_text("utf-8")))
        return
    for line, message, *_comments in extract_from_file(METHODS[path.suffix], str(path), keywords=KEYWORDS):
        yield line, (message,) if isinstance(message, str) else tuple(message)


def catalogue(language: str | None = None) -> Catalog:
    """All sentences, none of them translated."""
    made = Catalog(locale=language, project="Language Model Explorer", charset="utf-8")
    for path in files():
        for line, forms in extracted(path):
            made.add(forms if len(forms) > 1 else forms[0], locations=[(str(path.relative_to(ROOT)), line)])
    return made


def main() -> None:
    """Print a catalogue to fill in."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("language", help="a code such as de or pt_BR")
    write_po(sys.stdout.buffer, catalogue(parser.parse_args().language))


if __name__ == "__main__":
    main()
