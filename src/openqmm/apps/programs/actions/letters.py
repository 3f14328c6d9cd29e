"""Sending the office's letters."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction

from openqmm.apps.audit import actions as audit
from openqmm.apps.programs import policies, queries
from openqmm.apps.programs.actions.stepping import locked
from openqmm.apps.programs.models import Letter
from openqmm.apps.signatures.actions import sealed_pdf
from openqmm.core.programs import steps
from openqmm.core.workflow import Actor
from openqmm.reports.letter_pdf import letter_pdf
from openqmm.web import clock


@transaction.atomic
def send_letter(*, by: Actor, application_id: Any, again: bool = False) -> Letter:
    """Send the letter that an application's state calls for to its contacts, with the PDF; event
    `application.letter` with its subject.

    Only a program administrator may (NotPermitted). Refused (NotFound) where the state calls for no
    letter, and (TransitionRefused) where the same words were sent already, unless `again`. The
    e-mail leaves once the letter is on record; one that cannot be delivered is on record too.
    """
    policies.require_permission(policies.office_refusal(by))
    locked(by, application_id)
    draft = queries.drafted_letter(by, application_id)
    policies.require(steps.letter_refusal(len(draft.sent), again=again))
    row = Letter(
        application=draft.application,
        kind=draft.kind,
        subject=draft.text.subject,
        body=draft.text.body,
        recipients=draft.recipients,
        sent_at=clock.now(),
    )
    with audit.event(
        by=by,
        what="application.letter",
        on=draft.application,
        sentence=f"sent the letter “{draft.text.subject}”",
        organisation_id=draft.application.facility.organisation_id,
    ) as opened:
        opened.create(row)
    printed = queries.printed(draft.application, draft.text, row.sent_at.date())
    pdf = sealed_pdf(letter_pdf(printed, row.sent_at))
    transaction.on_commit(partial(_deliver, row, pdf))
    return row


def _deliver(row: Letter, pdf: bytes) -> None:
    message = EmailMessage(subject=row.subject, body=row.body, to=row.recipients)
    message.attach("letter.pdf", pdf, "application/pdf")
    message.send(fail_silently=True)
