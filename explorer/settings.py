"""Settings of the app: `EXPLORER_*` environment variables and command-line options, one list for both."""

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from models.translation import _

PREFIX = "EXPLORER_"
PAGE = re.compile(r"\*|(https?://)?(\*\.)?[\w-]+(\.[\w-]+)*(:(\d+|\*))?")
"""An address in a Content-Security-Policy; anything else would end the list and begin another rule."""


def _usual_mode() -> Literal["local", "hosted"]:
    return "hosted" if os.environ.get("SPACE_ID") else "local"


def _usual_embed() -> tuple[str, ...]:
    return ("https://huggingface.co", "https://*.hf.space") if os.environ.get("SPACE_ID") else ()


def _listed(given: Any) -> Any:
    """The entries of a list: JSON, or words with commas or spaces between."""
    if not isinstance(given, str):
        return given
    if '"' not in given:
        return re.split(r"[,\s]+", given.strip(", \t\n")) if given.strip(", \t\n") else ()
    try:
        found = json.loads(given)
    except ValueError:
        raise ValueError(_("is no list; write names with commas between")) from None
    return [found] if isinstance(found, str) else found


def _hosts(given: Any) -> Any:
    """Names as a Host header has them: without protocol, port and path, which people copy along."""
    return [name if name == "*" else _host(name) for name in map(str, _listed(given))]


def _host(name: str) -> str:
    try:
        parts = urlsplit(name if "//" in name else f"//{name}")
        host = "" if parts.query or parts.fragment else parts.hostname or ""
    except ValueError:
        host = ""
    if not re.fullmatch(r"[\w.:-]+", host):
        raise ValueError(_("holds {name}, which is no name of a machine", name=repr(name)))
    return host


def _pages(given: Any) -> Any:
    pages = [str(page).rstrip("/") for page in _listed(given)]
    for page in pages:
        if not PAGE.fullmatch(page):
            raise ValueError(_("holds {name}, which is no address such as https://lab.example", name=repr(page)))
    return pages


class Settings(BaseSettings):
    """What may differ between one place the app runs in and another."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        frozen=True,
        cli_prog_name="app.py",
        cli_kebab_case=True,
        cli_avoid_json=True,
        cli_hide_none_type=True,
        extra="ignore",
    )

    mode: Literal["local", "hosted"] = Field(
        default_factory=_usual_mode,
        description="local: any Hub id or folder; hosted: the catalogue only (default on a Space)",
    )
    hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_hosts)] = Field(
        default=(),
        description="names local mode answers to beside its own, commas between: lab.example,class.example; * is any",
    )
    embed: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_pages)] = Field(
        default_factory=_usual_embed,
        description="addresses whose pages may show this one in a frame, as above (default on a Space: the Hub's)",
    )
    model: str = Field(default="storybook", min_length=1, description="model the page opens with")
    device: str | None = Field(
        default=None, description="auto, cpu, cuda, cuda:1, mps, xpu (default: the best there is)"
    )
    precision: Literal["float32", "bfloat16", "float16"] | None = Field(
        default=None, description="number format of the weights (default: bfloat16 on a GPU, else float32)"
    )
    model_memory: float | None = Field(
        default=None, gt=0, description="GiB of models kept (default: a third of the memory)"
    )
    trace_memory: float | None = Field(
        default=None, gt=0, description="GiB of traces kept (default: an eighth of the memory)"
    )
    characters: int = Field(default=20_000, ge=100, description="longest text accepted, in characters")
    tokens: int = Field(default=4_096, ge=16, description="longest text run at once, in tokens")
    run_memory: float | None = Field(
        default=None,
        gt=0,
        description="GiB one run may take, as estimated before it (default: an eighth of the memory)",
    )
    queue: int = Field(default=128, ge=1, description="runs that may wait; one more is told to come back later")
    workers: int = Field(default=4, ge=1, description="runs worked on at once")
    cache: Path | None = Field(
        default=None, description="folder for computed projections (default: the user's cache folder)"
    )
    language: str = Field(default="en", description="language of the page; each is a file of models/locales")


def read_settings(arguments: Sequence[str] | None = None) -> Settings:
    """Read environment and command line; raises ValueError with one sentence for the first setting that is no such."""
    try:
        return Settings(_cli_parse_args=True if arguments is None else list(arguments))  # type: ignore[call-arg]
    except ValidationError as error:
        first = error.errors()[0]
        name = f"{PREFIX}{'_'.join(str(part) for part in first['loc'][:1]).upper()}"
        reason = first["msg"].removeprefix("Value error, ")
        raise ValueError(_("{name}: {reason}; see --help.", name=name, reason=reason)) from error
    except SettingsError as error:
        raise ValueError(_("A setting cannot be read: {reason}; see --help.", reason=str(error))) from error
