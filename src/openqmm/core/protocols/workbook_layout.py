"""The sheets and columns of a protocol workbook: one description for writing and reading it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from openqmm.core.protocols.located import Path

Kind = Literal["text", "list", "number", "flag", "margin"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet, or one row of the `about` sheet.

    `path` leads to the value within its entry of the authoring form; `choices` are offered in a
    drop-down; `note` tells authors what belongs there.
    """

    header: str
    path: Path
    kind: Kind = "text"
    width: int = 20
    choices: tuple[str, ...] = ()
    note: str = ""
    optional: bool = False


ABOUT, SCALE, AREAS, ELEMENTS, QUESTIONS = "about", "scale", "areas", "elements", "questions"
HOW_TO = "how to"
OFF = "off"

ABOUT_ROWS = (
    Column("id", ("id",), note="Small letters, digits and hyphens; stays the same for good."),
    Column("version", ("version",), note="As text: 1.10 is not 1.1. A change needs a new one."),
    Column("title", ("title",), note="The name people read."),
    Column("summary", ("summary",), note="One or two sentences."),
    Column("language", ("language",), optional=True, note="Code of the language, such as en."),
    Column(
        "cut points",
        ("rules", "cut_points"),
        "list",
        optional=True,
        note="Four scores, one a line: where levels 2, 3, 4 and 5 begin.",
    ),
    Column(
        "minimum coverage",
        ("rules", "coverage_min"),
        "number",
        optional=True,
        note="Share of the applicable weight that must be scored, 0 to 1.",
    ),
    Column(
        "minimum assessors",
        ("rules", "min_assessors"),
        "number",
        optional=True,
        note="Independent scores a question needs.",
    ),
    Column(
        "single assessor",
        ("rules", "single_assessor"),
        optional=True,
        choices=("flag", "not_rated"),
        note="What happens to a question with fewer scores.",
    ),
    Column(
        "area gate",
        ("rules", "area_gate"),
        "margin",
        optional=True,
        note="Levels an area may stand above its lowest key question; off for no gate.",
    ),
    Column(
        "overall gate",
        ("rules", "overall_gate"),
        "margin",
        optional=True,
        note="Levels the overall rating may stand above the lowest area; off for no gate.",
    ),
)

SCALE_COLUMNS = (
    Column("level", ("level",), "number", 8),
    Column("name", ("name",), width=18),
    Column("description", ("description",), width=80),
)

AREA_COLUMNS = (
    Column("id", ("id",), width=12, note="Short and unique."),
    Column("title", ("title",), width=40),
    Column("summary", ("summary",), width=70),
    Column("weight", ("weight",), "number", 9, optional=True, note="1 unless written."),
)

ELEMENT_COLUMNS = (
    Column("area", ("area",), width=12, note="The id of an area."),
    Column("id", ("id",), width=14, note="Short and unique."),
    Column("title", ("title",), width=40),
)

QUESTION_COLUMNS = (
    Column("area", ("area",), width=9, note="The id of an area."),
    Column("element", ("element",), width=12, note="The id of an element of that area."),
    Column("id", ("id",), width=11, note="Stays with the question for good."),
    Column("version", ("version",), "number", 8, optional=True, note="A whole number."),
    Column("topic", ("topic",), width=18),
    Column("key", ("key",), "flag", 6, ("yes", "no"), "Can gate its area.", optional=True),
    Column("weight", ("weight",), "number", 8, optional=True, note="1 unless written."),
    Column("text", ("text",), width=40),
    Column("intent", ("intent",), width=40),
    *(Column(f"level {n}", ("levels", str(n)), width=45) for n in range(1, 6)),
    *(
        Column(
            f"criteria {n}",
            ("criteria", str(n)),
            "list",
            45,
            optional=True,
            note=f"What must hold before level {n} is claimed; one a line.",
        )
        for n in range(2, 6)
    ),
    Column("interviews", ("look_at", "interviews"), "list", 45, note="One prompt a line."),
    Column("documents", ("look_at", "documents"), "list", 40, note="One record a line."),
    Column("observations", ("look_at", "observations"), "list", 40, note="One a line."),
    Column(
        "evidence",
        ("evidence",),
        "list",
        14,
        note="One a line: document, interview, observation, data; two or more.",
    ),
    Column(
        "applies to",
        ("applies_to",),
        "list",
        20,
        note="One a line: API, API_INTERMEDIATE, FDF.",
    ),
    Column("references", ("references",), "list", 28, optional=True, note="One a line."),
    Column("metrics", ("metrics",), "list", 18, optional=True, note="One metric id a line."),
)

SHEETS: Mapping[str, tuple[Column, ...]] = {
    SCALE: SCALE_COLUMNS,
    AREAS: AREA_COLUMNS,
    ELEMENTS: ELEMENT_COLUMNS,
    QUESTIONS: QUESTION_COLUMNS,
}

INSTRUCTIONS = (
    "This workbook holds one protocol: its areas, elements, questions and rating rules.",
    "Start with the sheet about, then areas, elements and questions. Rows may be added, removed "
    "and put in another order; the order of rows is the order in which questions are asked. "
    "Leave the headers as they are.",
    "Where a cell takes several entries, write one a line (Alt+Enter starts a new line).",
    "Write ids and versions as text. Formulas are not kept, only what they show.",
    "To read the workbook back: openqmm protocol import FILE.xlsx --out protocol.yaml. "
    "Every fault is named with its sheet, row and column, and nothing is written until none is "
    "left. To look first: openqmm protocol validate FILE.xlsx.",
    "A published protocol never changes: give an edited one a new version.",
)
