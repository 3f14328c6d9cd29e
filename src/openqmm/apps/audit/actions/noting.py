"""Events that change no record: an access that was denied, a start of the installation."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth import get_user_model

from openqmm.apps.audit.actions.events import event
from openqmm.apps.audit.models import INSTALLATION, AuditEvent, TrailHead
from openqmm.core.workflow import SYSTEM, Actor
from openqmm.web import clock, tenancy

DENIED = "access.denied"
STARTED = "installation.started"
_APART = timedelta(minutes=1)


def note_denied(*, by: Actor, route: str, subject: str) -> None:
    """Record that a signed-in person was refused a page; event `access.denied` on the
    installation's trail: whose record it was is nothing for the trail of the one refused.

    At most one a minute for each person and route, so that nobody floods the trail.
    """
    if by.person_id is None:
        return
    sentence = f"was refused {route}"
    with tenancy.scope(by):
        lately = AuditEvent.objects.filter(
            actor_id=by.person_id, at__gt=clock.now() - _APART, what=DENIED, sentence=sentence
        ).exists()
    if lately:
        return
    person = get_user_model()(pk=by.person_id)
    with event(
        by=by,
        what=DENIED,
        on=person,
        sentence=sentence,
        why=f"as {by.role.title.lower()}{', ' if subject else ''}{subject}",
        organisation_id=INSTALLATION,
    ):
        pass


@tenancy.scope(SYSTEM)
def note_start(*, version: str, engine: str, configuration: str) -> bool:
    """Record that the installation started with another version, engine or configuration than the
    last time; event `installation.started` by the system on the installation's trail. Returns
    whether it was new. `configuration` is a digest; secrets are not part of it."""
    sentence = f"started version {version} on {engine}"
    why = f"configuration {configuration}"
    last = AuditEvent.objects.filter(trail_id=INSTALLATION, what=STARTED).order_by("-seq").first()
    if last is not None and (last.sentence, last.why) == (sentence, why):
        return False
    with event(by=SYSTEM, what=STARTED, on=TrailHead(pk=INSTALLATION), sentence=sentence, why=why):
        pass
    return True
