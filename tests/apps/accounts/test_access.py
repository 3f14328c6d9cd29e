"""Who has access: given, ended, switched off, and known for any day; the rival learns nothing."""

from __future__ import annotations

import csv
import io
import random
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from openqmm.apps.accounts import actions, queries
from openqmm.apps.accounts.models import Invitation, Membership, User
from openqmm.apps.audit.models import AuditEvent
from openqmm.apps.audit.queries.telling import fields_changed
from openqmm.core.errors import NotFound, NotPermitted, TransitionRefused
from openqmm.core.workflow import SYSTEM, Actor, OrganisationKind, Role
from openqmm.web import clock
from tests.people import Cast

pytestmark = pytest.mark.django_db
WHY = "Left the organisation this week."


def held(name: str) -> Membership:
    return Membership.objects.get(person__email=f"{name}@example.org")


def user(name: str) -> User:
    return User.objects.get(email=f"{name}@example.org")


def invite(cast: Cast, email: str = "new@example.org", **given: object) -> actions.Invited:
    content = {
        "email": email,
        "full_name": "New Person",
        "organisation_id": cast.quin.organisation_id,
        "role": Role.FACILITY_QUALITY_LEAD,
        "from_on": clock.today(),
    } | given
    return actions.invite_person(by=cast.ada, new=actions.NewPerson(**content), link=str)


def last_event() -> AuditEvent:
    event = AuditEvent.objects.order_by("-at", "-seq").first()
    assert event is not None
    return event


def test_an_invited_person_sets_a_password_once_and_acts_in_their_role(cast: Cast, client):
    invited = invite(cast)
    assert invited.link not in Invitation.objects.get().digest
    url = reverse("accounts:invitation", args=[invited.link])
    assert client.get(url).headers["Referrer-Policy"] == "no-referrer"
    weak = client.post(url, {"password": "too short", "again": "too short"})
    assert weak.status_code == 400
    chosen = "seven words that nobody says in a row"
    assert client.post(url, {"password": chosen, "again": chosen + "!"}).status_code == 400
    assert client.post(url, {"password": chosen, "again": chosen}).status_code == 302
    assert user("new").check_password(chosen)
    assert last_event().what == "person.invitation_accepted"
    assert client.get(url).status_code == client.post(url).status_code == 404
    assert queries.actor_of(user("new"), None).role is Role.FACILITY_QUALITY_LEAD


@pytest.mark.parametrize(("hours", "status"), [(71, 200), (73, 404)])
def test_an_invitation_lapses(cast: Cast, client, settings, hours: int, status: int):
    settings.DEMO = True
    with clock.told(clock.now() - timedelta(hours=hours)):
        invited = invite(cast)
    assert client.get(reverse("accounts:invitation", args=[invited.link])).status_code == status


