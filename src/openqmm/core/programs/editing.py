"""Copying a program file and changing what it says; the reason becomes the facts' source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from openqmm.core.errors import InvalidProgram, Problem
from openqmm.core.programs.reading import read_program

FACTS = (
    "cap",
    "reserve",
    "window_days",
    "fees",
    "confidentiality",
    "location",
    "facility_types",
    "look_back_years",
)
"""Facts that stand by themselves in a program file."""

CLOCKS = (
    "orientation_days_before_visit",
    "assessment_days",
    "draft_report_days",
    "factual_check_working_days",
    "validity_months",
    "information_days",
    "acceptance_days",
    "progress_review_months",
)
FILE_AGES = ("establishments", "inspections", "compliance", "import_alerts", "ndc")
_GROUPS = {"clocks": CLOCKS, "file_age_days": FILE_AGES}


def copied(source: str, program_id: str, title: str) -> str:
    """Return a program file under another id and title (InvalidProgram for an id that is none)."""
    content = yaml.safe_load(source)
    return _checked(content | {"id": program_id, "title": title}, program_id)


def edited(source: str, changes: Mapping[str, Any], reason: str) -> str:
    """Return a program file with some of what it says changed.

    Parameters
    ----------
    source : a program file that can be read.
    changes : by name: `title`, `summary`, `selection` (YAML text) and any of the facts; a clock
        and a file's age by `clocks.NAME` and `file_age_days.NAME`. What equals what stands is no
        change.
    reason : becomes the source of every fact that changed.

    Raises
    ------
    InvalidProgram
        What comes of it breaks the format; every fault is named.
    """
    content = yaml.safe_load(source)
    for name, value in changes.items():
        if name in {"title", "summary"}:
            content[name] = value
        elif name == "selection":
            content[name] = _selection(value, content["id"])
        else:
            group, _, fact = name.rpartition(".")
            facts = content[group] if group else content
            if facts[fact]["value"] != value:
                facts[fact] = {"value": value, "source": f"Program office: {reason}"}
    return _checked(content, content["id"])


def facts_of(source: str) -> dict[str, Any]:
    """Return what `edited` can change, as it stands, by the same names."""
    content = yaml.safe_load(source)
    found = {name: content[name] for name in ("title", "summary")}
    found |= {name: content[name]["value"] for name in FACTS}
    for group, names in _GROUPS.items():
        found |= {f"{group}.{name}": content[group][name]["value"] for name in names}
    return found | {"selection": _dumped(content["selection"])}


def _selection(text: str, program_id: str) -> Any:
    try:
        return yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at its line {mark.line + 1}" if mark else ""
        message = f"selection is no YAML{where}; expected `strata` and `at_most`."
        raise InvalidProgram(f"{program_id}.yaml", [Problem(message)]) from None


def _checked(content: dict[str, Any], program_id: str) -> str:
    text = _dumped(content)
    read_program(text.encode(), f"{program_id}.yaml")
    return text


def _dumped(content: Any) -> str:
    return str(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=96))
