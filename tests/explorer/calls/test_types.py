"""Python and the scripts agree on every call."""

from collections.abc import Iterator
from typing import Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, Pair, Request, RunRequest, call
from explorer.calls.catalog import all_calls
from explorer.calls.types import FILE, declarations
from explorer.launch import declared_controls
from explorer.shell.controls import of_choice


class Row(TypedDict):
    """One row."""

    name: str
    value: float | None
    more: NotRequired[list[int]]


class Wish(RunRequest):
    """A question about a run."""

    way: Literal["up", "down"] = "up"
    pairs: list[Pair] = Field(default=[])


class Nothing(Request):
    """A question without arguments."""


@call
def rows(_context: Context, _request: Wish) -> list[Row]:
    return []


@call
def flow(_context: Context, _request: Nothing) -> Iterator[Row]:
    yield {"name": "", "value": None}


def test_the_scripts_types_are_those_of_the_calls() -> None:
    written = FILE.read_text("utf-8")
    assert written == declarations(all_calls(), declared_controls()), "run: uv run python -m explorer.calls.types"


def test_a_call_is_written_as_a_script_sees_it() -> None:
    text = declarations([rows, flow], {"order": of_choice("place", ["place", "most"]), "chosen": of_choice([])})
    assert "export interface Row {\n  name: string;\n  value: number | null;\n  more?: number[];\n}" in text
    assert (
        'rows: { request: ({ run: "main" | "other" } | { model: string; text: string; target?: string; changes?: '
        in text
    )
    assert '{ way?: "up" | "down"; pairs?: [number, number][] }; answer: Row[] };' in text
    assert "flow: { request: {}; answer: Row };" in text
    assert text.index("interface Calls") < text.index("rows:") < text.index("interface Streams") < text.index("flow:")
    assert '  order: "place" | "most";\n' in text
    assert "  chosen: any;\n" in text