def test_an_invitation_is_replaced_mailed_and_dies_with_the_person(
    cast: Cast, client, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        first = invite(cast)
    assert first.link in mail.outbox[0].body
    second = actions.invite_again(by=cast.ada, person_id=first.person.pk, link=str)
    answers = [
        client.get(reverse("accounts:invitation", args=[one.link])).status_code
        for one in (first, second)
    ]
    assert answers == [404, 200]
    actions.deactivate_person(by=cast.ada, person_id=first.person.pk, reason=WHY)
    actions.reactivate_person(by=cast.ada, person_id=first.person.pk, reason="Came back again.")
    assert client.get(reverse("accounts:invitation", args=[second.link])).status_code == 404
    assert second.link not in str(list(AuditEvent.objects.values()))


@pytest.mark.requirement("R13")
def test_an_address_is_never_given_again(cast: Cast):
    actions.deactivate_person(by=cast.ada, person_id=cast.quin.person_id, reason=WHY)
    with pytest.raises(TransitionRefused, match="never given again"):
        invite(cast, email="QUIN@example.org")
    assert not User.objects.filter(full_name="New Person").exists()


@pytest.mark.requirement("R13")
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM accounts_user WHERE email = 'zoe@example.org'",
        "UPDATE accounts_user SET email = 'free@example.org' WHERE email = 'zoe@example.org'",
    ],
)
def test_the_database_keeps_people_and_their_addresses(cast: Cast, statement: str):
    with (
        pytest.raises(DatabaseError, match="never given again"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert user("zoe").full_name == "Zoe Test"


@pytest.mark.requirement("R16")
@pytest.mark.parametrize(
    ("day", "role"),
    [(-1, Role.PUBLIC), (0, Role.CONSULTANT), (10, Role.CONSULTANT), (11, Role.PUBLIC)],
)
def test_a_role_begins_and_lapses_by_date(cast: Cast, settings, day: int, role: Role):
    settings.DEMO = True
    first = clock.today() + timedelta(days=20)
    new = invite(
        cast,
        organisation_id=cast.cora.organisation_id,
        role=Role.CONSULTANT,
        from_on=first,
        until_on=first + timedelta(days=10),
    )
    with clock.told(datetime.combine(first + timedelta(days=day), time(12), UTC)):
        assert queries.actor_of(new.person, None).role is role


def test_a_role_is_not_given_twice_nor_back_in_time_nor_to_oneself(cast: Cast):
    alder, today = cast.organisations["Alder Synthesis"], clock.today()
    given = {"organisation": alder, "role": Role.FACILITY_QUALITY_LEAD}
    with pytest.raises(TransitionRefused, match="already"):
        actions.add_membership(by=cast.ada, person=user("quin"), from_on=today, **given)
    early = today - timedelta(days=1)
    with pytest.raises(TransitionRefused, match="never back-dated"):
        actions.add_membership(by=cast.ada, person=user("sid"), from_on=early, **given)
    with pytest.raises(TransitionRefused, match="before the first"):
        actions.add_membership(
            by=cast.ada, person=user("sid"), from_on=today, until_on=date(2020, 1, 1), **given
        )
    with pytest.raises(NotPermitted, match="own access"):
        actions.add_membership(by=cast.ada, person=user("ada"), from_on=today, **given)
    actions.end_membership(by=cast.ada, membership_id=held("quin").pk, reason=WHY)
    again = actions.add_membership(by=cast.ada, person=user("quin"), from_on=today, **given)
    assert queries.memberships_of(cast.quin.person_id)[0].id == again.pk


@pytest.mark.requirement("R23")
def test_an_ended_role_is_gone_with_the_next_request_and_its_row_stays(cast: Cast):
    browser = cast.client("quin")
    assert browser.get(reverse("facilities:facilities")).status_code == 200
    actions.end_membership(by=cast.ada, membership_id=held("quin").pk, reason=WHY)
    assert (last_event().what, last_event().why) == ("membership.ended", WHY)
    assert browser.get(reverse("facilities:facilities")).status_code == 302
    # Without a role anywhere, the session is over too.
    assert last_event().what == "person.signed_out"
    row = held("quin")
    assert (row.until_on, row.ended_at is not None) == (clock.today(), True)
    with pytest.raises(TransitionRefused, match="ended already"):
        actions.end_membership(by=cast.ada, membership_id=row.pk, reason=WHY)


@pytest.mark.requirement("R23")
def test_switching_off_ends_every_session_for_good(cast: Cast):
    browsers = [cast.client("quin"), cast.client("quin")]
    page = reverse("facilities:facilities")
    actions.deactivate_person(by=cast.ada, person_id=cast.quin.person_id, reason=WHY)
    assert [browser.get(page).status_code for browser in browsers] == [302, 302]
    actions.reactivate_person(
        by=cast.ada, person_id=cast.quin.person_id, reason="A mistake, sorry."
    )
    assert [browser.get(page).status_code for browser in browsers] == [302, 302]
    assert cast.client("quin").get(page).status_code == 200


@pytest.mark.parametrize("reason", ["", "   ", "ok"])
def test_ending_and_switching_off_are_explained(cast: Cast, reason: str):
    before = AuditEvent.objects.count()
    with pytest.raises(TransitionRefused, match="Say w"):
        actions.end_membership(by=cast.ada, membership_id=held("quin").pk, reason=reason)
    with pytest.raises(TransitionRefused, match="Say w"):
        actions.deactivate_person(by=cast.ada, person_id=cast.quin.person_id, reason=reason)
    assert AuditEvent.objects.count() == before


def test_the_last_administrator_stays_and_nobody_ends_themselves(cast: Cast):
    with pytest.raises(NotPermitted, match="own access"):
        actions.end_membership(by=cast.ada, membership_id=held("ada").pk, reason=WHY)
    with pytest.raises(NotPermitted, match="own access"):
        actions.deactivate_person(by=cast.ada, person_id=cast.ada.person_id, reason=WHY)
    for act in (
        lambda: actions.end_membership(by=SYSTEM, membership_id=held("ada").pk, reason=WHY),
        lambda: actions.deactivate_person(by=SYSTEM, person_id=cast.ada.person_id, reason=WHY),
    ):
        with pytest.raises(TransitionRefused, match="only administrator"):
            act()


@pytest.mark.parametrize("name", ["bea", "rex", "quin", "sid", "lea", "pia", "cora"])
def test_only_administrators_change_access(cast: Cast, name: str):
    by = cast.actors[name]
    for act in (
        lambda: actions.end_membership(by=by, membership_id=held("zoe").pk, reason=WHY),
        lambda: actions.deactivate_person(by=by, person_id=cast.zoe.person_id, reason=WHY),
        lambda: actions.invite_again(by=by, person_id=cast.zoe.person_id, link=str),
        lambda: actions.ask_factor_reset(by=by, person_id=cast.zoe.person_id, reason=WHY),
    ):
        with pytest.raises((NotPermitted, NotFound)):
            act()


@pytest.mark.requirement("R15")
def test_an_auditor_of_a_manufacturer_reads_nothing_of_who_has_access(cast: Cast):
    birch = cast.organisations["Birch Pharma"]
    person = actions.add_person(by=SYSTEM, email="aud@example.org", full_name="Aud Test")
    actions.add_membership(
        by=SYSTEM,
        person=person,
        organisation=birch,
        role=Role.RECORDS_AUDITOR,
        from_on=clock.today(),
    )
    rival, office = cast.client("aud"), cast.client("rex")
    urls = [
        reverse("accounts:people"),
        reverse("accounts:organisations"),
        reverse("accounts:access_on"),
        reverse("accounts:reviews"),
        reverse("accounts:person", args=[cast.quin.person_id]),
    ]
    assert [rival.get(url).status_code for url in urls] == [404] * 5
    assert [office.get(url).status_code for url in urls] == [200] * 5
    assert rival.post(reverse("accounts:access_file"), {"day": "2026-01-05"}).status_code == 404
    assert b"People" not in rival.get("/").content
    assert reverse("accounts:people").encode() in office.get("/").content
    assert b"Switch off" not in office.get(urls[-1]).content


def test_other_administrators_are_told_apart_from_the_office_pages(cast: Cast):
    """The administrator finds a person by organisation, and cannot act on their own page."""
    ada = cast.client("ada")
    found = ada.get(reverse("accounts:people"), {"text": "birch"}).content.decode()
    assert "Bria Test" in found
    assert "Quin Test" not in found
    own = ada.get(reverse("accounts:person", args=[cast.ada.person_id])).content.decode()
    assert "Switch off" not in own
    added = {"name": "Fir Works", "kind": OrganisationKind.MANUFACTURER.value, "country": "IND"}
    url = reverse("accounts:add_organisation")
    assert ada.post(url, added).status_code == 302
    assert "already" in ada.post(url, added).content.decode()


@pytest.mark.parametrize("name", ["ada", "sid", "pia", "rex"])
def test_everybody_finds_their_own_access_under_their_name(cast: Cast, name: str):
    page = cast.client(name).get("/").content.decode()
    for label in ("Your sign-in", "Your signature", "Your keys"):
        assert label in page


class Replay:
    """What the trail tells of people and roles, one event after another; nothing else is asked."""

    def __init__(self) -> None:
        self.active: dict[str, bool] = {}
        self.roles: dict[str, dict[str, str | None]] = {}

    def play(self, event: AuditEvent) -> None:
        changes = event.changes.all()
        after = {column: new for one in changes for column, _, new in fields_changed(one)}
        if "person_id" in after:
            # The engines write ids in their own ways.
            after["person_id"] = str(UUID(after["person_id"]))
        match event.what:
            case "person.added":
                self.active[event.subject_id] = True
            case "person.deactivated" | "person.reactivated":
                self.active[event.subject_id] = event.what.endswith("reactivated")
            case "membership.added":
                self.roles[event.subject_id] = {"ended_at": None, "until_on": None} | after
            case "membership.ended":
                self.roles[event.subject_id] |= after

    def held(self, day: date) -> set[tuple[str, str]]:
        return {
            (role["person_id"], role["role"])
            for role in self.roles.values()
            if role["from_on"] <= day.isoformat() <= (role["until_on"] or "9999-12-31")
            and not role["ended_at"]
            and self.active[role["person_id"]]
        }


def replayed(day: date) -> set[tuple[str, str]]:
    """Return which roles were held on a day, told by the trail alone: as the day begins, and after
    each of its events."""
    begins = datetime.combine(day, time.min, UTC)
    replay, seen = Replay(), set()
    events = list(
        AuditEvent.objects.filter(at__lt=begins + timedelta(days=1))
        .order_by("at", "seq")
        .prefetch_related("changes")
    )
    before = sum(event.at < begins for event in events)
    for n, event in enumerate(events):
        if n == before:
            seen |= replay.held(day)
        replay.play(event)
        if n >= before:
            seen |= replay.held(day)
    return seen if before < len(events) else replay.held(day)


@pytest.mark.requirement("R24")
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_access_on_any_day_is_what_the_trail_tells(cast: Cast, settings, seed: int):
    """Sixty days of random changes, several on one day; every day asked about."""
    settings.DEMO = True
    chance = random.Random(seed)
    begins = clock.now().replace(hour=0, minute=1) - timedelta(days=70)
    organisations = [cast.organisations["Alder Synthesis"], cast.organisations["Birch Pharma"]]
    people: list[User] = []
    for step in range(60):
        moment = begins + timedelta(hours=step * 19 + chance.randrange(12))
        with clock.told(moment):
            today = clock.today()
            choice = chance.random()
            if choice < 0.2 or len(people) < 3:
                email = f"p{step}@example.org"
                people.append(actions.add_person(by=SYSTEM, email=email, full_name=email))
            elif choice < 0.55:
                starts = today + timedelta(days=chance.randrange(4))
                try:
                    actions.add_membership(
                        by=cast.ada,
                        person=chance.choice(people),
                        organisation=chance.choice(organisations),
                        role=Role.FACILITY_QUALITY_LEAD,
                        from_on=starts,
                        until_on=chance.choice(
                            [None, starts + timedelta(days=chance.randrange(9))]
                        ),
                    )
                except TransitionRefused:
                    continue
            elif choice < 0.75:
                rows = list(Membership.objects.filter(person__in=people, ended_at__isnull=True))
                lasting = [r for r in rows if r.until_on is None or r.until_on >= today]
                if lasting:
                    row = chance.choice(lasting)
                    actions.end_membership(by=cast.ada, membership_id=row.pk, reason=WHY)
            else:
                person = User.objects.get(pk=chance.choice(people).pk)
                act = actions.deactivate_person if person.is_active else actions.reactivate_person
                act(by=cast.ada, person_id=person.pk, reason=WHY)
    ids = {str(person.pk) for person in people}
    found_any = 0
    for n in range(-3, 66):
        day = begins.date() + timedelta(days=n)
        told = {(p, r) for p, r in replayed(day) if p in ids}
        answered = {(str(h.person_id), h.role.value) for h in queries.access_on(cast.rex, day)}
        assert {(p, r) for p, r in answered if p in ids} == told, day
        found_any += len(told)
    assert found_any > 25


@pytest.mark.requirement("R24")
@pytest.mark.requirement("R12")
def test_access_on_a_day_is_exported_and_the_export_is_on_the_trail(cast: Cast):
    response = cast.client("rex").post(
        reverse("accounts:access_file"), {"day": clock.today().isoformat()}
    )
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert {row["person"] for row in rows} == {a.name for a in cast.actors.values()}
    assert (last_event().what, last_event().actor_name) == ("access.exported", "Rex Test")
    with pytest.raises(NotFound):
        actions.export_access(by=cast.quin, day=clock.today())


def test_a_day_that_is_none_is_asked_for_again(cast: Cast):
    response = cast.client("ada").get(reverse("accounts:access_on"), {"day": "yesterday"})
    assert response.status_code == 400
    assert b"Roles held on this day" not in response.content


def test_access_is_read_in_the_office_only(cast: Cast):
    for by in (cast.quin, cast.bea, cast.lea, cast.pia, Actor(Role.PUBLIC, "Nobody")):
        with pytest.raises(NotFound):
            queries.access_on(by, clock.today())
