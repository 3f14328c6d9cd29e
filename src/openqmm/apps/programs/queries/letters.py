"""Letters: what would be written to an applicant today, and what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from openqmm.apps.accounts import queries as accounts
from openqmm.apps.programs.models import Application, Letter
from openqmm.apps.programs.queries.applications import application
from openqmm.apps.programs.queries.configurations import program_of
from openqmm.apps.programs.queries.screening import stored_criteria
from openqmm.core.errors import NotFound
from openqmm.core.programs.letters import LetterFacts, LetterText, letter_kind, letter_text
from openqmm.core.programs.steps import standing_verdict
from openqmm.core.workflow import Actor, OrganisationKind, Role
from openqmm.reports.letter_pdf import PrintedLetter
from openqmm.web import clock

OFFICE = {Role.PROGRAM_ADMINISTRATOR, Role.SYSTEM}


@dataclass(frozen=True, slots=True)
class Drafted:
    """A letter as it would be sent now; `sent` are the letters of the same words sent before."""

    application: Application
    kind: str
    text: LetterText
    recipients: list[str]
    sent: list[Letter]


def drafted_letter(by: Actor, application_id: Any) -> Drafted:
    """Return the letter an application's state calls for (NotFound where it calls for none, and for
    everybody but the office)."""
    row = application(by, application_id)
    kind = letter_kind(row.state)
    if kind is None or by.role not in OFFICE:
        raise NotFound("There is no such letter.")
    facts = LetterFacts(
        kind=kind,
        facility=row.facility.name,
        fei=row.facility.fei,
        round=row.round.name,
        program=program_of(row.round).title,
        decision=row.reason,
        reasons=_reasons(row) if kind == "ineligible" else (),
        rank=row.draw_rank if kind == "reserve" else None,
        answer_by=row.answer_by_on,
    )
    text = letter_text(facts)
    recipients = [row.contact_email, row.deputy_email]
    return Drafted(
        application=row,
        kind=kind,
        text=text,
        recipients=[address for address in recipients if address],
        sent=[letter for letter in row.letters.all() if letter.body == text.body],
    )


def letters_of(row: Application) -> list[Letter]:
    """Return the letters sent about an application the caller may already see."""
    return list(row.letters.all())


def letter(by: Actor, letter_id: Any) -> Letter:
    """Return a letter that was sent, to its applicant and the office (NotFound)."""
    found = Letter.objects.filter(pk=letter_id).first()
    if found is None:
        raise NotFound("There is no such letter.")
    application(by, found.application_id)
    return found


def printed(row: Application, text: LetterText, dated: date) -> PrintedLetter:
    """Return a letter as it is set on paper."""
    return PrintedLetter(
        office=office_name(),
        addressee=[row.contact_name, row.facility.organisation.name, row.facility.address],
        dated=f"{dated.day} {dated:%B %Y}",
        subject=text.subject,
        paragraphs=text.paragraphs,
        points=text.points,
        reference=str(row.pk),
    )


def printed_again(by: Actor, letter_id: Any) -> tuple[Letter, PrintedLetter]:
    """Return a letter that was sent as it is set on paper, in the words it had then."""
    found = letter(by, letter_id)
    row = application(by, found.application_id)
    first, *rest = found.body.split("\n\n")
    points = [line[2:] for line in rest[0].split("\n")] if rest and rest[0][:2] == "- " else []
    text = LetterText(found.subject, (first, *(rest[1:] if points else rest)), tuple(points))
    return found, printed(row, text, found.sent_at.date())


def office_name() -> str:
    """Return the name of the program office."""
    return accounts.organisation_name(OrganisationKind.PROGRAM_OFFICE) or "The program office"


def letter_day() -> date:
    """Return the day that a letter written now bears."""
    return clock.today()


def _reasons(row: Application) -> tuple[str, ...]:
    return tuple(
        f"{c['title']}: {_why(c)}" for c in stored_criteria(row) if standing_verdict(c) == "not_met"
    )


def _why(criterion: dict[str, Any]) -> str:
    decided = criterion.get("decided")
    return str(decided["reason"] if decided else criterion["reason"])
