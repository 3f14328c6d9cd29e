"""What judging one criterion starts from and ends in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from openqmm.core.programs.application import ApplicationFacts
from openqmm.core.programs.model import CriterionId, Program, SourceKind
from openqmm.core.programs.public_record import PublicRecord
from openqmm.core.registry.lookup import Registry
from openqmm.core.registry.windows import InspectionWindow

SOURCE_WORDS: dict[SourceKind, str] = {
    "establishments": "registrations",
    "inspections": "inspections",
    "compliance": "compliance actions",
    "import_alerts": "import alerts",
    "ndc": "product listings",
}

Verdict = Literal["met", "not_met", "cannot_tell"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, its reason as a sentence, and the records it rests on.

    `attested` says that a signed statement stands in for a public file.
    """

    verdict: Verdict
    reason: str
    records: tuple[str, ...] = ()
    attested: bool = False


def met(reason: str, *records: str, attested: bool = False) -> Judgement:
    """Return the judgement that a criterion is met, in part on the applicant's word or not."""
    return Judgement("met", reason, records, attested)


def not_met(reason: str, *records: str) -> Judgement:
    """Return the judgement that a criterion is not met."""
    return Judgement("not_met", reason, records)


def cannot_tell(reason: str, *records: str) -> Judgement:
    """Return the judgement that the records at hand do not decide a criterion."""
    return Judgement("cannot_tell", reason, records)


@dataclass(frozen=True, slots=True)
class ScreeningCase:
    """One application with what is known publicly, on the day it is screened."""

    program: Program
    application: ApplicationFacts
    record: PublicRecord
    as_of: date

    @property
    def window(self) -> InspectionWindow:
        """The drug quality inspections of the facility in the look-back window."""
        registry = Registry((), self.record.inspections)
        return registry.inspections_in_window(
            self.application.fei, self.as_of, self.program.look_back_years
        )

    @property
    def registrations_doubt(self) -> str | None:
        """Why the registration files loaded do not speak for this day, or None when they do."""
        until = self.record.registrations_until
        if until is None:
            return "No registration file is loaded."
        if until + timedelta(days=self.program.file_age_days.establishments) < self.as_of:
            return f"The registration file loaded speaks until {until} only; load a newer one."
        return None

    def inspections_doubt(self, since: date) -> str | None:
        """Return why the inspection files loaded may lack inspections since a day, or None."""
        cover = self.record.inspections_cover
        if cover is None:
            return "No inspection file is loaded."
        if cover.first_on > since:
            return f"The inspection files loaded begin on {cover.first_on}, after {since}."
        if cover.last_on + timedelta(days=self.program.file_age_days.inspections) < self.as_of:
            return f"The inspection files loaded end on {cover.last_on}; load a newer one."
        # The days of the last inspection before a gap and of the first after it are covered.
        gap = next((g for g in cover.gaps if g.first_after > since), None)
        if gap and gap.last_before < self.as_of:
            return f"The inspection files loaded have a gap: {gap}."
        return None

    def source_doubt(self, kind: SourceKind, since: date | None = None) -> str | None:
        """Return why the files loaded of a kind do not speak for this day, or since a day, or
        None."""
        cover, name = self.record.covers.get(kind), SOURCE_WORDS[kind]
        if cover is None:
            return f"No file of {name} is loaded."
        if since and cover.first_on > since:
            return f"The {name} loaded begin on {cover.first_on}, after {since}."
        if cover.last_on + timedelta(days=getattr(self.program.file_age_days, kind)) < self.as_of:
            return f"The {name} loaded end on {cover.last_on}; load a newer file."
        return None

    def stated(self, criterion_id: CriterionId) -> bool | None:
        """Return what the applicant answered to a criterion's statement; None if not asked."""
        name = self.program.criterion(criterion_id).attestation
        return self.application.attestations.get(name) if name else None
