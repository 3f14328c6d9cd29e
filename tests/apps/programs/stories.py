"""How a round and its applications get where a test needs them, each step by its own action."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from django.urls import reverse

from openqmm.apps.programs import actions, queries
from openqmm.apps.programs.models import Application, Round, RoundSeed
from openqmm.apps.protocols.actions import seal_protocol
from openqmm.apps.protocols.models import ProtocolVersion
from openqmm.core.programs.drawing import draw, seed_digest
from openqmm.core.protocols import shipped_protocol
from openqmm.core.workflow import SYSTEM, Actor
from openqmm.web import clock
from tests.apps.facilities.stories import ALDER_FEI, BIRCH_FEI, facility_of
from tests.arranging import arranged
from tests.people import PASSWORD, Cast

WRITTEN = actions.ApplicationEntry(
    contact_name="Quin Test",
    contact_email="quin@example.org",
    contact_phone="+91 2692 555 0123",
    deputy_name="Quade Test",
    deputy_email="quade@example.org",
    activities=["API"],
    size_band="medium",
    sector="generic",
    products="Inventol\nInventamide",
    statement="We want to learn where our practices stand.",
    willing_visit=True,
    willing_observers=True,
    willing_data=True,
    clean_record=True,
    in_commerce=True,
    confidential=["products"],
)
STEPS = {
    "contacts": {
        "contact_name": "Quin Test",
        "contact_email": "quin@example.org",
        "contact_phone": "+91 2692 555 0123",
    },
    "facility": {"activities": ["API"], "size_band": "medium", "sector": "generic"},
    "products": {"products": "Inventol"},
    "inspections": {"last_inspected_on": "", "last_classification": "VAI"},
    "statements": {
        "statement": "To learn.",
        "willing_visit": "on",
        "willing_observers": "on",
        "willing_data": "on",
        "clean_record": "on",
        "in_commerce": "on",
    },
    "confidentiality": {"confidential": ["products"]},
}
"""What a browser sends for each step of an application that lacks nothing."""
EARLY = "Every facility that announced itself has applied."


def sealed_protocol(protocol_id: str = "pilot-eleven-areas") -> ProtocolVersion:
    """A shipped protocol, sealed."""
    return seal_protocol(by=SYSTEM, protocol=shipped_protocol(protocol_id))


def draft_round(cast: Cast, name: str = "2027-A", program_id: str = "pilot-api") -> Round:
    """A round nobody outside the office knows of."""
    entry = actions.RoundEntry(
        program_id=program_id,
        name=name,
        protocol_version_id=sealed_protocol().pk,
        opens_on=clock.today(),
        closes_on=clock.today() + timedelta(days=30),
    )
    return actions.add_round(by=cast.ada, entry=entry)


def advanced(cast: Cast, round_: Round, *events: str, reason: str = "") -> Round:
    """The round after these steps; closed early to applications, it says why."""
    for event in events:
        if event == "begin_screening":
            reason = reason or EARLY
        round_ = actions.advance_round(by=cast.ada, round_id=round_.pk, event=event, reason=reason)
    return round_


def open_round(cast: Cast, name: str = "2027-A") -> Round:
    """A round that takes applications."""
    return advanced(cast, draft_round(cast, name), "announce", "open")


def alder_draft(cast: Cast, round_: Round) -> Application:
    """Alder's application as its quality lead wrote it."""
    return written(cast.quin, round_, ALDER_FEI, "Alder Unit 1")


def step_of(draft: Application, step: str) -> str:
    """The address of a step of a draft."""
    return reverse("programs:edit_step", args=[draft.pk, step])


def written(by: Actor, round_: Round, fei: str, name: str) -> Application:
    """A complete draft for a new facility of this quality lead."""
    facility = facility_of(by, fei, name)
    draft = actions.start_application(by=by, round_id=round_.pk, facility_id=facility.pk)
    return actions.edit_application(by=by, application_id=draft.pk, version=1, entry=WRITTEN)


def alder_applied(cast: Cast, round_: Round) -> Application:
    """Alder's application, signed and submitted by Sid."""
    draft = alder_draft(cast, round_)
    return actions.submit_application(by=cast.sid, application_id=draft.pk, password=PASSWORD)


def birch_applied(cast: Cast, round_: Round, fei: str = BIRCH_FEI) -> Application:
    """The rival's application, signed and submitted by Boris."""
    draft = written(cast.bria, round_, fei, f"Birch Works {fei[-2:]}")
    return actions.submit_application(by=cast.boris, application_id=draft.pk, password=PASSWORD)


def found_eligible(cast: Cast, application: Application) -> Application:
    """An application the office screened and found eligible (the round is in screening)."""
    actions.screen_application(by=cast.ada, application_id=application.pk)
    return actions.decide_screening(
        by=cast.ada,
        application_id=application.pk,
        event="find_eligible",
        reason="Every criterion is met.",
    )


def drawn(cast: Cast, round_: Round, *, cap: int | None = None, first: Any = None) -> Round:
    """The round, its places drawn; with this cap, and so that this application is selected."""
    if cap is not None:
        with arranged():
            Round.objects.filter(pk=round_.pk).update(cap=cap)
    if first is not None:
        seed_selecting(round_, first)
    return actions.draw_places(by=cast.ada, round_id=round_.pk)


def seed_selecting(round_: Round, application: Application) -> None:
    """Let the kept seed be one by which this application is selected."""
    row = Round.objects.get(pk=round_.pk)
    standing = [a for a in queries.applications(SYSTEM, row) if a.state == "eligible"]
    candidates = [queries.candidate_of(a) for a in standing]
    seeds = (f"{n:064x}" for n in count())
    seed = next(
        s
        for s in seeds
        if str(application.pk) in draw(queries.rule_of(row), candidates, s).selected
    )
    with arranged():
        RoundSeed.objects.filter(pk=row.pk).update(seed=seed)
        Round.objects.filter(pk=row.pk).update(seed_digest=seed_digest(seed))


def alder_accepted(cast: Cast) -> Application:
    """Alder's application from an open round to the signed acceptance (public records loaded)."""
    round_ = open_round(cast)
    application = alder_applied(cast, round_)
    advanced(cast, round_, "begin_screening")
    found_eligible(cast, application)
    drawn(cast, round_)
    return actions.accept_place(by=cast.sid, application_id=application.pk, password=PASSWORD)


def fresh(by: Actor, application: Any) -> Application:
    """An application as the database has it now."""
    return queries.application(by, application.pk)
