"""What a board member's signature stands under, and whether it still does."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from openqmm.apps.audit.models import AuditEvent
from openqmm.apps.programs import queries as programs
from openqmm.apps.ratings.models import Rating
from openqmm.apps.signatures.queries import Paper, SignatureView, Source, signature_views
from openqmm.core.ratings.validity import valid_until
from openqmm.core.records import sha256_hex
from openqmm.web import clock

MEANING = "I have reviewed this rating and issue it."

_SIGNED = ("bundle", "digest", "decision_reason", "valid_until", "assessment_id")


def issue_paper(rating: Rating, reason: str) -> Paper:
    """Return a rating as it would be signed to be issued today, for this reason."""
    last = last_day(rating)
    overall = (
        _("not rated")
        if rating.level is None
        else _("level %(level)s, score %(score)s")
        % {"level": rating.level, "score": rating.score_shown}
    )
    reading = (
        (_("Rating of"), str(rating.assessment.application.facility)),
        (_("Round"), str(rating.assessment.application.round)),
        (_("Overall level and score"), overall),
        (_("Reason for the decision"), reason),
        (_("Valid until"), f"{last.day} {last:%B %Y}"),
        (_("Bundle"), rating.digest),
    )
    return Paper(rating, _content(rating, reason, last), MEANING, reading)


def last_day(rating: Rating) -> date:
    """Return until when a rating issued today is valid."""
    program = programs.program_of(rating.assessment.application.round)
    return valid_until(clock.today(), program.clocks.validity_months)


def signed_content(rating: Rating) -> dict[str, Any]:
    """Return what the signature of an issued rating is bound to, as it stands now."""
    return _content(rating, rating.decision_reason, rating.valid_until)


def _content(rating: Rating, reason: str, last: date | None) -> dict[str, Any]:
    return {
        "rating": str(rating.pk),
        "assessment": str(rating.assessment_id),
        "bundle_digest": rating.digest,
        # Of the text itself: a changed bundle beside its old digest must not pass.
        "bundle_text_digest": sha256_hex(rating.bundle.encode()),
        "level": rating.level,
        "score": rating.score_shown,
        "reason": reason,
        "valid_until": None if last is None else last.isoformat(),
    }


def signatures_of(rating: Rating) -> list[SignatureView]:
    """Return the signatures under a rating the caller may already see, oldest first."""
    return signature_views(
        rating,
        lambda: signed_content(rating),
        (Source.row(rating, *_SIGNED, "level", "score_shown"),),
        replaced_by="rating.superseded" if rating.state == "superseded" else "",
    )


def proposed_by(rating: Rating) -> Any:
    """Return the id of the person who proposed a rating, as the trail tells."""
    return (
        AuditEvent.objects.filter(
            what="rating.proposed", subject_type=Rating._meta.label, subject_id=str(rating.pk)
        )
        .values_list("actor_id", flat=True)
        .first()
    )
