"""Writes docs/reference/events.md from the code: every kind of event, and what it means.

Every place that opens an audit event is read: its `what=` code, its sentence, and the docstring of
the action it stands in. Codes made of a step's name take the steps of the state tables. Run it
after every change of an event; a test compares the page with what this script would write.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from openqmm.core.workflow import StateTable, Transition, in_words
from openqmm.core.workflow.states import TABLES

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "openqmm"
PAGE = ROOT / "docs" / "reference" / "events.md"
_OPENERS = {"event", "audit.event", "events.event"}

_INTRODUCTION = """\
# Events

<!-- Written by scripts/event_catalogue.py; do not edit by hand. -->

Every kind of event that can stand on an audit trail. The sentence is what people read ("…" stands
for a name, a number or a step); what it means comes from the action that writes it. Which trail an
event stands on, and how to read it: [Read the trail](../how-to/read-the-trail.md).
"""


class Unresolved(Exception):
    """A code that cannot be made out from the source; the message says where."""


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """One kind of event: its code, its sentence, and what it means."""

    code: str
    sentence: str
    meaning: str


def page() -> str:
    """Return the whole page."""
    by_subject: dict[str, list[Kind]] = {}
    for kind in kinds():
        by_subject.setdefault(kind.code.split(".")[0], []).append(kind)
    parts = [_INTRODUCTION]
    for subject, found in sorted(by_subject.items()):
        parts.append(f"## {subject.replace('_', ' ').capitalize()}\n")
        parts.append("| event | sentence | what it means |\n|---|---|---|")
        parts.append(
            "\n".join(f"| `{k.code}` | {k.sentence} | {k.meaning} |" for k in found) + "\n"
        )
    return "\n".join(parts)


def kinds() -> list[Kind]:
    """Return every kind of event in the source, one for each code, in alphabetical order."""
    found: dict[str, Kind] = {}
    for file in sorted(SOURCE.rglob("*.py")):
        for kind in _of_file(file):
            found.setdefault(kind.code, kind)
    return sorted(found.values())


def _of_file(file: Path) -> Iterator[Kind]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in _OPENERS:
                yield from _of_call(call, function, tree, file)


def _of_call(
    call: ast.Call, function: ast.FunctionDef, tree: ast.Module, file: Path
) -> Iterator[Kind]:
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if "what" not in given:
        return
    codes = list(_codes(given["what"], function, tree))
    if not codes:
        raise Unresolved(f"{file.relative_to(ROOT)}, line {call.lineno}: what= cannot be made out")
    for code, teller, said in codes:
        sentence = said or _words(given.get("sentence"), function)
        step = _step(code)
        meaning = _of_step(*step) if step else _meaning(teller, tree)
        yield Kind(code, "" if sentence == "…" else sentence, meaning)


def _codes(
    value: ast.expr, function: ast.FunctionDef, tree: ast.Module
) -> Iterator[tuple[str, ast.FunctionDef, str]]:
    """Yield the codes an expression can have, each with the function whose docstring tells of it,
    and its sentence where the state tables say it."""
    match value:
        case ast.Constant(value=str(code)):
            yield code, function, ""
        case ast.IfExp():
            yield from _codes(value.body, function, tree)
            yield from _codes(value.orelse, function, tree)
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), _]) if start.endswith("."):
            for table in TABLES:
                if table.subject.split()[-1] == start[:-1]:
                    yield from ((f"{start}{s.event}", function, s.done) for s in table.transitions)
        case ast.Name(id=name):
            yield from _of_name(name, function, tree)


def _of_name(
    name: str, function: ast.FunctionDef, tree: ast.Module
) -> Iterator[tuple[str, ast.FunctionDef, str]]:
    """Yield the codes behind a name: a constant, a variable, or what callers hand over."""
    constants = [node for node in tree.body if isinstance(node, ast.Assign)]
    for value in _assigned(name, function, *constants):
        yield from _codes(value, function, tree)
    for caller in ast.walk(tree):
        if not isinstance(caller, ast.FunctionDef):
            continue
        for call in ast.walk(caller):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == function.name:
                said = "".join(_words(v, caller) for v in _handed(call, "sentence", function))
                for value in _handed(call, name, function):
                    yield from (
                        (code, who, own or said) for code, who, own in _codes(value, caller, tree)
                    )


def _handed(call: ast.Call, name: str, function: ast.FunctionDef) -> Iterator[ast.expr]:
    """Yield what a call hands over for a parameter of the function."""
    yield from (keyword.value for keyword in call.keywords if keyword.arg == name)
    places = [n for n, argument in enumerate(function.args.args) if argument.arg == name]
    yield from (call.args[place] for place in places if place < len(call.args))


def _words(value: ast.expr | None, function: ast.FunctionDef) -> str:
    """Return a sentence with its holes as dots."""
    match value:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(p.value if isinstance(p, ast.Constant) else "…" for p in parts)
        case ast.IfExp():
            return f"{_words(value.body, function)} / {_words(value.orelse, function)}"
        case ast.BinOp():
            return f"{_words(value.left, function)}{_words(value.right, function)}"
        case ast.Name(id=name):
            assigned = list(_assigned(name, function))
            return _words(assigned[0], function) if assigned else "…"
    return "…"


def _assigned(name: str, *places: ast.AST) -> Iterator[ast.expr]:
    """Yield what is assigned to a name."""
    for node in (node for place in places for node in ast.walk(place)):
        if isinstance(node, ast.Assign) and name in map(ast.unparse, node.targets):
            yield node.value


def _step(code: str) -> tuple[StateTable, Transition] | None:
    """Return the step of a state table that a code names."""
    subject, _, event = code.partition(".")
    for table in TABLES:
        for step in table.transitions:
            if (table.subject.split()[-1], step.event) == (subject, event):
                return table, step
    return None


def _of_step(table: StateTable, step: Transition) -> str:
    before = " or ".join(in_words(state) for state in table.states if state in step.sources)
    roles = " or ".join(sorted(role.title for role in step.roles))
    return f"{table.subject.capitalize()} goes from {before} to {in_words(step.target)}. {roles}."


def _meaning(function: ast.FunctionDef, tree: ast.Module) -> str:
    """Return the first sentence of the docstring of the action: the function's own, or that of the
    first above it in the module that has one; the module's where none has."""
    for teller in _above(function, tree):
        if text := ast.get_docstring(teller):
            return _first_sentence(text)
    return _first_sentence(ast.get_docstring(tree) or "")


def _above(function: ast.FunctionDef, tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Yield a function, then those that call it, then those that call these."""
    waiting, seen = [function], set()
    while waiting:
        one = waiting.pop(0)
        if one.name in seen:
            continue
        seen.add(one.name)
        yield one
        waiting += [
            other
            for other in ast.walk(tree)
            if isinstance(other, ast.FunctionDef)
            and any(isinstance(n, ast.Name) and n.id == one.name for n in ast.walk(other))
        ]


def _first_sentence(docstring: str) -> str:
    text = " ".join(docstring.split())
    for end in (". ", "; event", ": event"):
        text = text.split(end)[0]
    return f"{text.rstrip('.').replace('|', '/')}." if text else ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
