"""What judging one criterion starts from and ends in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from openqmm.core.programs.application import ApplicationFacts
from openqmm.core.programs.model import Program
from openqmm.core.programs.public_record import PublicRecord
from openqmm.core.registry.lookup import Registry
from openqmm.core.registry.windows import InspectionWindow

Verdict = Literal["met", "not_met", "cannot_tell"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, its reason as a sentence, and the records it rests on."""

    verdict: Verdict
    reason: str
    records: tuple[str, ...] = ()


def met(reason: str, *records: str) -> Judgement:
    """Return the judgement that a criterion is met."""
    return Judgement("met", reason, records)


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
