"""What the acknowledgement of an application says."""

from __future__ import annotations

from typing import Any

from openqmm.apps.programs.models import Application
from openqmm.apps.programs.queries.applications import application
from openqmm.apps.programs.queries.configurations import program_of
from openqmm.apps.programs.queries.document import document, marks
from openqmm.apps.programs.queries.signing import SUBMISSION, signatures_of
from openqmm.apps.programs.queries.words import words
from openqmm.core.errors import NotFound
from openqmm.core.programs import Program
from openqmm.core.workflow import Actor
from openqmm.reports.acknowledgement_pdf import Acknowledgement, SaidLine, SaidSection, SignedBy
from openqmm.web import clock


def acknowledgement(by: Actor, application_id: Any) -> Acknowledgement:
    """Return what is acknowledged of an application that was signed (NotFound for a draft, and for
    everybody but its applicant and the office)."""
    row = application(by, application_id)
    if row.submitted_at is None:
        raise NotFound("There is no such acknowledgement.")
    facility, program = row.facility, program_of(row.round)
    return Acknowledgement(
        reference=str(row.pk),
        facility=facility.name,
        fei=facility.fei,
        organisation=facility.organisation.name,
        round=row.round.name,
        program=program.title,
        received_at=f"{row.submitted_at:%-d %B %Y, %H:%M:%S} UTC",
        state=words(row.state).lower(),
        printed_at=f"{clock.now():%-d %B %Y, %H:%M:%S} UTC",
        signatures=_signatures(row),
        sections=[
            SaidSection(
                section.title,
                [SaidLine(line.label, line.value, line.marked) for line in section.lines],
            )
            for section in document(row)
            if section.step != "confidentiality"
        ],
        confidential=marks(row),
        confidentiality=program.confidentiality,
        dates=_dates(row, program),
    )


def _signatures(row: Application) -> list[SignedBy]:
    return [
        SignedBy(
            name=signature.name,
            role=signature.role,
            organisation=signature.organisation,
            meaning=signature.meaning,
            signed_at=signature.when,
            digest=signature.digest,
            standing=signature.explanation,
        )
        for signature in signatures_of(row)
        if signature.meaning == SUBMISSION
    ]


def _dates(row: Application, program: Program) -> list[tuple[str, str]]:
    clocks = program.clocks
    return [
        (
            f"{row.round.closes_on:%-d %B %Y}",
            "Last day for applications to this round. Screening begins after it.",
        ),
        (
            f"{clocks.information_days} days",
            "To answer, if the office asks for information while it screens the application.",
        ),
        (
            f"{clocks.acceptance_days} days",
            "To accept or decline a place, from the day it is offered.",
        ),
        (
            f"At least {clocks.orientation_days_before_visit} days",
            "From the orientation to the visit, once a place is accepted. "
            f"The visit takes up to {clocks.assessment_days} days.",
        ),
    ]
