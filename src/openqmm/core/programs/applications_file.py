"""Reader of a file of applications, to be screened or drawn from."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from openqmm.core.errors import InvalidApplications, Problem
from openqmm.core.programs.application import ApplicationFacts
from openqmm.core.programs.model import FacilityType, Program
from openqmm.core.registry.identity import normalise_duns, normalise_fei
from openqmm.core.registry.tables import Layout, Row, RowProblem, find_header, rows_below

_SALT = re.compile(r"[0-9a-f]{64}")
_YES = frozenset({"yes", "true", "1", "y"})
_NO = frozenset({"no", "false", "0", "n"})
_ACTIVITIES = {name.lower(): name for name in get_args(FacilityType)}


@dataclass(frozen=True, slots=True)
class Applied:
    """A row of the file: the application, what the file says its screening came to, and the salt of
    its commitment, in hexadecimal, where the file is an export of a round for its auditor."""

    application: ApplicationFacts
    verdict: str
    submitted_at: str
    line: int
    salt: str = ""


def read_applications(path: Path, program: Program) -> tuple[Applied, ...]:
    """Read a file of applications (CSV or XLSX).

    Columns `application_id, facility_name, fei`; optional `duns, country, activities, size_band,
    sector, dosage_forms, organisation, submitted_at, verdict, salt`, and one per attestation of the
    program (yes or no). Others are passed over. Of several applications for one FEI those submitted
    earlier are counted as others in the round.

    Raises
    ------
    InvalidApplications
        Names every fault with its line: an id missing or twice, an activity or an answer that is
        none, a DUNS that is not one, a row of another width.
    InvalidRecords
        The file holds no table with these columns.
    """
    layout = _layout(program)
    header = find_header(path, layout)
    read: list[Applied] = []
    faults: list[Problem] = []
    for row in rows_below(path, header):
        if isinstance(row, RowProblem):
            faults.append(Problem(f"{row.reason}: {row.value}", row.line))
            continue
        applied, found = _applied(row, program, header.cells[header.index["application_id"]])
        read.append(applied)
        faults += found
    faults += _repeated(read)
    if not (read or faults):
        faults.append(Problem("it holds a header without rows; expected applications."))
    if faults:
        raise InvalidApplications(path.name, sorted(faults, key=lambda p: p.line or 0))
    return _with_others(read)


def _layout(program: Program) -> Layout:
    names = {
        "application_id": ("application_id",),
        "facility_name": ("facility_name", "name"),
        "fei": ("fei", "fei_number"),
        "duns": ("duns", "duns_number"),
        "country": ("country",),
        "activities": ("activities", "activity"),
        "size_band": ("size_band", "size"),
        "sector": ("sector",),
        "dosage_forms": ("dosage_forms", "dosage_form"),
        "organisation": ("organisation", "organization", "manufacturer"),
        "submitted_at": ("submitted_at",),
        "verdict": ("verdict",),
        "salt": ("salt",),
    }
    names |= {c.attestation: (c.attestation,) for c in program.attestations if c.attestation}
    return Layout(
        kind="applications",
        title="a file of applications",
        names=names,
        required=("application_id", "facility_name", "fei"),
    )


def _applied(row: Row, program: Program, id_column: str) -> tuple[Applied, list[Problem]]:
    faults: list[Problem] = []
    if not row.text("application_id"):
        faults.append(Problem("is missing.", row.line, id_column))
    if row.text("duns") and normalise_duns(row.text("duns")) is None:
        message = f"{row.text('duns')!r} is not a DUNS number of 9 digits."
        faults.append(Problem(message, row.line, "duns"))
    if row.text("salt") and not _SALT.fullmatch(row.text("salt")):
        message = f"{row.text('salt')!r} is no salt of 64 hexadecimal digits."
        faults.append(Problem(message, row.line, "salt"))
    activities = _parts(row.text("activities"))
    for text in activities:
        if text.lower() not in _ACTIVITIES:
            message = f"{text!r} is no activity; expected {', '.join(_ACTIVITIES.values())}."
            faults.append(Problem(message, row.line, "activities"))
    attestations, unread = _attestations(row, program)
    applied = Applied(
        application=_facts(row, activities, attestations),
        verdict=row.text("verdict").lower(),
        submitted_at=row.text("submitted_at"),
        line=row.line,
        salt=row.text("salt"),
    )
    return applied, faults + unread


def _facts(row: Row, activities: list[str], attestations: dict[str, bool]) -> ApplicationFacts:
    return ApplicationFacts(
        application_id=row.text("application_id"),
        facility_name=row.text("facility_name"),
        fei=row.text("fei"),
        country=row.text("country") or None,
        duns=row.text("duns") or None,
        activities=tuple(
            _ACTIVITIES[text.lower()] for text in activities if text.lower() in _ACTIVITIES
        ),
        attestations=attestations,
        organisation=row.text("organisation"),
        size_band=row.text("size_band"),
        sector=row.text("sector"),
        dosage_forms=tuple(_parts(row.text("dosage_forms"))),
    )


def _attestations(row: Row, program: Program) -> tuple[dict[str, bool], list[Problem]]:
    stated: dict[str, bool] = {}
    faults = []
    for criterion in program.attestations:
        name = criterion.attestation or ""
        answer = row.text(name).lower()
        if answer in _YES or answer in _NO:
            stated[name] = answer in _YES
        elif answer:
            faults.append(Problem(f"{answer!r} is neither yes nor no.", row.line, name))
    return stated, faults


def _parts(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split(";") if part.strip()]


def _repeated(read: list[Applied]) -> list[Problem]:
    first: dict[str, int] = {}
    faults = []
    for applied in read:
        name = applied.application.application_id
        if name and name in first:
            message = f"{name!r} stands in line {first[name]} already; ids are given once."
            faults.append(Problem(message, applied.line, "application_id"))
        first.setdefault(name, applied.line)
    return faults


def _with_others(read: list[Applied]) -> tuple[Applied, ...]:
    """Count, for each, the applications for the same FEI that were submitted before it."""
    before: Counter[str] = Counter()
    others: dict[str, int] = {}
    for applied in sorted(read, key=lambda a: (a.submitted_at, a.line)):
        fei = normalise_fei(applied.application.fei)
        others[applied.application.application_id] = before[fei] if fei else 0
        if fei:
            before[fei] += 1
    return tuple(
        replace(
            applied,
            application=replace(
                applied.application, others_in_round=others[applied.application.application_id]
            ),
        )
        for applied in read
    )
