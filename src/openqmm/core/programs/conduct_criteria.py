"""The two criteria for which a signed statement may stand in for a public file.

Absence of a record counts only where a file that would show it is loaded and covers the time; a
statement stands in only where the program's configuration says so, and is shown as attested.
"""

from __future__ import annotations

from openqmm.core.programs.findings import Judgement, ScreeningCase, cannot_tell, met, not_met
from openqmm.core.programs.model import CriterionId, SourceKind
from openqmm.core.programs.record_criteria import inspection_line
from openqmm.core.registry.compliance import ComplianceAction
from openqmm.core.registry.identity import normalise_fei
from openqmm.core.registry.import_alerts import ImportAlertEntry


def clean_record(case: ScreeningCase) -> Judgement:
    """Judge whether the look-back window is free of OAI classes, warning letters, injunctions and
    seizures, and whether no import alert concerns the facility."""
    if normalise_fei(case.application.fei) is None:
        return cannot_tell("Without an FEI no record can be looked up.")
    against, lines = _against(case)
    if against:
        return not_met(f"On record are {', '.join(against)}.", *lines)
    window = case.window
    doubts = [case.inspections_doubt(window.first_on), _unclear_class(case)]
    doubts.append(_unlooked_alerts(case))
    asked: dict[SourceKind, str | None] = {
        "compliance": case.source_doubt("compliance", window.first_on),
        "import_alerts": case.source_doubt("import_alerts"),
    }
    unshown = {kind: doubt for kind, doubt in asked.items() if doubt}
    nothing = "No OAI class and no compliance action is on record in the window."
    return _with_attestation(case, "clean_record", [d for d in doubts if d], unshown, nothing)


def in_commerce(case: ScreeningCase) -> Judgement:
    """Judge whether at least one product made at the facility is in US commerce.

    A listing names its labeler, which need not be the maker: no listing proves nothing.
    """
    if case.record.products:
        n = len(case.record.products)
        listed = "1 product listing is" if n == 1 else f"{n} product listings are"
        return met(f"{listed} linked to the facility.", *case.record.products)
    doubt = case.source_doubt("ndc") or "No product listing is linked to the facility."
    return _with_attestation(case, "in_commerce", [], {"ndc": doubt}, "")


def _with_attestation(
    case: ScreeningCase,
    criterion_id: CriterionId,
    doubts: list[str],
    unshown: dict[SourceKind, str],
    nothing: str,
) -> Judgement:
    """Judge a criterion against which nothing stands: met, if every file that could show something
    covers the time or a statement stands in for it."""
    criterion = case.program.criterion(criterion_id)
    doubts += [d for kind, d in unshown.items() if kind not in criterion.attested_sources]
    if doubts:
        return cannot_tell(" ".join(doubts))
    if not unshown:
        return met(nothing)
    stated = case.stated(criterion_id)
    if stated is None:
        return cannot_tell(f"The applicant is asked to state: {criterion.statement}")
    if not stated:
        return not_met(f"The applicant has not stated: {criterion.statement}")
    instead = " ".join(unshown.values())
    reason = f"{nothing} Stated by the applicant, in place of a file: {instead}".strip()
    return met(reason, criterion.statement, attested=True)


def _against(case: ScreeningCase) -> tuple[list[str], list[str]]:
    """Return what stands against the facility, in words and as lines of evidence."""
    window = case.window
    oai = [i for i in window.inspections if i.classification == "OAI"]
    taken = sorted(
        (a for a in case.record.actions if window.first_on <= a.taken_on <= case.as_of),
        key=lambda action: (action.taken_on, action.case_id),
        reverse=True,
    )
    words = [_several(len(oai), "an inspection classified OAI", "OAI classes")]
    words += [_of_type(taken, name) for name in ("Warning Letter", "Injunction", "Seizure")]
    words.append("an import alert" if case.record.alerts else "")
    lines = [inspection_line(inspection) for inspection in oai]
    lines += [action_line(action) for action in taken]
    lines += [alert_line(entry) for entry in case.record.alerts]
    return [word for word in words if word], lines


def _of_type(taken: list[ComplianceAction], name: str) -> str:
    cases = {action.case_id for action in taken if action.action_type == name}
    article = "an" if name == "Injunction" else "a"
    return _several(len(cases), f"{article} {name.lower()}", f"{name.lower()}s")


def _several(n: int, one: str, many: str) -> str:
    return "" if n == 0 else one if n == 1 else f"{n} {many}"


def _unclear_class(case: ScreeningCase) -> str | None:
    for inspection in case.window.inspections:
        if inspection.classification is None:
            return f"The class of inspection {inspection.inspection_id} cannot be read."
    return None


def _unlooked_alerts(case: ScreeningCase) -> str | None:
    possible = case.record.possible_alerts
    if not possible:
        return None
    return f"A person has to look whether this entry concerns it: {alert_line(possible[0])}."


def action_line(action: ComplianceAction) -> str:
    """Return a compliance action as one line of evidence."""
    return f"{action.action_type} {action.case_id}, {action.legal_name}, taken {action.taken_on}"


def alert_line(entry: ImportAlertEntry) -> str:
    """Return an entry of an import alert as one line of evidence."""
    since = f", published {entry.published_on}" if entry.published_on else ""
    return f"Import alert {entry.alert}, {entry.firm}, {entry.country or 'country unknown'}{since}"
