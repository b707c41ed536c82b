"""Every sentence a person may read passes through `_` or `_n`, where Babel finds it, in Python and scripts alike."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

from explorer.sentences import extracted
from tests.web import EXPLORER, ROOT, checked
from tests.web.reading import calls, keys, literals, without_calls, without_comments

SAID = ("_", "_n")
SPOKEN_KEYWORDS = {"label", "info", "placeholder", "question", "title"}
SPOKEN_PARTS = {"Markdown", "Button", "Accordion", "Tab"}  # of Gradio; their first argument is read by people
SPOKEN_PROPERTIES = r"textContent|title|placeholder|ariaLabel"
SPOKEN_PROPS = r"(?<![\w.])(?:title|placeholder|alt|\"aria-label\")\s*:"
WORD = re.compile(r"[^\W\d_]{2,}")
PASSES_ON = {"explorer/shell/skeleton.py"}  # says the sentences of skeletons, which are read there


@cache
def trees() -> dict[Path, ast.Module]:
    """Every module of the page and the engine, read."""
    files = [path for room in ("explorer", "models") for path in sorted((ROOT / room).rglob("*.py"))]
    used = [path for path in files if (ROOT / "models/training") not in path.parents]
    return {path: ast.parse(path.read_text("utf-8")) for path in used}


@cache
def scripts() -> dict[Path, str]:
    """Every script of the page, without its comments."""
    files = [path for path in checked(".js") if path.is_relative_to(EXPLORER)]
    return {path: without_comments(path.read_text("utf-8")) for path in files}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


# ---- Babel ----------------------------------------------------------------------------------------------------------
def test_babel_finds_every_sentence_of_a_script() -> None:
    # It does not look inside templates and inside a sentence's values, and knows only texts that are written out.
    written = {name_of(path): len(list(calls(code, "_n?"))) for path, code in scripts().items()}
    assert {name_of(path): len(list(extracted(path))) for path in scripts()} == written


# ---- sentences and their values -------------------------------------------------------------------------------------
def places(sentence: str) -> set[str]:
    ours = re.sub(r"%\{[^}]*\}", "", sentence)  # Plotly fills the others
    return {name for _text, name, _format, _conversion in Formatter().parse(ours) if name is not None}


def mistakes_in_python(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for call in [node for node in ast.walk(tree) if isinstance(node, ast.Call) and called(node) in SAID]:
        forms = [form.value for form in call.args[: 1 if called(call) == "_" else 2] if isinstance(form, ast.Constant)]
        texts = [form for form in forms if isinstance(form, str)]
        if len(texts) < (1 if called(call) == "_" else 2):
            yield call.lineno, "the sentence is not written out"
            continue
        given = {keyword.arg for keyword in call.keywords}
        wanted = set[str]().union(*map(places, texts))
        if None not in given and wanted - {"count"} != given - {"count"}:
            yield call.lineno, f"{sorted(wanted)} are in the sentence, {sorted(map(str, given))} are given"
        if called(call) == "_" and "count" in wanted - given and None not in given:
            yield call.lineno, "count is not given"


def mistakes_in_script(code: str) -> Iterator[tuple[int, str]]:
    for call in calls(code, "_n?"):
        number = 1 if call.name == "_" else 2
        forms = ["".join(literals(argument)) for argument in call.arguments[:number]]
        rest = call.arguments[number if call.name == "_" else 3 :]
        given = keys(rest[0]) if rest else set()
        wanted = set[str]().union(*map(places, forms)) - ({"count"} if call.name == "_n" else set())
        if given is not None and wanted != given:
            yield call.line, f"{sorted(wanted)} are in the sentence, {sorted(given)} are given"


def test_a_sentence_of_python_is_written_out_and_gets_its_values() -> None:
    found = {name_of(path): list(mistakes_in_python(tree)) for path, tree in trees().items()}
    assert {name: mistakes for name, mistakes in found.items() if mistakes and name not in PASSES_ON} == {}


def test_a_sentence_of_a_script_is_written_out_and_gets_its_values() -> None:
    found = {name_of(path): list(mistakes_in_script(code)) for path, code in scripts().items()}
    assert {name: mistakes for name, mistakes in found.items() if mistakes} == {}


def test_no_sentence_is_said_before_the_language_is_known() -> None:
    """What stands outside of functions is evaluated on import; only tabs are imported while the page is built."""
    modules = {path: tree for path, tree in trees().items() if path.name != "tab.py"}
    early = {
        name_of(path): [node.lineno for node in at_import(tree) if called(node) in SAID]
        for path, tree in modules.items()
    }
    assert {name: lines for name, lines in early.items() if lines} == {}


def at_import(node: ast.AST) -> Iterator[ast.Call]:
    if isinstance(node, ast.Call):
        yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from at_import(child)


# ---- what does not pass through -------------------------------------------------------------------------------------
def called(node: ast.AST) -> str:
    """The last name of what a call calls."""
    if isinstance(node, ast.Call):
        return called(node.func)
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def error_names() -> set[str]:
    """ModelError and every class built on it."""
    classes = [node for tree in trees().values() for node in ast.walk(tree)]
    names, before = {"ModelError"}, 0
    while len(names) > before:
        before = len(names)
        for node in classes:
            if isinstance(node, ast.ClassDef) and names & {called(base) for base in node.bases}:
                names.add(node.name)
    return names


ERRORS = error_names()


def plain_texts(node: ast.AST) -> Iterator[int]:
    """Lines of the texts in an expression that no `_` says; what is given to other functions is not looked at."""
    if isinstance(node, ast.Call) and called(node) != "join":
        return
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        parts = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
        if any(WORD.search(str(part)) for part in parts):
            yield node.lineno
        return
    for child in ast.iter_child_nodes(node):
        yield from plain_texts(child)


def unsaid_in_python(tree: ast.AST) -> Iterator[int]:
    for call in [node for node in ast.walk(tree) if isinstance(node, ast.Call)]:
        if called(call) in ERRORS:
            read: list[ast.expr] = call.args
        else:
            read = call.args[:1] if called(call) in SPOKEN_PARTS else []
        spoken = [keyword.value for keyword in call.keywords if keyword.arg in SPOKEN_KEYWORDS]
        for expression in [*read, *spoken]:
            yield from plain_texts(expression)


def unsaid_in_script(code: str) -> Iterator[str]:
    """Texts on their way to a reader: into properties, attributes, children and status lines."""
    for expression in spoken_in_script(without_calls(code, "_n?")):
        yield from (text for text in literals(expression) if WORD.search(text))


def spoken_in_script(code: str) -> Iterator[str]:
    for found in re.finditer(rf"\.(?:{SPOKEN_PROPERTIES})\s*=(?!=)([^;]*)", code):
        yield without_calls(found.group(1), r"[\w.]+")
    for found in re.finditer(rf"{SPOKEN_PROPS}([^,}}]*)", code):
        yield found.group(1)
    for call in calls(code, "h|svg"):
        for child in call.arguments[2:]:
            yield without_calls(child, r"[\w.]+")
    for call in calls(code, "status|fail"):
        yield from call.arguments[1:2]


def test_what_people_read_from_python_can_be_translated() -> None:
    found = {name_of(path): list(unsaid_in_python(tree)) for path, tree in trees().items()}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_what_people_read_from_a_script_can_be_translated() -> None:
    found = {name_of(path): list(unsaid_in_script(code)) for path, code in scripts().items()}
    assert {name: texts for name, texts in found.items() if texts} == {}


# ---- the tests' own eyes --------------------------------------------------------------------------------------------
def test_plain_texts_are_seen_where_people_would_read_them() -> None:
    code = """
    // status(element, "in a comment")
    node.textContent = "Stop now";
    h("button", { class: "action big", title: "Stop it" }, "Stop", h("b", null, `${count} more`));
    status(element, done ? null : "Reading…");
    h("p", null, _("Said {count} {more}", { count, more: f(1, 2) }));
    """
    expected = {"Stop now", "Stop it", "Stop", " more", "Reading…"}
    assert set(unsaid_in_script(without_comments(code))) == expected
    tree = ast.parse("raise ModelError(f'No {x} here')\ngr.Button(_('Run'))\ngr.Slider(label='Size')\nf(label=name)")
    assert list(unsaid_in_python(tree)) == [1, 3]


def test_values_that_a_sentence_lacks_or_does_not_ask_for_are_seen() -> None:
    code = '_("{a} and {b}", { a, b: 1 });\n_("{a}", { b });\n_n("{count} x", "{count} xs", f(2), { y: 1 });\n_("{a}")'
    assert [line for line, _why in mistakes_in_script(code)] == [2, 3, 4]
    tree = ast.parse("_('{a}', a=1)\n_('{a}', b=1)\n_(f'{a}')\n_n('{count}', '{count}s', 2)\n_('{count}')")
    assert [line for line, _why in mistakes_in_python(tree)] == [2, 3, 5]
