"""Read several files of a kind and merge them into one set of records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from openqmm.core.registry import (
    citations,
    compliance,
    enforcement,
    establishments,
    form483,
    import_alerts,
    inspections,
    ndc,
    shortages,
)
from openqmm.core.registry.merging import ImportedRecords, Key, merge_files, read_all
from openqmm.core.registry.records import Establishment, Inspection


def import_establishments(paths: Sequence[Path]) -> ImportedRecords[Establishment]:
    """Read registration files and merge them.

    Equal records are kept once. A site registered under changed particulars keeps all of them;
    which of them stand is decided where a site is looked up.

    Raises
    ------
    InvalidRecords
        One or more files are not registration files; every one of them is named.
    """
    files = read_all(paths, establishments.read_establishments)
    records = tuple(dict.fromkeys(record for file in files for record in file.records))
    return ImportedRecords(
        files=files,
        records=records,
        duplicates=sum(len(file.records) for file in files) - len(records),
    )


def import_inspections(paths: Sequence[Path]) -> ImportedRecords[Inspection]:
    """Read inspection files and merge them, one record per inspection and project area.

    Parameters
    ----------
    paths : the files, older snapshots first: of a firm renamed between two snapshots the name in
        the later file is kept. Nothing else depends on the order.

    Returns
    -------
    ImportedRecords[Inspection]
        Where files disagree on class or end date of an inspection, every version is kept and the
        inspection is named in `contradictions`; a class that could not be read gives way to one
        that could.

    Raises
    ------
    InvalidRecords
        One or more files are not inspection files; every one of them is named.
    """
    files = read_all(paths, inspections.read_inspections)
    versions: dict[Key, list[Inspection]] = {}
    for record in (record for file in files for record in file.records):
        # One inspection has a row, and perhaps another class, in each project area.
        key = inspection_key(record)
        versions.setdefault(key, []).append(record)
    merged = {key: _versions_kept(told) for key, told in versions.items()}
    records = tuple(record for kept in merged.values() for record in kept)
    read = sum(len(told) for told in versions.values())
    distinct = sum(len(set(told)) for told in versions.values())
    return ImportedRecords(
        files=files,
        records=records,
        duplicates=read - distinct,
        restated=distinct - len(records),
        contradictions=tuple(
            f"inspection {key[1]} of FEI {key[0]} ({key[2]})"
            for key, kept in merged.items()
            if len(kept) > 1
        ),
    )


def import_citations(paths: Sequence[Path]) -> ImportedRecords[citations.Citation]:
    """Read citation files and merge them, older snapshots first; one record a citation.

    A citation is known by its words, because not every source numbers them.

    Raises
    ------
    InvalidRecords
        One or more files are not citation files; every one of them is named.
    """
    return merge_files(paths, citations.read_citations, citation_key)


def import_compliance(paths: Sequence[Path]) -> ImportedRecords[compliance.ComplianceAction]:
    """Read compliance action files and merge them, older snapshots first.

    One case may be told of several firms and product types: each of them is a record.

    Raises
    ------
    InvalidRecords
        One or more files are not compliance action files; every one of them is named.
    """
    return merge_files(paths, compliance.read_compliance, compliance_key)


def import_form483(paths: Sequence[Path]) -> ImportedRecords[form483.Form483]:
    """Read lists of published 483s and merge them, older snapshots first; one record a form and
    site.

    Raises
    ------
    InvalidRecords
        One or more files are no such lists; every one of them is named.
    """
    return merge_files(paths, form483.read_form483, form483_key)


def import_enforcement(paths: Sequence[Path]) -> ImportedRecords[enforcement.Recall]:
    """Read recalls and merge them, older snapshots first; one record a recalled product.

    The files of openFDA and of the Data Dashboard number products differently: read together they
    share events, not products.

    Raises
    ------
    InvalidRecords
        One or more files hold no recalls; every one of them is named.
    """
    return merge_files(paths, enforcement.read_enforcement, enforcement_key)


def import_shortages(paths: Sequence[Path]) -> ImportedRecords[shortages.Shortage]:
    """Read lists of shortages and merge them; of a listing told several times, the latest update.

    A product may be on a list both as a shortage and as one that will be given up: two records.

    Raises
    ------
    InvalidRecords
        One or more files are no such lists; every one of them is named.
    """
    return merge_files(
        paths, shortages.read_shortages, shortage_key, told_on=lambda record: record.updated_on
    )


def import_import_alerts(
    paths: Sequence[Path],
) -> ImportedRecords[import_alerts.ImportAlertEntry]:
    """Read import alerts and merge them, older snapshots first; one record a firm and address.

    Raises
    ------
    InvalidRecords
        One or more files are no such alerts; every one of them is named.
    """
    return merge_files(paths, import_alerts.read_import_alerts, import_alert_key)


def import_ndc(paths: Sequence[Path]) -> ImportedRecords[ndc.DrugProduct]:
    """Read product lists of the NDC directory and merge them, older snapshots first.

    Raises
    ------
    InvalidRecords
        One or more files are no such lists; every one of them is named.
    """
    return merge_files(paths, ndc.read_ndc, ndc_key)


def establishment_key(record: Establishment) -> Key:
    """Return what identifies a registration: FEI, DUNS and name."""
    return record.fei, record.duns, record.name


def inspection_key(record: Inspection) -> Key:
    """Return what identifies an inspection's outcome: FEI, inspection and project area."""
    return record.fei, record.inspection_id, record.project_area


def citation_key(record: citations.Citation) -> Key:
    """Return what identifies a citation: FEI, inspection and the words."""
    return record.fei, record.inspection_id, record.short_description, record.long_description


def compliance_key(record: compliance.ComplianceAction) -> Key:
    """Return what identifies an action: case, site (by name where no FEI), product type, type."""
    site = record.fei or record.legal_name
    return record.case_id, site, record.product_type, record.action_type


def form483_key(record: form483.Form483) -> Key:
    """Return what identifies a published form: its address, and the site it is told of."""
    return record.download, record.fei


def enforcement_key(record: enforcement.Recall) -> Key:
    """Return what identifies a recalled product: event and number, or words before it has one."""
    return record.event_id, record.recall_number or record.product_id or record.product


def shortage_key(record: shortages.Shortage) -> Key:
    """Return what identifies a listing: drug, company, package, and which of the two it tells."""
    told = "shortage" if record.is_shortage else "discontinuation"
    return record.generic_name, record.company, record.ndc or record.presentation, told


def import_alert_key(record: import_alerts.ImportAlertEntry) -> Key:
    """Return what identifies an entry: alert, firm, address and country."""
    return record.alert, record.firm, record.address, record.country


def ndc_key(record: ndc.DrugProduct) -> Key:
    """Return what identifies a listed product: its code and application."""
    return record.product_ndc, record.application_number


def _versions_kept(told: list[Inspection]) -> list[Inspection]:
    """Return the versions of one inspection that differ in what counts, the last wording each."""
    by_outcome: dict[tuple[date, str | None], Inspection] = {}
    for version in told:
        by_outcome[version.ended_on, version.classification] = version
    # Pending in an older snapshot and classified in a newer one is no contradiction.
    days_with_class = {day for day, classification in by_outcome if classification}
    return [
        version
        for (day, classification), version in by_outcome.items()
        if classification or day not in days_with_class
    ]
