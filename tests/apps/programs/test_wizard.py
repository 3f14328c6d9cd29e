"""The request to participate step by step: prefilled, saved, marked, reviewed, acknowledged."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from openqmm.apps.audit.models import AuditEvent
from openqmm.apps.programs import actions, queries
from openqmm.apps.programs.models import Application
from openqmm.core.programs.parts import FIELDS
from openqmm.web import clock
from tests.apps.facilities.stories import ALDER_FEI, facility_of, load_public_records
from tests.apps.programs.stories import (
    STEPS,
    WRITTEN,
    advanced,
    alder_applied,
    alder_draft,
    birch_applied,
    open_round,
    step_of,
)
from tests.arranging import arranged
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def begun(cast: Cast) -> Application:
    """A draft of Alder's, just begun, with the public records loaded."""
    load_public_records()
    round_ = open_round(cast)
    facility = facility_of(cast.quin, ALDER_FEI, "Alder Unit 1")
    return actions.start_application(by=cast.quin, round_id=round_.pk, facility_id=facility.pk)


def test_it_begins_with_what_the_public_record_knows(cast: Cast, begun: Application) -> None:
    assert begun.activities == ["API"]
    assert begun.last_classification == "VAI"
    assert begun.last_inspected_on == clock.today() - timedelta(days=30)
    page = cast.client("quin").get(step_of(begun, "facility")).content.decode()
    assert "Public registration file, registered until" in page
    assert "The file says: Alder Synthesis Unit 1" in page, "the name was entered otherwise"
    assert "Differs from the public file" in page


def test_the_record_never_overwrites_what_is_said(cast: Cast, begun: Application) -> None:
    quin = cast.client("quin")
    given = {"last_inspected_on": "2020-02-29", "last_classification": "NAI"}
    assert quin.post(step_of(begun, "inspections"), given).status_code == 302
    page = quin.get(step_of(begun, "inspections")).content.decode()
    assert "29 February 2020, NAI" in page
    assert "Differs from the public file" in page
    review = quin.get(reverse("programs:review", args=[begun.pk])).content.decode()
    assert "The public file says:" in review
    assert Application.objects.get().last_classification == "NAI"


@pytest.mark.parametrize("step", list(STEPS))
def test_each_step_is_saved_by_itself(cast: Cast, begun: Application, step: str) -> None:
    quin, url = cast.client("quin"), step_of(begun, step)
    before = {name: getattr(begun, name) for names in FIELDS.values() for name in names}
    assert quin.get(url).status_code == 200
    answer = quin.post(url, STEPS[step])
    order = [*STEPS, "review"]
    assert answer.url.endswith(f"/edit/{order[order.index(step) + 1]}/")
    now = Application.objects.get()
    changed = {name for name, value in before.items() if getattr(now, name) != value}
    assert changed <= set(FIELDS[step])
    assert changed or step == "inspections"
    events = AuditEvent.objects.count()
    assert quin.post(url, STEPS[step] | {"version": begun.version}).status_code == 302
    assert AuditEvent.objects.count() == events, "the same again is no event"


@pytest.mark.parametrize("step", [*STEPS, "review"])
@pytest.mark.parametrize(
    ("name", "status"), [("bria", 404), ("boris", 404), ("ada", 403), ("lea", 403), ("pia", 403)]
)
def test_nobody_else_reads_a_step(
    cast: Cast, begun: Application, step: str, name: str, status: int
) -> None:
    refused = cast.client(name).get(step_of(begun, step))
    expected = 403 if name == "boris" and step != "review" else status
    assert refused.status_code == expected
    assert "Alder Unit 1" not in refused.content.decode()


def test_the_signatory_reads_the_whole_and_writes_nothing(cast: Cast, begun: Application) -> None:
    sid = cast.client("sid")
    review = sid.get(reverse("programs:review", args=[begun.pk])).content.decode()
    assert "Still missing: the size of the facility" in review
    assert "Change contacts" not in review
    assert sid.get(step_of(begun, "contacts")).status_code == 403
    assert sid.post(step_of(begun, "contacts"), STEPS["contacts"]).status_code == 403


def test_there_is_no_such_step(cast: Cast, begun: Application) -> None:
    assert cast.client("quin").get(step_of(begun, "fees")).status_code == 404


def test_a_fault_is_shown_and_nothing_lost(cast: Cast, begun: Application) -> None:
    quin = cast.client("quin")
    tomorrow = clock.today() + timedelta(days=1)
    given = {"last_inspected_on": str(tomorrow), "last_classification": "VAI"}
    page = quin.post(step_of(begun, "inspections"), given).content.decode()
    assert "Enter a day that has passed." in page
    assert str(tomorrow) in page
    wrong = STEPS["facility"] | {"activities": ["API", "COSMETICS"]}
    answer = quin.post(step_of(begun, "facility"), wrong).content.decode()
    assert "COSMETICS is not one of the available choices" in answer
    assert Application.objects.get().version == begun.version


def test_a_script_is_told_what_is_missing_at_this_step(cast: Cast, begun: Application) -> None:
    quin = cast.client("quin")
    given = {"activities": ["API"], "sector": "generic", "version": begun.version}
    said = quin.post(
        step_of(begun, "facility"), given, headers={"accept": "application/json"}
    ).json()
    assert said["lacks"] == ["the size of the facility"]
    assert said["version"] == begun.version + 1


