"""An applicant's way through its pages: write, sign, answer, accept."""

from __future__ import annotations

import pytest
from django.urls import reverse

from openqmm.apps.programs import actions
from openqmm.apps.programs.models import Application
from tests.apps.facilities.stories import ALDER_FEI, facility_of, load_public_records
from tests.apps.programs.stories import (
    STEPS,
    WRITTEN,
    advanced,
    alder_applied,
    alder_draft,
    draft_round,
    drawn,
    found_eligible,
    open_round,
    step_of,
)
from tests.people import PASSWORD, Cast
from tests.signing import held_out

pytestmark = pytest.mark.django_db


def test_nobody_signs_a_text_that_was_changed_after_they_read_it(cast: Cast) -> None:
    draft = alder_draft(cast, open_round(cast))
    sid, sign = cast.client("sid"), reverse("programs:sign", args=[draft.pk])
    page = reverse("programs:application", args=[draft.pk])
    form = {"password": PASSWORD} | held_out(sid.get(page))
    changed = WRITTEN | {"statement": "Something else altogether."}
    actions.edit_application(by=cast.quin, application_id=draft.pk, version=2, entry=changed)
    refused = sid.post(sign, form)
    assert refused.status_code == 409
    assert "changed after you opened it" in refused.content.decode()
    assert sid.post(sign, form | held_out(refused)).status_code == 302


def test_the_quality_lead_writes_and_the_signatory_signs(cast: Cast) -> None:
    load_public_records()
    round_ = open_round(cast)
    facility = facility_of(cast.quin, ALDER_FEI, "Alder Unit 1")
    quin, sid = cast.client("quin"), cast.client("sid")
    assert "No application yet" in quin.get(reverse("programs:applications")).content.decode()
    start = {"facility_id": str(facility.pk), "round_id": str(round_.pk)}
    begun = quin.post(reverse("programs:apply"), start)
    draft = Application.objects.get()
    assert begun.url == reverse("programs:edit", args=[draft.pk])
    assert quin.get(begun.url).url == step_of(draft, "facility")
    for step in ("contacts", "facility", "products", "inspections"):
        quin.get(step_of(draft, step))
        assert quin.post(step_of(draft, step), STEPS[step]).status_code == 302
    page = reverse("programs:application", args=[draft.pk])
    assert (
        "Still missing: the statement, the agreement to a visit, the agreement to observers, "
        "the agreement to give data." in sid.get(page).content.decode()
    )
    last = quin.post(step_of(draft, "statements"), STEPS["statements"])
    assert last.url == step_of(draft, "confidentiality")
    review = quin.post(last.url, STEPS["confidentiality"])
    assert review.url == reverse("programs:review", args=[draft.pk])
    assert "Ready to be signed" in quin.get(review.url).content.decode()
    assert quin.get(begun.url).url == review.url
    sign = reverse("programs:sign", args=[draft.pk])
    wrong = sid.post(sign, {"password": "guess"} | held_out(sid.get(page)))
    assert wrong.status_code == 403
    assert "The password is not right. Nothing was signed." in wrong.content.decode()
    assert sid.post(sign, {"password": PASSWORD} | held_out(wrong)).url == page
    signed = sid.get(page).content.decode()
    assert "Signature holds" in signed
    assert quin.get(begun.url).status_code == 404


def test_a_wrong_address_loses_nothing(cast: Cast) -> None:
    draft = alder_draft(cast, open_round(cast))
    given = {"contact_email": "not an address", "contact_name": "A long name."}
    answer = cast.client("quin").post(step_of(draft, "contacts"), given).content.decode()
    assert "A long name." in answer
    assert "(optional)" not in answer.split("Contact person")[1].split("</label>")[0]
    assert "not an address" in answer
    assert "valid email" in answer


def test_only_open_rounds_and_own_facilities_are_offered(cast: Cast) -> None:
    quin = cast.client("quin")
    assert "No facility yet" in quin.get(reverse("programs:apply")).content.decode()
    facility_of(cast.quin, ALDER_FEI, "Alder Unit 1")
    draft_round(cast)
    assert "No round is open now" in quin.get(reverse("programs:apply")).content.decode()
    theirs = facility_of(cast.bria, "3009999902", "Birch Works")
    round_ = open_round(cast, "2027-B")
    page = quin.get(reverse("programs:apply")).content.decode()
    assert "2027-B" in page
    assert "2027-A" not in page
    assert "Birch" not in page
    given = {"facility_id": str(theirs.pk), "round_id": str(round_.pk)}
    assert quin.post(reverse("programs:apply"), given).status_code == 200
    assert not Application.objects.exists()


def test_a_second_draft_is_refused_in_words(cast: Cast) -> None:
    round_ = open_round(cast)
    draft = alder_draft(cast, round_)
    given = {"facility_id": str(draft.facility_id), "round_id": str(round_.pk)}
    page = cast.client("quin").post(reverse("programs:apply"), given).content.decode()
    assert "has an application to 2027-A already" in page


def test_a_place_is_accepted_with_a_password(cast: Cast) -> None:
    load_public_records()
    round_ = open_round(cast)
    application = alder_applied(cast, round_)
    advanced(cast, round_, "begin_screening")
    found_eligible(cast, application)
    drawn(cast, application.round)
    sid = cast.client("sid")
    page = reverse("programs:application", args=[application.pk])
    assert "A place is offered" in sid.get(page).content.decode()
    quins = cast.client("quin").get(page).content.decode()
    assert "Sign and accept" not in quins
    sign = reverse("programs:sign", args=[application.pk])
    form = {"password": PASSWORD} | held_out(sid.get(page))
    assert sid.post(sign, form | {"password": ""}).status_code == 400
    assert sid.post(sign, form).status_code == 302
    again = sid.post(sign, form)
    assert again.status_code == 409
    assert "is accepted" in again.content.decode()
    assert sid.get(page).content.decode().count("Signature holds") == 2


def test_withdrawing_asks_for_words_and_keeps_the_page(cast: Cast) -> None:
    application = alder_applied(cast, open_round(cast))
    quin = cast.client("quin")
    step = reverse("programs:take_step", args=[application.pk])
    refused = quin.post(step, {"event": "withdraw", "reason": ""})
    assert refused.status_code == 409
    assert "Say why" in refused.content.decode()
    assert (
        quin.post(step, {"event": "withdraw", "reason": "A merger took place."}).status_code == 302
    )
    page = reverse("programs:application", args=[application.pk])
    assert "A merger took place." in cast.client("ada").get(page).content.decode()
    assert quin.post(step, {"event": "find_eligible", "reason": "x"}).status_code == 404


def test_what_an_applicant_writes_is_shown_as_text(cast: Cast) -> None:
    draft = alder_draft(cast, open_round(cast))
    given = {"statement": "<script>alert(1)</script>"}
    cast.client("quin").post(step_of(draft, "statements"), given)
    page = cast.client("sid").get(reverse("programs:application", args=[draft.pk]))
    assert "<script>alert(1)" not in page.content.decode()
    assert "&lt;script&gt;alert(1)" in page.content.decode()


def test_the_rival_sees_no_such_application(cast: Cast) -> None:
    application = alder_applied(cast, open_round(cast))
    url = reverse("programs:application", args=[application.pk])
    assert cast.client("boris").get(url).status_code == 404
