"""The models offered by name, read from catalog.toml."""

import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("catalog.toml")
BUNDLED = Path(__file__).parent / "bundled"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One model of the catalogue.

    `source` is a Hub id, or a folder beside this file if `bundled`; `size` what is downloaded, in megabytes; `targets`
    what the decoder of an encoder-decoder may have said so far, one for each of the `examples`, if any.
    """

    name: str
    source: str
    family: str
    kind: str
    licence: str
    good_for: str
    parameters: int = 0
    size: int = 0
    bundled: bool = False
    gated: bool = False
    examples: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()

    @property
    def folder(self) -> Path | None:
        """The folder of a bundled model; None for one that is downloaded."""
        return BUNDLED / self.source if self.bundled else None

    @property
    def present(self) -> bool:
        """True if it can be offered: a bundled model only if its folder came along."""
        return self.folder is None or (self.folder / "config.json").is_file()


@cache
def entries() -> tuple[Entry, ...]:
    """Every model of the catalogue, in the order of the file."""
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(Entry(name=name, **{key: _fixed(value) for key, value in row.items()}) for name, row in table.items())


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def offered() -> tuple[Entry, ...]:
    """The models that can be chosen here."""
    return tuple(entry for entry in entries() if entry.present)


def find(name: str) -> Entry | None:
    """The entry called `name`, whatever the case of its letters; a Hub id of the catalogue finds its entry too."""
    wanted = name.strip().casefold()
    return next((entry for entry in offered() if wanted in {entry.name.casefold(), entry.source.casefold()}), None)


def similar(name: str) -> list[str]:
    """Names of the catalogue a person may have meant, best first."""
    by_folded = {entry.name.casefold(): entry.name for entry in offered()}
    asked = name.rsplit("/", 1)[-1].casefold()
    return [by_folded[match] for match in get_close_matches(asked, by_folded, n=3, cutoff=0.5)]