def test_dosage_forms_are_asked_of_those_who_make_them(cast: Cast, begun: Application) -> None:
    quin, url = cast.client("quin"), step_of(begun, "products")
    assert "Dosage forms are asked where" in quin.get(url).content.decode()
    quin.get(step_of(begun, "facility"))
    quin.post(step_of(begun, "facility"), STEPS["facility"] | {"activities": ["API", "FDF"]})
    assert "Solid oral forms" in quin.get(url).content.decode()
    quin.post(url, {"products": "Inventol", "dosage_forms": ["sterile", "solid"]})
    assert Application.objects.get().dosage_forms == ["solid", "sterile"]


def test_marks_are_shown_to_the_applicant_and_to_the_office(cast: Cast) -> None:
    round_ = open_round(cast)
    application = alder_applied(cast, round_)
    page = reverse("programs:application", args=[application.pk])
    desk = reverse("programs:screening_of", args=[round_.pk, application.pk])
    advanced(cast, round_, "begin_screening")
    for name, url in (("quin", page), ("ada", page), ("ada", desk)):
        text = cast.client(name).get(url).content.decode()
        products = text.split("<dt>Products or ingredients</dt>")[1].split("</div>")[0]
        assert "Confidential" in products
        size = text.split("<dt>People</dt>")[1].split("</div>")[0]
        assert "Confidential" not in size


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("contact_phone", "+41 61 555 0199"),
        ("deputy_name", "Somebody Else"),
        ("deputy_email", "else@example.org"),
        ("activities", ["API", "API_INTERMEDIATE"]),
        ("sector", "originator"),
        ("dosage_forms", ["solid"]),
        ("last_inspected_on", "2021-05-05"),
        ("last_classification", "NAI"),
        ("willing_visit", False),
        ("willing_observers", False),
        ("willing_data", False),
        ("confidential", []),
    ],
)
def test_a_signature_is_bound_to_every_part(cast: Cast, field: str, value: object) -> None:
    application = alder_applied(cast, open_round(cast))
    with arranged():
        Application.objects.filter(pk=application.pk).update(**{field: value})
    (line,) = queries.application_page(cast.sid, application.pk).signatures
    assert line.state == "superseded"
    assert line.changed is not None
    assert line.changed.sentence == "arranged a test"


def test_an_fei_leads_from_the_application_to_the_facility_and_back(cast: Cast) -> None:
    load_public_records()
    round_ = open_round(cast)
    quin = cast.client("quin")
    assert 'name="apply"' in quin.get(reverse("programs:apply")).content.decode()
    form = quin.get(reverse("facilities:add_facility"), {"fei": ALDER_FEI, "apply": "yes"})
    assert "Alder Synthesis Unit 1" in form.content.decode()
    given = form.context["form"].initial | {"facility_type": "API", "apply": "yes"}
    added = quin.post(reverse("facilities:add_facility"), given)
    page = quin.get(added.url)
    facility = queries.apply_choices(cast.quin).facilities[0][0]
    assert page.context["form"].initial == {"facility_id": facility, "round_id": str(round_.pk)}


def test_who_may_have_the_acknowledgement(cast: Cast) -> None:
    draft = alder_draft(cast, open_round(cast))
    url = reverse("programs:acknowledgement", args=[draft.pk])
    assert cast.client("quin").get(url).status_code == 404, "nothing was received yet"
    other = birch_applied(cast, open_round(cast, "2027-B"))
    theirs = reverse("programs:acknowledgement", args=[other.pk])
    answers = {
        name: cast.client(name).get(theirs).status_code
        for name in ("bria", "boris", "ada", "quin", "sid", "lea", "pia")
    }
    assert answers == {
        "bria": 200, "boris": 200, "ada": 200, "quin": 404, "sid": 404, "lea": 403, "pia": 403,
    }  # fmt: skip


def test_the_acknowledgement_says_what_was_received_and_what_follows(cast: Cast) -> None:
    application = alder_applied(cast, open_round(cast))
    said = queries.acknowledgement(cast.sid, application.pk)
    assert (said.facility, said.fei, said.round) == ("Alder Unit 1", ALDER_FEI, "2027-A")
    assert said.received_at == f"{application.submitted_at:%-d %B %Y, %H:%M:%S} UTC"
    assert said.state == "submitted"
    (signed,) = said.signatures
    (signature,) = queries.signatures_of(Application.objects.get())
    assert (signed.name, signed.role) == ("Sid Test", "Authorised signatory")
    assert signed.digest == signature.digest
    assert signed.standing == "What was signed is what stands here."
    days = [when for when, _ in said.dates]
    closes_on = f"{application.round.closes_on:%-d %B %Y}"
    assert days == [closes_on, "14 days", "14 days", "At least 42 days"]
    assert said.confidential == "Products or ingredients"
    lines = {line.label: line for section in said.sections for line in section.lines}
    assert lines["Why it wants to take part"].value == WRITTEN["statement"]
    assert [label for label, line in lines.items() if line.marked] == ["Products or ingredients"]


def test_the_acknowledgement_tells_that_a_signature_is_superseded(cast: Cast) -> None:
    application = alder_applied(cast, open_round(cast))
    with arranged():
        Application.objects.filter(pk=application.pk).update(sector="otc")
    (signed,) = queries.acknowledgement(cast.ada, application.pk).signatures
    assert signed.standing.startswith("Changed after it was signed")


def test_the_acknowledgement_is_sealed(cast: Cast) -> None:
    application = alder_applied(cast, open_round(cast))
    url = reverse("programs:acknowledgement", args=[application.pk])
    answer = cast.client("ada").get(url)
    pdf = b"".join(answer)
    assert answer["Content-Type"] == "application/pdf"
    assert f"acknowledgement-{ALDER_FEI}.pdf" in answer["Content-Disposition"]
    assert pdf.startswith(b"%PDF-")
    assert b"ETSI.CAdES.detached" in pdf
