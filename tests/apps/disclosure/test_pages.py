"""The pages of sharing: choose, see what will be seen, sign, withdraw; and the directory."""

from datetime import timedelta
from uuid import uuid4

import pytest

from openqmm.apps.disclosure import queries
from openqmm.core.workflow import PUBLIC
from openqmm.web import clock
from tests.apps.disclosure.stories import shared
from tests.apps.ratings import stories
from tests.people import PASSWORD
from tests.signing import held_out

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


def terms(**given):
    until = (clock.today() + timedelta(days=30)).isoformat()
    return {"scope": "areas", "audience": "public", "until_on": until} | given


def test_the_signatory_sees_the_sheet_before_signing_and_others_see_that_sheet(cast):
    story = stories.issued(cast)
    sid, url = cast.client("sid"), f"/sharing/ratings/{story.id}/consent/"
    assert "step 1 of 2" in text(sid.get(url))
    before = text(sid.get(url, terms()))
    assert "step 2 of 2" in before

    given = held_out(sid.get(url, terms()))
    answer = sid.post(url, terms(agreed="on", password=PASSWORD, **given), follow=True)
    assert "Signature holds" in text(answer)
    (row,) = queries.directory(PUBLIC)
    after = text(cast.client(None).get(f"/directory/{row.id}/"))
    shown = queries.disclosed_rating(PUBLIC, row.id)
    for words in (shown.facility, f"<b>{shown.score}</b>", shown.chart, shown.protocol_title):
        assert words in before
        assert words in after


def test_terms_are_checked_before_anything_is_shown(cast):
    story = stories.issued(cast)
    sid, url = cast.client("sid"), f"/sharing/ratings/{story.id}/consent/"
    page = text(sid.get(url, terms(audience="named")))
    assert "step 1 of 2" in page
    assert "Name at least one purchaser." in page
    page = text(sid.get(url, terms(until_on="2999-01-01")))
    assert "cannot be shown longer" in page


def test_a_wrong_password_or_a_missing_tick_keeps_the_terms(cast):
    story = stories.issued(cast)
    sid, url = cast.client("sid"), f"/sharing/ratings/{story.id}/consent/"
    for form in (terms(agreed="on", password="no"), terms(password=PASSWORD)):
        answer = sid.post(url, form | held_out(sid.get(url, terms())))
        assert answer.status_code == 400
        assert "step 2 of 2" in text(answer)
    assert queries.directory(PUBLIC) == []


def test_a_consent_is_withdrawn_with_a_reason(cast):
    story = stories.issued(cast)
    consent = shared(story)
    sid, url = cast.client("sid"), f"/sharing/{consent.pk}/withdraw/"
    assert "effective at once" in text(sid.get(url))
    assert sid.post(url, {"reason": ""}).status_code == 400
    page = text(sid.post(url, {"reason": "A new strategy."}, follow=True))
    assert "Nobody sees it any more" in page
    assert sid.post(url, {"reason": "Withdrawn a second time."}).status_code == 400


def test_the_quality_lead_and_the_administrator_read_what_is_shared(cast):
    story = stories.issued(cast)
    shared(story)
    for name in ("quin", "ada"):
        page = text(cast.client(name).get(f"/sharing/ratings/{story.id}/"))
        assert "Everybody" in page
        assert "Withdraw the consent" not in page
    assert cast.client("quin").get(f"/sharing/ratings/{story.id}/consent/").status_code == 403


def test_the_directory_teaches_when_empty_and_when_nothing_fits(cast):
    browser = cast.client(None)
    assert "No facility shares its rating yet" in text(browser.get("/directory/"))
    shared(stories.issued(cast))
    assert "1 facility" in text(browser.get("/directory/"))
    assert "No facility fits these filters" in text(browser.get("/directory/?text=zzz"))
    assert "Alder Works" in text(browser.get("/directory/?level=99"))


def test_the_rival_is_answered_as_if_there_were_nothing(cast):
    story = stories.issued(cast)
    consent = shared(story)
    for name, urls in {
        "boris": [
            ("/sharing/ratings/{}/", story.id),
            ("/sharing/ratings/{}/consent/", story.id),
            ("/sharing/{}/withdraw/", consent.pk),
        ],
        "bria": [("/sharing/ratings/{}/", story.id)],
    }.items():
        rival = cast.client(name)
        for url, id_ in urls:
            there, nowhere = rival.get(url.format(id_)), rival.get(url.format(uuid4()))
            assert there.status_code == nowhere.status_code == 404
            assert there.content == nowhere.content
