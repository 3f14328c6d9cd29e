"""Protocols in authoring form, all synthetic: a small one to break, and arbitrary ones."""

from __future__ import annotations

import unicodedata
from typing import Any

from hypothesis import strategies as st

from openqmm.core.protocols import Located, Protocol, read_protocol
from openqmm.core.protocols.schema import SPREADSHEET_ERRORS

# What spreadsheets, YAML and labelled lines could take for something else than a text.
TRICKY = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2",
    "@SUM(A1)",
    "Intent: not a label here",
    "- a dash",
    "# a hash",
    "a: b",
    "_x0041_",
    "yes",
    "null",
    "1.0",
    "'quoted'",
    '"quoted"',
    "trailing colon:",
    "| bar",
    "> fold",
    "{a: b}",
    "é café ñ 药",
    "100 %",
    "&anchor *alias",
    "2026-11-22",
    "#REF",
    "word " * 60,
)


def question_form(name: str, **changes: Any) -> dict[str, Any]:
    """Return a sound question; `changes` replace its keys."""
    form = {
        "id": name,
        "version": 1,
        "topic": "Synthetic topic",
        "key": False,
        "text": f"How is {name} done?",
        "intent": "Only for tests.",
        "levels": {str(n): f"{name} at level {n}." for n in range(1, 6)},
        "criteria": {"3": ["Seen once."], "5": ["Seen twice.", "Given away."]},
        "look_at": {
            "interviews": ["To an analyst: when?"],
            "documents": ["The log"],
            "observations": ["At the bench"],
        },
        "evidence": ["document", "interview"],
        "applies_to": ["API", "FDF"],
        "references": ["ICH Q10 2.7"],
        "metrics": ["lar"],
    }
    return {**form, **changes}


def protocol_form(**changes: Any) -> dict[str, Any]:
    """Return a sound protocol of two areas and three questions; `changes` replace its keys."""
    form = {
        "format": "openqmm-protocol/1",
        "id": "synthetic",
        "version": "1.0",
        "title": "Synthetic protocol",
        "summary": "Only for tests.",
        "language": "en",
        "scale": [
            {"level": n, "name": f"Step {n}", "description": f"Synthetic step {n}."}
            for n in range(1, 6)
        ],
        "areas": [
            {
                "id": "A",
                "title": "Area A",
                "summary": "First.",
                "weight": 2,
                "elements": [
                    {"id": "A.1", "title": "One", "questions": ["Q-1", {"id": "Q-2", "weight": 3}]}
                ],
            },
            {
                "id": "B",
                "title": "Area B",
                "summary": "Second.",
                "elements": [{"id": "B.1", "title": "Two", "questions": ["Q-3"]}],
            },
        ],
        "questions": [question_form("Q-1", key=True), question_form("Q-2"), question_form("Q-3")],
    }
    return {**form, **changes}


def protocol_of(form: dict[str, Any]) -> Protocol:
    """Return the sealed protocol of an authoring form."""
    return read_protocol(Located("synthetic.yaml", form))


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


_characters = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"
)
texts = (
    st.one_of(st.sampled_from(TRICKY), st.text(_characters, min_size=1, max_size=40))
    .map(_folded)
    .filter(lambda text: text and text not in SPREADSHEET_ERRORS)
)
lists = st.lists(texts, min_size=1, max_size=3)
ids = st.from_regex(r"[A-Za-z][A-Za-z0-9._-]{0,11}", fullmatch=True)
weights = st.one_of(st.integers(1, 50), st.decimals("0.001", "99.999", places=3).map(float))
evidence = st.lists(
    st.sampled_from(["document", "interview", "observation", "data"]),
    min_size=2,
    max_size=4,
    unique=True,
)
facility_types = st.lists(
    st.sampled_from(["API", "API_INTERMEDIATE", "FDF"]), min_size=1, unique=True
)


@st.composite
def questions(draw: st.DrawFn, name: str) -> dict[str, Any]:
    levels = draw(st.lists(texts, min_size=5, max_size=5, unique=True))
    criteria = draw(st.dictionaries(st.sampled_from("2345"), lists, max_size=3))
    return question_form(
        name,
        version=draw(st.integers(1, 9)),
        topic=draw(texts),
        key=draw(st.booleans()),
        text=draw(texts),
        intent=draw(texts),
        levels={str(n): text for n, text in enumerate(levels, start=1)},
        criteria=criteria,
        look_at={part: draw(lists) for part in ("interviews", "documents", "observations")},
        evidence=draw(evidence),
        applies_to=draw(facility_types),
        references=draw(st.lists(texts, max_size=2)),
        metrics=draw(st.lists(texts, max_size=2)),
    )


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    cuts = st.decimals("1.01", "5", places=2)
    margins = st.one_of(st.none(), st.integers(0, 4))
    return {
        "cut_points": sorted(draw(st.lists(cuts, min_size=4, max_size=4, unique=True))),
        "coverage_min": draw(st.decimals("0", "1", places=3)),
        "min_assessors": draw(st.integers(1, 5)),
        "single_assessor": draw(st.sampled_from(["flag", "not_rated"])),
        "area_gate": draw(margins),
        "overall_gate": draw(margins),
    }


@st.composite
def protocols(draw: st.DrawFn) -> Protocol:
    """Any small protocol: one or two areas, up to four questions, every text and rule at will."""
    names = draw(st.lists(ids, min_size=2, max_size=4, unique_by=str.casefold))
    elements = draw(st.lists(ids, min_size=1, max_size=2, unique_by=str.casefold))
    areas = draw(
        st.lists(ids, min_size=len(elements), max_size=len(elements), unique_by=str.casefold)
    )
    homes: list[list[Any]] = [[name] for name in names[: len(elements)]]
    for name in names[len(elements) :]:
        draw(st.sampled_from(homes)).append({"id": name, "weight": draw(weights)})
    form = protocol_form(
        id=draw(st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True)),
        version=draw(st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,3}){0,2}", fullmatch=True)),
        title=draw(texts),
        summary=draw(texts),
        language=draw(st.sampled_from(["en", "no", "pt-BR"])),
        rules=draw(rules()),
        areas=[
            {
                "id": area,
                "title": draw(texts),
                "summary": draw(texts),
                "weight": draw(weights),
                "elements": [{"id": element, "title": draw(texts), "questions": home}],
            }
            for area, element, home in zip(areas, elements, homes, strict=True)
        ],
        questions=[draw(questions(name)) for name in names],
    )
    return protocol_of(form)
