"""From a program file to a program, or to every fault of the file at once."""

from __future__ import annotations

from typing import Any

from openqmm.core.errors import InvalidProgram, InvalidProtocol, Problem
from openqmm.core.programs.model import (
    ATTESTABLE,
    CRITERION_IDS,
    Clocks,
    Criterion,
    FileAges,
    Limit,
    Program,
    Stratum,
)
from openqmm.core.programs.shape import (
    CriterionIn,
    FactIn,
    ProgramIn,
    SelectionIn,
    StratumIn,
)
from openqmm.core.programs.vocabulary import ATTRIBUTE_WORDS, WORDS, category
from openqmm.core.protocols.located import Located, read_yaml
from openqmm.core.protocols.reading import in_reading_order, shaped_faults


def read_program(content: bytes, source: str) -> Program:
    """Return the program that a YAML file configures.

    Parameters
    ----------
    content : the file's bytes.
    source : the file's name, quoted in faults.

    Raises
    ------
    InvalidProgram
        Names every fault with its line: shape, criteria missing, repeated or without their
        attestation.
    """
    try:
        file = read_yaml(content, source)
    except InvalidProtocol as error:
        raise InvalidProgram(error.subject, error.problems) from None
    shaped, faults = shaped_faults(ProgramIn, file)
    if shaped is not None:
        faults += _criteria_faults(shaped, file) + _selection_faults(shaped.selection, file)
    if faults or shaped is None:
        raise InvalidProgram(source, in_reading_order(faults))
    return _program(shaped)


def _criteria_faults(shaped: ProgramIn, file: Located) -> list[Problem]:
    faults: list[Problem] = []
    seen: set[str] = set()
    for i, criterion in enumerate(shaped.criteria):
        if criterion.id in seen:
            message = f"the criterion {criterion.id} stands here a second time; keep one."
            faults.append(file.problem(("criteria", i), message))
        seen.add(criterion.id)
        fault = _attestation_fault(criterion)
        if fault:
            faults.append(file.problem(("criteria", i), fault))
    missing = [criterion_id for criterion_id in CRITERION_IDS if criterion_id not in seen]
    if missing:
        message = f"the criteria {', '.join(missing)} are missing; add them."
        faults.append(file.problem(("criteria",), message))
    return faults


def _attestation_fault(criterion: CriterionIn) -> str | None:
    attestable = ATTESTABLE.get(criterion.id)
    if attestable is None:
        if criterion.attestation or criterion.statement or criterion.attested_sources:
            return f"{criterion.id} is judged by public records; remove its attestation."
        return None
    if bool(criterion.attestation) != bool(criterion.statement):
        return f"{criterion.id} needs `attestation` and `statement` together, or neither."
    if bool(criterion.attestation) != bool(criterion.attested_sources):
        known = ", ".join(sorted(attestable))
        return f"an attestation stands in for sources: name `attested_sources`, of {known}."
    other = sorted(set(criterion.attested_sources) - attestable)
    if other:
        known = ", ".join(sorted(attestable))
        return f"no attestation stands in for {', '.join(other)} here, only for {known}."
    return None


def _selection_faults(selection: SelectionIn, file: Located) -> list[Problem]:
    faults: list[Problem] = []
    for part in ("strata", "at_most"):
        attributes = [entry.attribute for entry in getattr(selection, part)]
        for i, attribute in enumerate(attributes):
            if attribute in attributes[:i]:
                message = f"{attribute} stands here a second time; keep one."
                faults.append(file.problem(("selection", part, i), message))
    for i, stratum in enumerate(selection.strata):
        faults += [
            file.problem(("selection", "strata", i), message)
            for message in _stratum_faults(stratum)
        ]
    return faults


def _stratum_faults(stratum: StratumIn) -> list[str]:
    faults = []
    total = sum(stratum.shares.values())
    if total > 100:
        faults.append(f"the shares sum to {total} per cent; they may reach 100.")
    known = WORDS.get(stratum.attribute)
    if known:
        folded = {category(name) for name in known}
        unknown = [name for name in stratum.shares if category(name) not in folded]
        if unknown:
            what = ATTRIBUTE_WORDS[stratum.attribute].lower()
            names = ", ".join(known)
            faults.append(f"{', '.join(unknown)} is not known as {what}; known are {names}.")
    return faults


def _program(shaped: ProgramIn) -> Program:
    facts: dict[str, Any] = {n: value for n, value in shaped if isinstance(value, FactIn)}
    facts |= {name: value for part in (shaped.clocks, shaped.file_age_days) for name, value in part}
    clocks = {name: fact.value for name, fact in shaped.clocks}
    ages = {name: fact.value for name, fact in shaped.file_age_days}
    order = {criterion_id: n for n, criterion_id in enumerate(CRITERION_IDS)}
    return Program(
        id=shaped.id,
        title=shaped.title,
        summary=shaped.summary,
        protocol_id=shaped.protocol,
        cap=shaped.cap.value,
        reserve=shaped.reserve.value,
        window_days=shaped.window_days.value,
        fees=shaped.fees.value,
        confidentiality=shaped.confidentiality.value,
        location=shaped.location.value,
        facility_types=tuple(shaped.facility_types.value),
        look_back_years=shaped.look_back_years.value,
        clocks=Clocks(**clocks),
        file_age_days=FileAges(**ages),
        criteria=tuple(
            _criterion(c)
            for c in sorted(shaped.criteria, key=lambda criterion: order[criterion.id])
        ),
        strata=tuple(_stratum(stratum) for stratum in shaped.selection.strata),
        limits=tuple(Limit(m.attribute, m.places) for m in shaped.selection.at_most),
        sources=_sources(shaped, facts),
    )


def _criterion(shaped: CriterionIn) -> Criterion:
    return Criterion(
        id=shaped.id,
        title=shaped.title,
        text=shaped.text,
        source=shaped.source,
        attestation=shaped.attestation,
        statement=shaped.statement or "",
        attested_sources=tuple(shaped.attested_sources),
    )


def _stratum(shaped: StratumIn) -> Stratum:
    shares = {category(name): share for name, share in shaped.shares.items()}
    return Stratum(shaped.attribute, shaped.weight, shares)


def _sources(shaped: ProgramIn, facts: dict[str, Any]) -> dict[str, str]:
    sources = {name: fact.source for name, fact in facts.items()}
    sources |= {f"stratum_{s.attribute}": s.source for s in shaped.selection.strata}
    return sources | {f"limit_{m.attribute}": m.source for m in shaped.selection.at_most}
