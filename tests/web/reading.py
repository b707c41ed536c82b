"""Reads scripts as far as the tests of sentences need it: calls with their arguments, and the text literals in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LITERAL = r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`"
TOKEN = re.compile(rf"{LITERAL}|//[^\n]*|/\*.*?\*/|[()\[\]{{}},]", re.DOTALL)
OPENING, CLOSING = "([{", ")]}"
FILLED = re.compile(r"\$\{[^{}]*\}")


@dataclass(frozen=True)
class Call:
    """One call in a script: the line it starts in and its arguments as they are written."""

    name: str
    line: int
    arguments: tuple[str, ...]


def without_comments(script: str) -> str:
    """The script with its comments blanked, every character in its place."""

    def blanked(found: re.Match[str]) -> str:
        text = found.group()
        return re.sub(r"[^\n]", " ", text) if text.startswith(("//", "/*")) else text

    return TOKEN.sub(blanked, script)


def calls(code: str, names: str) -> Iterator[Call]:
    """Every call of a function whose name matches `names`, also inside of other calls."""
    for found in re.finditer(rf"(?<![\w.$])({names})\(", code):
        if not code[: found.start()].rstrip().endswith("function"):
            parts, _end = split(code, found.end())
            yield Call(found.group(1), code.count("\n", 0, found.start()) + 1, tuple(parts))


def split(code: str, start: int) -> tuple[list[str], int]:
    """The parts between commas from `start` to the bracket that closes what is open there, and where that is."""
    parts, depth, begin, at = [], 0, start, start
    while found := TOKEN.search(code, at):
        mark, at = found.group(), found.end()
        if mark in OPENING:
            depth += 1
        elif (mark in CLOSING and depth == 0) or (mark == "," and depth == 0):
            parts.append(code[begin : found.start()].strip())
            begin = at
            if mark != ",":
                return [part for part in parts if part], found.end()
        elif mark in CLOSING:
            depth -= 1
    return parts, len(code)


def without_calls(code: str, names: str) -> str:
    """The code without the calls of these functions."""
    while found := re.search(rf"(?<![\w.$])({names})\(", code):
        code = code[: found.start()] + "null" + code[split(code, found.end())[1] :]
    return code


def literals(code: str) -> Iterator[str]:
    """The texts that are written out in an expression, without what a template fills in."""
    for found in re.finditer(LITERAL, code):
        yield FILLED.sub("", found.group()[1:-1])


def keys(code: str) -> set[str] | None:
    """The keys of an object that is written out; None for anything else, and where others are spread into it."""
    if not code.startswith("{") or "..." in code:
        return None
    return {re.split(r"[:(]", part, maxsplit=1)[0].strip().strip("\"'") for part in split(code, 1)[0]}
