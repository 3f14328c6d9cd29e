"""Writes docs/reference/states.md from the state tables and their worked examples.

Run it after every change of `openqmm.core.workflow.states` or `tests/spec/states`; a test compares
the page with what this script would write.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from openqmm.core.workflow import Role, StateTable, Transition, in_words
from openqmm.core.workflow.states import TABLES
from openqmm.core.workflow.tables import BACK

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "states.md"
EXAMPLES = ROOT / "tests" / "spec" / "states"

# A step open from more states than this is drawn from one box, or nothing else could be made out.
_MOST_ARROWS = 3

_INTRODUCTION = """\
# States and steps

<!-- Written by scripts/state_diagrams.py; do not edit by hand. -->

Six kinds of record move through a program. This page is generated from the tables that the
platform itself obeys (`openqmm.core.workflow.states`). A step that is not in a table does not
exist; a step that is, is closed to every role not named and from every state not named, and the
refusal says so in a sentence. The examples are run as tests.

What the words mean is in [The program](../explanation/program.md), the roles in
[Roles](roles.md).
"""


def page() -> str:
    """Return the whole page."""
    parts = [_INTRODUCTION]
    parts += ["\n".join(_section(table)) for table in TABLES]
    parts.append("\n".join(_by_role()))
    return "\n".join(parts)


def examples(subject: str) -> list[dict[str, Any]]:
    """Return the worked examples of the table with this subject, in file order."""
    pages = (yaml.safe_load(file.read_text("utf-8")) for file in sorted(EXAMPLES.glob("*.yaml")))
    return [case for one in pages if one["subject"] == subject for case in one["cases"]]


def finals(table: StateTable) -> tuple[str, ...]:
    """Return the states that no step leaves, in table order."""
    left = {source for step in table.transitions for source in step.sources}
    return tuple(state for state in table.states if state not in left)


def _section(table: StateTable) -> Iterator[str]:
    yield f"## {_capital(table.subject)}\n"
    ends = ", ".join(in_words(state) for state in finals(table))
    yield f"Begins as *{in_words(table.initial)}*. Final: {ends}.\n"
    yield from _diagram(table)
    yield ""
    yield "| step | from | to | who may take it | reason | event |"
    yield "|---|---|---|---|---|---|"
    yield from (_row(table, step) for step in table.transitions)
    yield ""
    yield from _examples(table)


def _diagram(table: StateTable) -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {table.initial}"
    for step in table.transitions:
        yield from _arrows(table, step)
    yield from (f"    {state} --> [*]" for state in finals(table))
    yield "```"


def _arrows(table: StateTable, step: Transition) -> Iterator[str]:
    if len(step.sources) > _MOST_ARROWS:
        yield f'    state "{len(step.sources)} states, see the table" as before_{step.event}'
        yield f"    before_{step.event} --> {step.target}: {in_words(step.event)}"
        return
    for source in _ordered(table, step):
        target = step.target
        if target == BACK:
            # Drawn to the box of the step that leads the other way.
            target = next(f"before_{s.event}" for s in table.transitions if s.target == source)
        yield f"    {source} --> {target}: {in_words(step.event)}"


def _row(table: StateTable, step: Transition) -> str:
    cells = (
        step.label,
        ", ".join(in_words(state) for state in _ordered(table, step)),
        in_words(step.target),
        ", ".join(_titles(step)),
        "required" if step.reasoned else "",
        f"`{step.event}`",
    )
    return f"| {' | '.join(cells)} |"


def _examples(table: StateTable) -> Iterator[str]:
    found = examples(table.subject)
    if not found:
        return
    yield "| example | state | role | step | outcome |"
    yield "|---|---|---|---|---|"
    for case in found:
        step = table.transition(case["step"]).label
        refused = case.get("refused")
        outcome = f"Refused: “{refused}”" if refused else f"becomes {in_words(case['becomes'])}"
        role = Role(case["role"]).title
        yield f"| {case['title']} | {in_words(case['state'])} | {role} | {step} | {outcome} |"
    yield ""


def _by_role() -> Iterator[str]:
    yield "## Steps by role\n"
    yield "| role | steps |"
    yield "|---|---|"
    for role in Role:
        steps = [
            f"{step.label} ({table.subject.removeprefix('the ')})"
            for table in TABLES
            for step in table.transitions
            if role in step.roles
        ]
        yield f"| {role.title} | {'; '.join(steps) or 'none'} |"
    yield ""


def _ordered(table: StateTable, step: Transition) -> list[str]:
    return [state for state in table.states if state in step.sources]


def _titles(step: Transition) -> list[str]:
    return sorted(role.title for role in step.roles)


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    print(f"Written to {PAGE.relative_to(ROOT)}")
