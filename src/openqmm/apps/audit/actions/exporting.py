"""Taking the trail out of the platform, which is itself on the trail."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth import get_user_model

from openqmm.apps.audit import queries
from openqmm.apps.audit.actions.events import event
from openqmm.core.errors import NotPermitted
from openqmm.core.workflow import Actor, Role


def export_trail(*, by: Actor, what: str = "", text: str = "") -> Iterator[str]:
    """Return the filtered trail as lines of CSV, as it stood before the export.

    A records auditor may (NotPermitted). Event `trail.exported` under the auditor's own name, with
    the filters as its reason.
    """
    if by.role is not Role.RECORDS_AUDITOR:
        raise NotPermitted("Only a records auditor exports the trail.")
    found = queries.trail(by, what=what, text=text)
    filters = [f"event {what}" if what else "", f"words “{text}”" if text else ""]
    with event(
        by=by,
        what="trail.exported",
        on=get_user_model()(pk=by.person_id),
        sentence=f"exported {found.count():,} entries of the audit trail",
        why=", ".join(filter(None, filters)) or "no filter",
    ) as opened:
        export_id = opened.id
    return queries.trail_csv(found.exclude(pk=export_id))
