"""The scripts' half of the door: `explorer/web/calls.d.ts`, written from the declared calls and controls.

`uv run python -m explorer.calls.types` writes it; a test fails when it and the calls part.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from explorer.calls.catalog import all_calls
from explorer.calls.declaration import Call
from explorer.calls.requests import PairRequest, RunRequest
from explorer.shell.controls import Control

FILE = Path(__file__).parents[1] / "web" / "calls.d.ts"
HEADER = "// Made from Python by `uv run python -m explorer.calls.types`; do not edit.\n"
PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
RUN_FIELDS = ("model", "text", "target", "changes")
RUN_NAMES = '"main" | "other"'
OTHER_FIELDS = tuple(f"other_{name}" for name in RUN_FIELDS)


def declarations(calls: Iterable[Call[Any, Any]], controls: Mapping[str, Control]) -> str:
    """The whole file: every named answer, every control, and two tables of calls by name."""
    named: dict[str, str] = {}
    once: list[str] = []
    streams: list[str] = []
    for one in calls:
        asked = _request(one, named)
        line = f"  {one.name}: {{ request: {asked}; answer: {_type_of(_schema(one.answer, named), named)} }};"
        (streams if one.stream else once).append(line)
    return "\n".join([
        HEADER,
        *(f"export interface {name} {body}\n" for name, body in sorted(named.items())),
        "/** Declared controls, by their key in the store. */",
        f"export interface Controls {_object({key: _control(one) for key, one in sorted(controls.items())}, ())}\n",
        "/** Calls that answer once. */",
        "export interface Calls {", *once, "}\n",
        "/** Calls that answer again and again. */",
        "export interface Streams {", *streams, "}", "",
    ])  # fmt: skip


def _request(one: Call[Any, Any], named: dict[str, str]) -> str:
    """A request's type; a run is named, and so is the other of a pair, unless they are spelled out."""
    schema = one.request.model_json_schema(mode="validation")
    _remember(schema, named)
    fields = {name: _type_of(field, named) for name, field in schema.get("properties", {}).items()}
    optional = [name for name in fields if name not in schema.get("required", ())]
    if not issubclass(one.request, RunRequest):
        return _object(fields, optional, inline=True)
    is_pair = issubclass(one.request, PairRequest)
    of_runs = RUN_FIELDS + (OTHER_FIELDS if is_pair else ())
    rest = {name: kind for name, kind in fields.items() if name not in of_runs}
    spelled = _object({name: fields[name] for name in of_runs}, optional, inline=True)
    run = f"({{ run: {RUN_NAMES}{f'; beside: {RUN_NAMES}' if is_pair else ''} }} | {spelled})"
    return f"{run} & {_object(rest, optional, inline=True)}" if rest else run


def _schema(answer: Any, named: dict[str, str]) -> dict[str, Any]:
    schema = TypeAdapter(answer).json_schema(mode="serialization")
    _remember(schema, named)
    if schema.get("type") == "object" and "properties" in schema:
        named[schema["title"]] = _interface(schema, named)
        return {"$ref": f"#/$defs/{schema['title']}"}
    return schema


def _remember(schema: dict[str, Any], named: dict[str, str]) -> None:
    for name, inner in schema.get("$defs", {}).items():
        named[name] = _interface(inner, named)


def _interface(schema: dict[str, Any], named: dict[str, str]) -> str:
    fields = {name: _type_of(field, named) for name, field in schema.get("properties", {}).items()}
    return _object(fields, [name for name in fields if name not in schema.get("required", ())])


def _type_of(schema: dict[str, Any], named: dict[str, str]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "enum" in schema or "const" in schema:
        return " | ".join(_literal(value) for value in schema.get("enum", [schema.get("const")]))
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " | ".join(dict.fromkeys(_type_of(one, named) for one in schema[several]))
    if schema.get("type") == "array":
        return _array(schema, named)
    if schema.get("type") == "object":
        inner = schema.get("additionalProperties")
        return f"Record<string, {_type_of(inner, named)}>" if isinstance(inner, dict) else "Record<string, unknown>"
    return PLAIN.get(schema.get("type", ""), "unknown")


def _array(schema: dict[str, Any], named: dict[str, str]) -> str:
    if "prefixItems" in schema:
        return f"[{', '.join(_type_of(one, named) for one in schema['prefixItems'])}]"
    inner = _type_of(schema.get("items", {}), named)
    return f"({inner})[]" if " | " in inner else f"{inner}[]"


def _control(control: Control) -> str:
    if control["kind"] in {"choice", "choices"} and not control.get("free"):
        one = " | ".join(_literal(choice) for choice in control.get("choices", ())) or "never"
        return f"({one})[]" if control["kind"] == "choices" else one
    kinds = {"number": "number", "flag": "boolean", "choice": "string", "choices": "string[]", "text": "string"}
    return kinds.get(control["kind"], "any")


def _literal(value: Any) -> str:
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


def _object(fields: Mapping[str, str], optional: Iterable[str], *, inline: bool = False) -> str:
    absent = set(optional)
    parts = [f"{name}{'?' if name in absent else ''}: {kind}" for name, kind in fields.items()]
    if inline:
        return f"{{ {'; '.join(parts)} }}" if parts else "{}"
    return "{\n" + "".join(f"  {part};\n" for part in parts) + "}"


def main() -> None:
    """Write the file anew."""
    from explorer.launch import declared_controls  # noqa: PLC0415 - the page is built from the calls it asks

    FILE.write_text(declarations(all_calls(), declared_controls()), "utf-8")


if __name__ == "__main__":
    main()
